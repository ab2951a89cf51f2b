const OFFSET_MS = 15 * 60_000
/** Quarters of an hour that are remembered: more than four years of them. */
const MOST_REMEMBERED = 150_000

/** Writes a moment, ISO 8601 UTC with milliseconds. */
export type PrintTime = (moment: string) => string

/**
 * Moments as a time zone has them, with its offset: `2026-03-29T04:00:00.000+03:00`. UTC, as they
 * are, without one.
 * @throws RangeError for a zone that is not known
 */
export function printTimeIn(timeZone: string | null): PrintTime {
  if (timeZone === null) return (moment) => moment
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  /** Clocks are only ever changed at a quarter of an hour. */
  const offsets = new Map<number, number>()
  const offsetAt = (time: number): number => {
    const quarter = Math.floor(time / OFFSET_MS)
    let offset = offsets.get(quarter)
    if (offset === undefined) {
      if (offsets.size >= MOST_REMEMBERED) offsets.clear()
      offsets.set(quarter, (offset = offsetOf(clock, quarter * OFFSET_MS)))
    }
    return offset
  }
  return (moment) => {
    const time = Date.parse(moment)
    const offset = offsetAt(time)
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

function offsetOf(clock: Intl.DateTimeFormat, time: number): number {
  const parts = new Map(clock.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  // To whole minutes: RFC 3339 §5.6 has no seconds of an offset, and no zone has since 1972.
  return Math.round((local - time) / 60_000) * 60_000
}

function printOffset(offset: number): string {
  const minutes = Math.abs(offset) / 60_000
  const two = (count: number) => String(count).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
