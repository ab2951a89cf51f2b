import './statistics.css'

import { useState } from 'react'

import { useSeesWholeAccounts } from '../frame/viewer.js'
import { useAddress } from '../parts/address.js'
import { Button } from '../parts/button.js'
import { useRetries } from '../parts/retries.js'
import { Failed } from '../parts/states.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { Choices } from './choices.js'
import { chosenIn } from './chosen.js'
import { Results, ResultsToCome } from './results.js'
import { useAnswer, type Question } from './use-answer.js'
import { words } from './words.js'
import { useZones } from './zones.js'

/** One moment for all questions: what was answered already need not be asked again. */
const thisMinute = (): number => Math.floor(Date.now() / 60_000) * 60_000

/** How many calls there were, how they ended and how long people waited, beside the period before. */
export function View() {
  const said = useWords(words)
  const whole = useSeesWholeAccounts()
  const { parameters, change } = useAddress()
  const [now, setNow] = useState(thisMinute)
  const zones = useZones()
  const areZonesKnown = zones.usual !== null
  const chosen = chosenIn(parameters, zones, now)
  const { period, answer, isLoading, ...asked } = useAnswer({ chosen, now }, areZonesKnown, whole)
  const failure = zones.error ?? asked.failure
  const again = () => {
    if (zones.error !== undefined) zones.again()
    else asked.again()
  }
  // Within a minute there is no other moment to ask for.
  const refresh = () => {
    if (zones.error !== undefined || thisMinute() === now) again()
    else setNow(thisMinute)
  }
  useRetries(failure, refresh)
  return (
    <>
      <div className="view-head">
        <div className="span">
          <h1>{said.title}</h1>
          <p>{areZonesKnown && <Span {...(answer ?? { period, chosen, now })} />}</p>
        </div>
        <Button icon="retry" isPending={isLoading} onPress={refresh}>
          {said.refresh}
        </Button>
      </div>
      <Choices
        chosen={areZonesKnown ? chosen : { ...chosen, timeZone: NOT_KNOWN }}
        zones={areZonesKnown ? zones.all : []}
        change={change}
      />
      {failure !== undefined && (
        <Failed title={answer ? said.readBefore : said.failed} error={failure} onRetry={again} />
      )}
      {failure === undefined && period && !answer && <ResultsToCome />}
      {answer && (
        <div className="results" aria-busy={isLoading}>
          <Results answer={answer} onRetry={again} />
        </div>
      )}
    </>
  )
}

/** Stands in the choice of a zone until zones are known. */
const NOT_KNOWN = '\u00a0'

/** The two periods, and of when their figures are. */
function Span({ period, chosen: { timeZone }, now }: Question) {
  const said = useWords(words)
  const { days, moment } = useFormats()
  if (period === null) return null
  const written = (all: readonly string[]) => days(all[0]!, all.at(-1)!)
  return said.span(written(period.days), written(period.daysBefore), moment(new Date(now).toISOString(), timeZone))
}
