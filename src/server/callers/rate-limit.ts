import { LRUCache } from 'lru-cache'

import type { Clock } from '../../clock.js'

/** Bounds how often each key may do something. */
export interface RateLimit {
  /** Takes one turn and gives 0, or takes none and gives the ms until one is free. */
  take(key: string): number
  /** Undoes the last `take`: the turn was not used. */
  giveBack(key: string): void
}

export interface Rate {
  readonly perSecond: number
  /** Turns that may be taken at once after a pause. */
  readonly burst: number
}

/** Bounds memory: beyond it the key seen least recently is forgotten, and starts afresh. */
const MAXIMUM_KEYS = 20_000

/**
 * The generic cell rate algorithm (ITU-T I.371): keeps one number for each key, the theoretical
 * arrival time of its next turn. It needs no timer.
 */
export function rateLimit({ perSecond, burst }: Rate, clock: Pick<Clock, 'monotonic'>): RateLimit {
  const interval = 1_000 / perSecond
  // Room for all of them is taken at once, so it waits for the first.
  let made: LRUCache<string, number> | undefined
  const arrivalsOf = () => (made ??= new LRUCache({ max: MAXIMUM_KEYS }))
  return {
    take(key) {
      const now = clock.monotonic()
      const arrivals = arrivalsOf()
      const next = Math.max(arrivals.get(key) ?? now, now) + interval
      const early = next - now - burst * interval
      // Tolerates rounding errors.
      if (early > 1e-6) return Math.max(1, Math.ceil(early))
      arrivals.set(key, next)
      return 0
    },
    giveBack(key) {
      const arrivals = arrivalsOf()
      const next = arrivals.get(key)
      if (next !== undefined) arrivals.set(key, next - interval)
    },
  }
}
