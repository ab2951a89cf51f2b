import type { Clock } from '../../clock.js'

const PAUSE_MS = 60_000

/** Calls `tell` the first time, and then once a minute at most: what fails each second is not told each second. */
export function seldom(clock: Pick<Clock, 'monotonic'>, tell: () => void): () => void {
  let toldAt = -Infinity
  return () => {
    const now = clock.monotonic()
    if (now - toldAt < PAUSE_MS) return
    toldAt = now
    tell()
  }
}
