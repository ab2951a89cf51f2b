/** The switchboard's own clock: local times without an offset. */

const QUARTER = 15 * 60_000
const HOUR = 60 * 60_000

/** `2026-02-11 09:31:07` in the zone. */
export const wallClock = (zone: string, time: number): string =>
  new Date(time + offsetAt(zone, time)).toISOString().slice(0, 19).replace('T', ' ')

/** `2026-02-11` in the zone. */
export const localDay = (zone: string, time: number): string => wallClock(zone, time).slice(0, 10)

/**
 * Epoch seconds as the database makes them of a local time: of an hour that the clock repeats, the
 * second turn, whichever was meant.
 */
export function databaseSeconds(zone: string, time: number): number {
  const local = wallClock(zone, time)
  const later = time + HOUR
  return Math.floor((wallClock(zone, later) === local ? later : time) / 1000)
}

const offsets = new Map<string, number>()

/** Offset from UTC, ms; cached by the quarter of an hour, as no zone changes within one. */
function offsetAt(zone: string, time: number): number {
  const quarter = Math.floor(time / QUARTER) * QUARTER
  const key = `${zone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const parts = formatterOf(zone).formatToParts(quarter)
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)])) as Record<
    'year' | 'month' | 'day' | 'hour' | 'minute' | 'second',
    number
  >
  const offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - quarter
  offsets.set(key, offset)
  return offset
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  formatters.set(zone, formatter)
  return formatter
}
