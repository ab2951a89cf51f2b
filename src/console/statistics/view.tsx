import './statistics.css'

import { useQuery } from '@apollo/client/react'
import { useMemo, useRef, useState } from 'react'

import { useSeesWholeAccounts } from '../frame/viewer.js'
import { useAddress } from '../parts/address.js'
import { Button } from '../parts/button.js'
import { Failed } from '../parts/states.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { Choices } from './choices.js'
import { chosenIn } from './chosen.js'
import { ConsoleStatisticsDocument } from './generated/graphql.js'
import { between, lastDays } from './period.js'
import { Results, ResultsToCome, type Answer } from './results.js'
import { GROUPINGS } from './rows.js'
import { words } from './words.js'
import { useZones } from './zones.js'

/** One moment for all questions: what was answered already need not be asked again. */
const thisMinute = (): number => Math.floor(Date.now() / 60_000) * 60_000

/** How many calls there were, how they ended and how long people waited, beside the period before. */
export function View() {
  const said = useWords(words)
  const formats = useFormats()
  const whole = useSeesWholeAccounts()
  const { parameters, change } = useAddress()
  const [now, setNow] = useState(thisMinute)
  const zones = useZones()
  const chosen = chosenIn(parameters, zones.usual ?? 'UTC', now)
  const { period: name, from, until, isSpan, timeZone, grouping } = chosen
  const period = useMemo(() => {
    if (name !== 'own') return lastDays(Number(name), timeZone, now)
    return isSpan ? between(from, until, timeZone, now) : null
  }, [name, from, until, isSpan, timeZone, now])
  const { data, error, loading, refetch } = useQuery(ConsoleStatisticsDocument, {
    skip: period === null || zones.usual === null,
    notifyOnNetworkStatusChange: true,
    variables: {
      filter: { startedAt: period?.startedAt },
      filterBefore: { startedAt: period?.startedAtBefore },
      groupBy: [GROUPINGS[grouping]],
      timeZone,
      whole,
    },
  })
  // Stays while the next answer is under way: what is read does not vanish under its reader.
  const last = useRef<Answer | null>(null)
  if (data?.during && period) last.current = { during: data.during, before: data.before ?? null, period, chosen }
  const failure = zones.error ?? (data?.during ? undefined : error)
  const isFailed = failure !== undefined && !loading
  const again = () => {
    if (zones.error !== undefined) zones.again()
    else void refetch()
  }
  const dates = period && zones.usual !== null ? datesOf(period, formats.days) : null
  return (
    <>
      <div className="view-head">
        <div className="span">
          <h1>{said.title}</h1>
          <p>{dates && said.span(dates.during, dates.before, formats.moment(new Date(now).toISOString(), timeZone))}</p>
        </div>
        <Button icon="retry" isPending={loading} onPress={() => setNow(thisMinute)}>
          {said.refresh}
        </Button>
      </div>
      <Choices
        chosen={zones.usual === null ? { ...chosen, timeZone: NOT_KNOWN } : chosen}
        zones={zones.usual === null ? [] : zones.all}
        change={change}
      />
      {isFailed && <Failed title={said.failed} error={failure} onRetry={again} />}
      {!isFailed && period && !last.current && <ResultsToCome />}
      {!isFailed && period && last.current && (
        <div className="results" aria-busy={loading}>
          <Results answer={last.current} onRetry={again} />
        </div>
      )}
    </>
  )
}

/** Stands in the choice of a zone until zones are known. */
const NOT_KNOWN = '\u00a0'

const datesOf = (
  { days, daysBefore }: Answer['period'],
  write: (first: string, last: string) => string,
): { readonly during: string; readonly before: string } => ({
  during: write(days[0]!, days.at(-1)!),
  before: write(daysBefore[0]!, daysBefore.at(-1)!),
})
