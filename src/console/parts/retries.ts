import { useEffect, useRef } from 'react'

import { failuresOf, UNREACHABLE } from '../graph/failures.js'

/** Pause between two tries, ms. */
const PAUSE_MS = 5_000

/**
 * Tries again by itself while the server cannot be reached, so that nobody must watch for it. A refusal is not tried
 * again: it costs phone systems requests, and would be the same.
 */
export function useRetries(error: unknown, again: () => void): void {
  const isAway = failuresOf(error).some(({ code }) => code === UNREACHABLE)
  const latest = useRef(again)
  useEffect(() => {
    latest.current = again
  })
  useEffect(() => {
    if (!isAway) return
    const timer = setInterval(() => latest.current(), PAUSE_MS)
    return () => clearInterval(timer)
  }, [isAway])
}
