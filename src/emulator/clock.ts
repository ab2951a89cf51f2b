import type { EmulatorClock } from './emulator.js'

/** Real time plus an offset; frozen from `set` on. `onMove` is called when a test moves it. */
export function createClock(start?: number, onMove: () => void = () => {}): EmulatorClock & { reset(): void } {
  let offset = 0
  let frozenAt: number | null = start ?? null
  return {
    now: () => frozenAt ?? Date.now() + offset,
    get isRunning() {
      return frozenAt === null
    },
    set(time) {
      frozenAt = time
      onMove()
    },
    advance(milliseconds) {
      if (frozenAt === null) offset += milliseconds
      else frozenAt += milliseconds
      onMove()
    },
    reset() {
      offset = 0
      frozenAt = start ?? null
    },
  }
}
