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

/** Wall-clock milliseconds as ISO 8601 in UTC; null stays null. */
export const isoTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())
