import { LRUCache } from 'lru-cache'

import type { Clock } from '../../clock.js'

/** How often each of many may do something. */
export interface RateLimit {
  /** Takes one turn; answers 0 when there was one, else how many ms until there will be, without taking any. */
  take(key: string): number
  /** The turn that was taken last was not used after all. */
  giveBack(key: string): void
}

export interface Rate {
  readonly perSecond: number
  /** Turns that may be taken at once by someone who has taken none for a while. */
  readonly burst: number
}

/** Whoever has not been seen for longest is forgotten beyond so many, and so forgiven: memory stays bounded. */
const REMEMBERED = 20_000

/**
 * The generic cell rate algorithm (ITU-T I.371): one number for each key, the moment at which it would have had to come to be exactly on
 * time. It needs no timer, and a turn is counted when it is taken, however many are taken at once.
 */
export function rateLimit({ perSecond, burst }: Rate, clock: Pick<Clock, 'monotonic'>): RateLimit {
  const interval = 1_000 / perSecond
  const due = new LRUCache<string, number>({ max: REMEMBERED })
  return {
    take(key) {
      const now = clock.monotonic()
      const next = Math.max(due.get(key) ?? now, now) + interval
      const early = next - now - burst * interval
      // What is a rounding error early is on time.
      if (early > 1e-6) return Math.max(1, Math.ceil(early))
      due.set(key, next)
      return 0
    },
    giveBack(key) {
      const next = due.get(key)
      if (next !== undefined) due.set(key, next - interval)
    },
  }
}
