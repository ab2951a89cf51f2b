/**
 * ISO 8601, with a comma or a point before the fraction, and a minus of either kind; and what Ruby and
 * databases write in place of `Z`.
 */
const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,18}))?)?\s*(Z|UTC|GMT|[+\-\u2212]\d\d:?\d\d|[+\-\u2212]\d\d)?$/i
const MINUTE = 60_000
const LARGEST_INT = 2 ** 31 - 1

/**
 * What stands for "no time" is outside: the zeros of Unix, of Go and .NET, of SQL Server and of
 * spreadsheets, in any zone, and the last day of year 9999. Within, all instants are texts of one
 * length, whose order is that of time.
 */
const EARLIEST = Date.UTC(1971, 0)
const LATEST = Date.UTC(9999, 0)
/** The last second that 32 bits count, signed or not, as the wall clock of some zone shows it: no end, or no time. */
const LAST_SECONDS = [2 ** 31 - 1, 2 ** 32 - 1].map((seconds) => seconds * 1000)

/**
 * A provider's time as ISO 8601 in UTC with milliseconds, as `Date.toISOString` writes it; null
 * when it is no time on the calendar, or stands for none. Without an offset it is local time in `timeZone` (IANA).
 * Local times at a clock change are read with the offset from before it: of a repeated hour the
 * first one counts, and in a skipped hour the clock is taken as not yet moved.
 */
export function toInstant(text: string | null | undefined, timeZone: string): string | null {
  return plainInstant(text ?? '') ?? anyInstant(text ?? '', timeZone)
}

/**
 * Fast path for `2026-02-11T09:30:00+03:00`, as most providers write, read digit by digit: a page
 * of calls has thousands. Null: `anyInstant` must decide.
 */
function plainInstant(text: string): string | null {
  const inUtc = text.length === 20 && text[19] === 'Z'
  const shaped = text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':'
  if (!shaped || (!inUtc && (text.length !== 25 || text[22] !== ':'))) return null
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  // Left to `anyInstant`: 29 February, and years at which a zone or the last second may decide.
  const onCalendar = year > 1971 && year < 2038 && month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month] ?? 0)
  const second = twoDigits(text, 17)
  if (!onCalendar || !(hour <= 23 && minute <= 59 && second <= 59)) return null
  const sign = inUtc ? 0 : text[19] === '+' ? 1 : text[19] === '-' ? -1 : NaN
  const hours = inUtc ? 0 : twoDigits(text, 20)
  const minutes = inUtc ? 0 : twoDigits(text, 23)
  if (!(Math.abs(sign) <= 1 && hours <= 14 && minutes <= 59)) return null
  const shifted = hour * 60 + minute - sign * (hours * 60 + minutes)
  const hourInUtc = Math.floor(shifted / 60)
  return hourOf(year, month, day, hourInUtc) + secondOf((shifted - hourInUtc * 60) * 60 + second)
}

/** The hour that was read last: the calls of a page lie close together, and have three times each. */
let lastHour = { key: NaN, text: '' }

/** `2026-02-11T09:`; `hour` may lie before the day or after it. */
function hourOf(year: number, month: number, day: number, hour: number): string {
  const key = ((year * 12 + month) * 32 + day) * 64 + hour + 24
  if (key !== lastHour.key) {
    lastHour = { key, text: new Date(Date.UTC(year, month - 1, day, hour)).toISOString().slice(0, HOUR_LENGTH) }
  }
  return lastHour.text
}

const HOUR_LENGTH = '2026-02-11T09:'.length

const secondsOfHour = new Array<string | undefined>(3600)

/** `30:00.000Z`: a text that is there is joined to another without a copy. */
function secondOf(secondsIn: number): string {
  return (secondsOfHour[secondsIn] ??= new Date(secondsIn * 1000).toISOString().slice(HOUR_LENGTH))
}

/** Days of each month in a common year. */
const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The number of two digits within a text; NaN, which fails every comparison, unless both are digits. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

const ZERO = '0'.charCodeAt(0)

/**
 * The second reading of a local time that a clock going back shows twice; null for any other, and
 * for a time with an offset.
 */
