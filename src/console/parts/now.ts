import { useSyncExternalStore } from 'react'

/** The time in ms, anew after each tick: one clock for all that look at it, which stands still while nobody does. */
function ticking(tickMs: number): () => number {
  let now = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined
  const listeners = new Set<() => void>()
  const tick = () => {
    now = Date.now()
    listeners.forEach((tell) => tell())
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    if (timer === undefined) {
      now = Date.now()
      timer = setInterval(tick, tickMs)
    }
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
  return () => useSyncExternalStore(subscribe, () => now)
}

/** The time in ms, anew every ten seconds: for all that say how long ago something was. */
export const useNow = ticking(10_000)

/** The time in ms, anew every second: for all that is counted in seconds. */
export const useSecond = ticking(1_000)
