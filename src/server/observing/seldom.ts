import type { Clock } from '../../clock.js'

/** Calls `tell` the first time, and then once in `pauseMs` at most: what fails each second is not told each second. */
export function seldom(clock: Pick<Clock, 'monotonic'>, pauseMs: number, tell: () => void): () => void {
  let toldAt = -Infinity
  return () => {
    const now = clock.monotonic()
    if (now - toldAt < pauseMs) return
    toldAt = now
    tell()
  }
}
