import type { EventLog } from './event-log.js'

/** Wakes those who read the event log. */
export interface EventWaking extends Pick<EventLog, 'wakeOnEvents'> {
  /** Wakes everybody, once the present task is done. */
  wake(): void
  /** Wakes nobody any more. */
  close(): void
}

export interface EventWakingOptions {
  /**
   * How often everybody is woken without a reason, for the events of other processes: the longest
   * that an event waits. Null where no other process can append.
   */
  readonly pollMs: number | null
  /** Calls `wake` as soon as another process has appended, where it can; ended by what it returns. */
  readonly listen?: (wake: () => void) => () => void
}

/** Less than the second that the contract allows, so that there is time left to read. */
export const POLL_MS = 750

/** While nobody listens, it does nothing. */
export function eventWaking({ pollMs, listen }: EventWakingOptions): EventWaking {
  const listeners = new Set<{ readonly wake: () => void }>()
  let stop: (() => void) | null = null
  let isWaking = false
  let isClosed = false

  function wake(): void {
    if (isWaking || listeners.size === 0) return
    isWaking = true
    queueMicrotask(() => {
      isWaking = false
      for (const listener of [...listeners]) if (listeners.has(listener)) listener.wake()
    })
  }

  function start(): () => void {
    const poll = pollMs === null ? undefined : setInterval(wake, pollMs).unref()
    const stopListening = listen?.(wake)
    return () => {
      clearInterval(poll)
      stopListening?.()
    }
  }

  function stopUnlessHeard(): void {
    if (listeners.size > 0) return
    stop?.()
    stop = null
  }

  return {
    wake,
    wakeOnEvents(wakeOne) {
      const listener = { wake: wakeOne }
      listeners.add(listener)
      if (!isClosed) stop ??= start()
      return () => {
        listeners.delete(listener)
        stopUnlessHeard()
      }
    },
    close() {
      isClosed = true
      listeners.clear()
      stopUnlessHeard()
    },
  }
}
