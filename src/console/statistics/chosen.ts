import { DAY_MS, dayIn, isDay, type Day } from '../words/zone-days.js'
import { isSpan, PERIODS, type PeriodName } from './period.js'
import { GROUPINGS, type Grouping } from './rows.js'
import type { Zones } from './zones.js'

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
export function chosenIn(parameters: URLSearchParams, zones: Pick<Zones, 'usual' | 'all'>, now: number): Chosen {
  const timeZone = zoneIn(parameters.get('zone') ?? '', zones.all) ?? zones.usual ?? 'UTC'
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

/** The zone that a name means, by the name that it is offered by; null: none that the graph takes. */
function zoneIn(name: string, offered: readonly string[]): string | null {
  const own = ownNameOf(name)
  return offered.find((zone) => ownNameOf(zone) === own) ?? own
}

/** What the browser calls a zone in any spelling: names have capitals, and some of them changed in time. */
function ownNameOf(name: string): string | null {
  // To a browser an offset is a zone, too.
  if (!/^[A-Za-z]/.test(name)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
