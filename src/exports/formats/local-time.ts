import { Zone } from '../../model/values/zone.js'

const MINUTE_MS = 60_000

/** Writes a moment, ISO 8601 UTC with milliseconds. */
export type PrintTime = (moment: string) => string

/**
 * Moments as a time zone has them, with its offset: `2026-03-29T04:00:00.000+03:00`. UTC, as they
 * are, without one.
 * @throws RangeError for a zone that is not known
 */
export function printTimeIn(timeZone: string | null): PrintTime {
  if (timeZone === null) return (moment) => moment
  const zone = new Zone(timeZone)
  return (moment) => {
    const time = Date.parse(moment)
    // To whole minutes: RFC 3339 §5.6 has no seconds of an offset, and no zone has since 1972.
    const offset = Math.round(zone.offsetAt(time) / MINUTE_MS) * MINUTE_MS
    return `${new Date(time + offset).toISOString().slice(0, -1)}${printOffset(offset)}`
  }
}

/** Whether the server knows this time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    printTimeIn(timeZone)
    return true
  } catch {
    return false
  }
}

function printOffset(offset: number): string {
  const minutes = Math.abs(offset) / MINUTE_MS
  const two = (count: number) => String(count).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
