import type { EmulatorClock } from '../../../emulator/emulator.js'

const minute = 60_000

/** A sliding window of one minute, like Django REST framework's `rate/min`. */
export interface Throttle {
  /** Null when the request may pass (it is then counted), else the seconds to wait. */
  take(who: string): number | null
  reset(): void
}

export function createThrottle(perMinute: number | null, clock: Pick<EmulatorClock, 'now'>): Throttle {
  const passed = new Map<string, number[]>()
  return {
    take(who) {
      if (perMinute === null) return null
      const now = clock.now()
      const recent = (passed.get(who) ?? []).filter((at) => at > now - minute)
      passed.set(who, recent)
      if (recent.length >= perMinute) return Math.ceil(((recent[0] ?? now) + minute - now) / 1000)
      recent.push(now)
      return null
    },
    reset: () => passed.clear(),
  }
}