export function repeatedInstant(text: string | null, timeZone: string): string | null {
  if (timeZone === 'UTC' || text === null || WRITTEN.exec(text.trim())?.[8] !== undefined) return null
  const first = toInstant(text, timeZone)
  if (first === null) return null
  const early = Date.parse(first)
  const offset = zoneOffset(early + 24 * 60 * MINUTE, timeZone)
  const late = early + zoneOffset(early, timeZone) - offset
  return late > early && zoneOffset(late, timeZone) === offset ? new Date(late).toISOString() : null
}

function anyInstant(text: string, timeZone: string): string | null {
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset] = WRITTEN.exec(text.trim()) ?? []
  // Date.UTC moves years below 100 to the 20th century.
  if (year === undefined || Number(year) < 100) return null
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const wall = Date.UTC(y, mo - 1, d, h, mi, s, Number(fraction.padEnd(3, '0').slice(0, 3)))
  const onCalendar = new Date(wall)
  if (onCalendar.getUTCMonth() !== mo - 1 || onCalendar.getUTCDate() !== d || h > 23 || mi > 59 || s > 59) return null
  const minutes = offset === undefined ? 0 : offsetMinutes(offset)
  if (minutes === null) return null
  const time = offset === undefined ? fromWallClock(wall, timeZone) : wall - minutes * MINUTE
  return time >= EARLIEST && time < LATEST && !isLastSecond(time) ? new Date(time).toISOString() : null
}

const isLastSecond = (time: number): boolean =>
  LAST_SECONDS.some((last) => Math.abs(time - last) <= 14 * 60 * MINUTE && (time - last) % (15 * MINUTE) === 0)

/**
 * Whole seconds between two results of `toInstant`; null when one is null, `to` is the earlier, or
 * they are further apart than GraphQL's Int counts.
 */
export function secondsBetween(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null
  const passed = isSameDay(from, to) ? millisecondOfDay(to) - millisecondOfDay(from) : Date.parse(to) - Date.parse(from)
  const seconds = Math.round(passed / 1000)
  return seconds >= 0 && seconds <= LARGEST_INT ? seconds : null
}

/** Reading the time alone: parsing the whole instant again would cost as much as making it. */
const millisecondOfDay = (instant: string): number =>
  ((twoDigits(instant, 11) * 60 + twoDigits(instant, 14)) * 60 + twoDigits(instant, 17)) * 1000 +
  (instant.charCodeAt(20) - ZERO) * 100 +
  twoDigits(instant, 21)

/** Compared from the end, where dates differ most often. */
function isSameDay(from: string, to: string): boolean {
  for (let at = DAY_LENGTH - 1; at >= 0; at--) if (from.charCodeAt(at) !== to.charCodeAt(at)) return false
  return true
}

const DAY_LENGTH = '2026-02-11'.length

function offsetMinutes(offset: string): number | null {
  if (/[a-z]/i.test(offset)) return 0
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', '') || 0)]
  if (hours > 14 || minutes > 59) return null
  return (offset.startsWith('+') ? 1 : -1) * (hours * 60 + minutes)
}

/** `wall`: local time, counted as if it were UTC. */
function fromWallClock(wall: number, timeZone: string): number {
  const day = 24 * 60 * MINUTE
  const before = zoneOffset(wall - day, timeZone)
  const after = zoneOffset(wall + day, timeZone)
  const early = wall - before
  // In a repeated hour both offsets fit, and the one from before is the earlier; in a skipped hour
  // neither fits.
  return zoneOffset(early, timeZone) === before || zoneOffset(wall - after, timeZone) !== after ? early : wall - after
}

/** Offset of the zone from UTC at this moment, in ms; it changes only on a quarter of an hour. */
export function zoneOffset(time: number, timeZone: string): number {
  const key = `${timeZone} ${Math.floor(time / (15 * MINUTE))}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size >= REMEMBERED) offsets.clear()
  const offset = measuredOffset(time, timeZone)
  offsets.set(key, offset)
  return offset
}

/**
 * Entries of the cache: measuring takes some 3 µs, and many calls fall into one quarter of an hour.
 */
const REMEMBERED = 10_000
const offsets = new Map<string, number>()

function measuredOffset(time: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatter(timeZone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(timeZone: string): Intl.DateTimeFormat {
  let format = formatters.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(timeZone, format)
  }
  return format
}
