import { Choice } from '../parts/choice.js'
import { DateField } from '../parts/date-field.js'
import { useWords } from '../words/use-words.js'
import type { Chosen } from './chosen.js'
import { PERIODS } from './period.js'
import { GROUPINGS, type Grouping } from './rows.js'
import { words } from './words.js'

interface Props {
  readonly chosen: Chosen
  readonly zones: readonly string[]
  change(values: Readonly<Record<string, string>>): void
}

/** Period, dates, grouping and zone. */
export function Choices({ chosen, zones, change }: Props) {
  const said = useWords(words)
  return (
    <div className="choices">
      <Choice
        label={said.period}
        value={chosen.period}
        options={PERIODS.map((value) => ({ value, name: said.periods[value] }))}
        onChange={(period) =>
          change(
            period === 'own' ? { period, from: chosen.from, until: chosen.until } : { period, from: '', until: '' },
          )
        }
      />
      {chosen.period === 'own' && (
        <>
          <DateField label={said.from} isRequired value={chosen.from} onChange={(from) => change({ from })} />
          <DateField
            label={said.until}
            isRequired
            value={chosen.until}
            onChange={(until) => change({ until })}
            error={chosen.isSpan ? null : said.wrongDates}
          />
        </>
      )}
      <Choice
        label={said.grouping}
        value={chosen.grouping}
        options={(Object.keys(GROUPINGS) as Grouping[]).map((value) => ({ value, name: said.groupings[value] }))}
        onChange={(by) => change({ by })}
      />
      <Choice
        label={said.zone}
        value={chosen.timeZone}
        options={[...new Set([chosen.timeZone, ...zones])].map((value) => ({
          value,
          name: value.replaceAll('_', ' '),
        }))}
        onChange={(zone) => change({ zone })}
      />
    </div>
  )
}
