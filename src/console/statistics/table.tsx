import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { FIGURES, useFigures } from './figures.js'
import type { Grouping, Row } from './rows.js'
import { words } from './words.js'

interface Props {
  readonly rows: readonly Row[]
  readonly grouping: Grouping
  /** Whether there is a period to compare with. */
  readonly isCompared: boolean
}

/** The figures of each row, which is also what the plot shows. */
export function Table({ rows, grouping, isCompared }: Props) {
  const said = useWords(words)
  const { number, signed } = useFormats()
  const figure = useFigures()
  return (
    <div className="figures" role="region" aria-label={said.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{said.groupings[grouping]}</th>
            {FIGURES.map((name) => (
              <th key={name} scope="col">
                {said[name]}
              </th>
            ))}
            {isCompared && (
              <>
                <th scope="col">{said.callsBefore}</th>
                <th scope="col">{said.change}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.name}</th>
              {FIGURES.map((name) => (
                <td key={name}>{figure(name, row)}</td>
              ))}
              {isCompared && (
                <>
                  <td>{number(row.callsBefore)}</td>
                  <td>{signed(row.calls - row.callsBefore)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
