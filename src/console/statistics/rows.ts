import type { Figures } from './figures.js'
import type { ConsoleSumsFragment } from './generated/graphql.js'
import type { Period } from './period.js'

/** By what the figures can be told apart, with what the graph calls it. */
export const GROUPINGS = {
  hour: 'HOUR_OF_DAY',
  day: 'DAY',
  weekday: 'DAY_OF_WEEK',
  group: 'GROUP',
  extension: 'EXTENSION',
} as const
export type Grouping = keyof typeof GROUPINGS

/** One row of the table, and one bar of the plot. */
export interface Row extends Figures {
  /** A date, an hour, a weekday or an id: the same in every language. */
  readonly key: string
  readonly name: string
  /** Calls of what stands in its place in the period before. */
  readonly callsBefore: number
}

const NO_CALLS = { calls: 0, answered: 0, missed: 0, serviceLevel: null, median: null, ninetieth: null }
const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5)

interface Place {
  readonly key: string
  readonly keyBefore: string
  readonly name: string
}

/** The rows in their order: of times all there are, also those without a call. */
export function rowsOf(
  during: ConsoleSumsFragment,
  before: ConsoleSumsFragment | null,
  how: {
    readonly grouping: Grouping
    readonly period: Period
    readonly locale: string
    /** The name of calls of no group, or no extension, that there is now. */
    readonly others: string
    dayOf(moment: string): string
  },
): readonly Row[] {
  const keyOf = (row: ConsoleSumsFragment['rows'][number]): string => {
    if (how.grouping === 'hour') return String(row.hourOfDay)
    if (how.grouping === 'day') return how.dayOf(row.period!)
    if (how.grouping === 'weekday') return String(row.dayOfWeek)
    return row[how.grouping]?.id ?? ''
  }
  const byKey = (sums: ConsoleSumsFragment | null) => new Map(sums?.rows.map((row) => [keyOf(row), row] as const))
  const [rows, rowsBefore] = [byKey(during), byKey(before)]
  const places = placesOf(how.grouping, how.period, how.locale)
  const shown: readonly Place[] =
    places ??
    during.rows.map((row) => {
      const key = keyOf(row)
      const object = how.grouping === 'group' ? row.group : row.extension
      return { key, keyBefore: key, name: object?.label ?? how.others }
    })
  return shown.map(({ key, keyBefore, name }) => ({
    ...(rows.get(key) ?? NO_CALLS),
    key,
    name,
    callsBefore: rowsBefore.get(keyBefore)?.calls ?? 0,
  })) as Row[]
}

/** The places of a grouping by time; null where it is by something else. */
function placesOf(grouping: Grouping, period: Period, locale: string): readonly Place[] | null {
  const written = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
    return (moment: number) => format.format(moment)
  }
  if (grouping === 'hour') {
    const hour = written({ hour: '2-digit', minute: '2-digit' })
    return Array.from({ length: 24 }, (_, at) => same(String(at), hour(MONDAY + at * 3_600_000)))
  }
  if (grouping === 'weekday') {
    const weekday = written({ weekday: 'long' })
    return WEEKDAYS.map((key, at) => same(key, weekday(MONDAY + at * 86_400_000)))
  }
  if (grouping !== 'day') return null
  const day = written({ day: 'numeric', month: 'short' })
  return period.days.map((key, at) => ({ key, keyBefore: period.daysBefore[at]!, name: day(Date.parse(key)) }))
}

const same = (key: string, name: string): Place => ({ key, keyBefore: key, name })
