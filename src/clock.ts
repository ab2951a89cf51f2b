/** Where the time comes from; passed in, so that tests move it instead of waiting. */
export interface Clock {
  /** Wall-clock milliseconds since 1970: for stored and shown times, and for what a provider's own times are compared with. */
  now(): number
  /** Monotonic milliseconds: for lifetimes and waiting times, which a corrected wall clock must not change. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

/** Wall-clock milliseconds as ISO 8601 in UTC; null stays null. */
export const isoTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())
