/** The API's times: ISO 8601 in a named zone. */

const MINUTE = 60_000
const QUARTER = 15 * MINUTE

/**
 * `2026-02-11T09:31:07.000+01:00` in the zone; without the offset when `offset` is false.
 *
 * @param time milliseconds since 1970
 */
export function isoIn(zone: string, time: number, offset: boolean): string {
  const shift = offsetAt(zone, time)
  const local = new Date(time + shift).toISOString().slice(0, -1)
  return offset ? local + offsetText(zone, shift) : local
}

/**
 * Milliseconds of an ISO 8601 text; without an offset it is in the zone. Null when it is no time.
 */
export function parseIso(text: string, zone: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  )
  if (!match) return null
  const [, day = '', clock = '00:00', offset] = match
  const time = Date.parse(`${day}T${clock}${offset ? withColon(offset) : 'Z'}`)
  if (Number.isNaN(time)) return null
  return offset ? time : fromWallClock(zone, time)
}

/** Midnight of a moment's day in the zone. */
export function startOfDay(zone: string, time: number): number {
  const day = isoIn(zone, time, false).slice(0, 10)
  return fromWallClock(zone, Date.parse(`${day}T00:00:00Z`))
}

/** Whether the name is an IANA zone. */
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone)
    return true
  } catch {
    return false
  }
}

function fromWallClock(zone: string, local: number): number {
  // Found in two steps: the first guess may be on the other side of a clock change.
  const guess = local - offsetAt(zone, local)
  return local - offsetAt(zone, guess)
}

const offsets = new Map<string, number>()

/**
 * Offset of the zone from UTC, ms. Cached by the quarter of an hour: no zone changes within one.
 */
function offsetAt(zone: string, time: number): number {
  const quarter = Math.floor(time / QUARTER)
  const key = `${zone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const part = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(quarter * QUARTER)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
  const offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - quarter * QUARTER
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
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(zone, formatter)
  return formatter
}

function offsetText(zone: string, shift: number): string {
  if (shift === 0 && /^(utc|etc\/utc)$/i.test(zone)) return 'Z'
  const minutes = Math.abs(shift) / MINUTE
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${shift < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}

const withColon = (offset: string) => offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
