import { dateIn, isSpan, PERIODS, type PeriodName } from './period.js'
import { GROUPINGS, type Grouping } from './rows.js'

/** What was chosen, as the address bar has it. */
export interface Chosen {
  readonly period: PeriodName
  /** The dates between which it is, where they are its reader's own. */
  readonly from: string
  readonly until: string
  readonly isSpan: boolean
  readonly grouping: Grouping
  readonly timeZone: string
}

/** What the address says, and the usual where it says nothing that can be. */
export function chosenIn(parameters: URLSearchParams, usualZone: string, now: number): Chosen {
  const zone = parameters.get('zone') ?? ''
  const timeZone = isZone(zone) ? zone : usualZone
  const today = dateIn(timeZone, now)
  const from = parameters.get('from') ?? dateIn(timeZone, now - 6 * 86_400_000)
  const until = parameters.get('until') ?? today
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
