import type { CallDirection, CallDisposition, CallRecordFilter } from '../generated/graphql.js'
import { dayIn, daysLater, isDay, startOfDay, type Day } from '../../words/zone-days.js'

/** The ways that can be chosen. */
export const DIRECTIONS = ['INBOUND', 'OUTBOUND', 'INTERNAL'] as const satisfies readonly CallDirection[]

/** The outcomes that can be chosen. */
export const OUTCOMES = [
  ...(['ANSWERED', 'MISSED', 'NO_ANSWER', 'CANCELLED', 'BUSY', 'REJECTED', 'VOICEMAIL', 'FAILED'] as const),
] satisfies readonly CallDisposition[]

/** The times that can be chosen by a word. */
export const PERIODS = ['today', 'yesterday', 'week', 'month'] as const
type Period = (typeof PERIODS)[number]

/** What of the log is looked at, as it stands in the address; empty: all. */
export interface Filters {
  readonly account: string
  readonly direction: string
  readonly outcome: string
  /** One of `PERIODS`, or `dates`: those of `from` and `until`. */
  readonly period: string
  readonly from: Day
  readonly until: Day
  readonly number: string
  readonly extension: string
  readonly group: string
  readonly recording: string
}

/** The names of the filters in the address. */
export const FILTER_NAMES = [
  ...['account', 'direction', 'outcome', 'period', 'from', 'until'],
  ...['number', 'extension', 'group', 'recording'],
] as readonly (keyof Filters)[]

/** The filters of an address; what means nothing is left out. */
export function filtersOf(parameters: URLSearchParams): Filters {
  const one = (name: string, allowed?: readonly string[]): string => {
    const value = parameters.get(name) ?? ''
    return allowed && !allowed.includes(value) ? '' : value
  }
  const day = (name: string) => (isDay(one(name)) ? one(name) : '')
  return {
    account: one('account'),
    direction: one('direction', DIRECTIONS),
    outcome: one('outcome', OUTCOMES),
    period: one('period', [...PERIODS, 'dates']),
    from: day('from'),
    until: day('until'),
    number: one('number').trim(),
    extension: one('extension'),
    group: one('group'),
    recording: one('recording', ['yes']),
  }
}

/** Whether the last of the days comes before the first: there is no such time. */
export const areSwapped = ({ period, from, until }: Pick<Filters, 'period' | 'from' | 'until'>): boolean =>
  period === 'dates' && from !== '' && until !== '' && from > until

/** How many of them narrow the log. */
export const countOf = ({ from, until, period, ...others }: Filters): number =>
  Object.values(others).filter((value) => value !== '').length +
  (period === 'dates' ? (from || until ? 1 : 0) : period ? 1 : 0)

/** Where filters are looked at: the day that it is, and whose days they are. */
interface Calendar {
  readonly now: number
  readonly timeZone: string
}

/** What the graph is asked for. `numbers`: what the number that was typed may mean. */
export function filterOf(filters: Filters, numbers: readonly string[], calendar: Calendar): CallRecordFilter {
  const startedAt = timeOf(filters, calendar)
  return {
    ...(filters.account && { accountKeys: [filters.account] }),
    ...(filters.direction && { directions: [filters.direction as CallDirection] }),
    ...(filters.outcome && { dispositions: [filters.outcome as CallDisposition] }),
    ...(startedAt && { startedAt }),
    ...(numbers.length > 0 && { numbers: [...numbers] }),
    ...(filters.extension && { extensionIds: [filters.extension] }),
    ...(filters.group && { groupIds: [filters.group] }),
    ...(filters.recording && { hasRecording: true }),
  }
}

function timeOf({ period, from, until }: Filters, { now, timeZone }: Calendar): CallRecordFilter['startedAt'] {
  const start = (day: Day) => startOfDay(day, timeZone)
  if (period === 'dates') {
    if (!from && !until) return null
    return { ...(from && { from: start(from) }), ...(until && { until: start(daysLater(until, 1)) }) }
  }
  const today = dayIn(now, timeZone)
  const since: Readonly<Record<Period, number>> = { today: 0, yesterday: -1, week: -6, month: -29 }
  if (!period) return null
  return {
    from: start(daysLater(today, since[period as Period])),
    ...(period === 'yesterday' && { until: start(today) }),
  }
}
