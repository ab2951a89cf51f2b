/** The source of time; a parameter, so that tests move it instead of waiting. */
export interface Clock {
  /** Wall-clock ms since 1970: for times that are stored, shown, or compared with a provider's. */
  now(): number
  /** Monotonic ms: for lifetimes and waits, which a corrected wall clock must not change. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

const MILLISECONDS = Array.from({ length: 1_000 }, (_, number) => `${String(number).padStart(3, '0')}Z`)
/** What is told of an operation lies within a second or two, and V8 writes a date as slowly as it reads one. */
let lastSecond = { second: NaN, text: '' }

/** Wall-clock milliseconds as ISO 8601 in UTC, as `Date.toISOString` writes it; null stays null. */
export function isoTime(time: number): string
export function isoTime(time: number | null): string | null
export function isoTime(time: number | null): string | null {
  if (time === null) return null
  const whole = Math.trunc(time)
  const second = Math.floor(whole / 1_000)
  if (second !== lastSecond.second) {
    const text = new Date(whole).toISOString()
    lastSecond = { second, text: text.slice(0, -MILLISECONDS[0]!.length) }
  }
  return lastSecond.text + MILLISECONDS[whole - second * 1_000]!
}
