import type { EmulatorClock } from '../../../emulator/emulator.js'

const minute = 60_000

/** A window of one minute that slides: as Django REST framework's `rate/min` throttles. */
export interface Throttle {
  /** Null when the request may pass (and then it counts), else the whole seconds to wait. */
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
