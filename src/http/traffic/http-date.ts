const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** `Sun, 06 Nov 1994 08:49:37 GMT` and `Sunday, 06-Nov-94 08:49:37 GMT`; the name of the day is decoration. */
const DAY_FIRST =
  /^(?:[a-z]+,? *)?(?<day>\d{1,2})[ -](?<month>[a-z]{3})[ -](?<year>\d{4}|\d\d) (?<time>\d\d:\d\d:\d\d)(?: (?:GMT|UTC?|Z|(?<offset>[+-]\d{4})))?$/i
/** `Sun Nov  6 08:49:37 1994`, which is UTC, too; some write the zone before the year. */
const MONTH_FIRST =
  /^[a-z]{3} (?<month>[a-z]{3}) +(?<day>\d{1,2}) (?<time>\d\d:\d\d:\d\d) (?:(?:GMT|UTC?) )?(?<year>\d{4})$/i
/** `Sun Nov 06 1994 08:49:37 GMT+0000 (…)`, as JavaScript shows a date. */
const YEAR_BEFORE_TIME =
  /^[a-z]{3} (?<month>[a-z]{3}) (?<day>\d\d) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT(?<offset>[+-]\d{4})(?: \(.*\))?$/i
/** No form of HTTP, and written all the same. */
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(?<zone>Z|[+-]\d\d:?\d\d)?$/i

/**
 * The moment of an HTTP date in any of its three forms (RFC 9110 §5.6.7), or of ISO 8601, ms; NaN for any
 * other text. A moment without a zone is UTC, never this machine's. `now`: for years of two digits.
 */
export function parseHttpDate(text: string, now: number): number {
  const written = (DAY_FIRST.exec(text) ?? MONTH_FIRST.exec(text) ?? YEAR_BEFORE_TIME.exec(text))?.groups
  if (!written) {
    const iso = ISO.exec(text)
    return iso ? Date.parse(text.replace(' ', 'T') + (iso.groups!['zone'] ? '' : 'Z')) : NaN
  }
  const { day = '', month = '', year = '', time = '', offset } = written
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  const monthIndex = MONTHS.indexOf(month.toLowerCase())
  const midnight = Date.UTC(fullYear(year, now), monthIndex, Number(day))
  const isReal = new Date(midnight).getUTCMonth() === monthIndex && hours < 24 && minutes < 60 && seconds <= 60
  return isReal ? midnight + (hours * 3_600 + minutes * 60 + seconds) * 1_000 - offsetMs(offset) : NaN
}

/** "More than 50 years in the future" is the past with the same last two digits (RFC 9110 §5.6.7). */
function fullYear(digits: string, now: number): number {
  if (digits.length === 4) return Number(digits)
  const latest = new Date(now).getUTCFullYear() + 50
  const year = latest - (latest % 100) + Number(digits)
  return year > latest ? year - 100 : year
}

function offsetMs(offset: string | undefined): number {
  if (offset === undefined) return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3))
  return (offset.startsWith('-') ? -1 : 1) * minutes * 60_000
}
