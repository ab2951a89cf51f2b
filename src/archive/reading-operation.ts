import { randomUUID } from 'node:crypto'

import { Operation } from '../operation.js'

/** An operation of ours: nothing that is cached answers it, and what it reads is kept for nobody. */
export function readingOperation(timeoutMs: number, ending: AbortSignal): Operation {
  return new Operation({
    requestId: `archive-${randomUUID()}`,
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ending]),
    endsAt: performance.now() + timeoutMs,
    demand: { maxAgeMs: 0, staleMs: 0, keep: false },
  })
}
