import type { EmulatorClock } from './emulator.js'

/** Real time plus an offset; frozen from `set` on. */
export function createClock(start?: number): EmulatorClock & { reset(): void } {
  let offset = 0
  let frozenAt: number | null = start ?? null
  return {
    now: () => frozenAt ?? Date.now() + offset,
    set: (time) => void (frozenAt = time),
    advance(milliseconds) {
      if (frozenAt === null) offset += milliseconds
      else frozenAt += milliseconds
    },
    reset() {
      offset = 0
      frozenAt = start ?? null
    },
  }
}
