import { useWords } from '../words/use-words.js'
import { FIGURES, useComparisons, useFigures, type Figures } from './figures.js'
import { words } from './words.js'

/** The figures of all calls, each beside that of the period before. */
export function Sums({ during, before }: { readonly during: Figures; readonly before: Figures | null }) {
  const said = useWords(words)
  const figure = useFigures()
  const comparison = useComparisons()
  return (
    <dl className="sums">
      {FIGURES.map((name) => (
        <div key={name} className="panel sum">
          <dt>{said[name]}</dt>
          <dd className="sum-now">{figure(name, during)}</dd>
          {before && (
            <>
              <dd className="sum-change">{comparison(name, during, before) ?? said.none}</dd>
              <dd className="muted">{said.before(figure(name, before))}</dd>
            </>
          )}
        </div>
      ))}
    </dl>
  )
}

/** Holds their place. */
export const SumsToCome = () => (
  <div className="sums">
    {FIGURES.map((name) => (
      <div key={name} className="skeleton sum" />
    ))}
  </div>
)
