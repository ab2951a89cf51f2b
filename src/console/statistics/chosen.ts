import { DAY_MS, dayIn, isDay, type Day } from '../words/zone-days.js'
import { isSpan, PERIODS, type PeriodName } from './period.js'
import { GROUPINGS, type Grouping } from './rows.js'

/** What was chosen, as the address bar has it. */
export interface Chosen {
  readonly period: PeriodName
  /** The dates between which it is, where they are its reader's own. */
  readonly from: Day
  readonly until: Day
  readonly isSpan: boolean
  readonly grouping: Grouping
  readonly timeZone: string
}

/** What the address says, and the usual where it says nothing that can be. */
export function chosenIn(parameters: URLSearchParams, usualZone: string, now: number): Chosen {
  const zone = parameters.get('zone') ?? ''
  const timeZone = isZone(zone) ? zone : usualZone
  const today = dayIn(now, timeZone)
  const day = (name: string, usual: Day): Day => {
    const text = parameters.get(name) ?? ''
    return isDay(text) ? text : usual
  }
  const from = day('from', dayIn(now - 6 * DAY_MS, timeZone))
  const until = day('until', today)
  const by = parameters.get('by') ?? ''
  return {
    period: PERIODS.find((name): name is PeriodName => name === parameters.get('period')) ?? '7',
    from,
    until,
    isSpan: isSpan(from, until, today),
    grouping: Object.hasOwn(GROUPINGS, by) ? (by as Grouping) : 'day',
    timeZone,
  }
}

function isZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}
