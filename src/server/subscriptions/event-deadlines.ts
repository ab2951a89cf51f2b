import { setMaxListeners } from 'node:events'

import type { Operation } from '../../operation.js'

export type Deadline = Pick<Operation, 'signal' | 'endsAt'>

/** Events that begin within so many ms share a deadline: a signal and a timer cost more than they do. */
const SHARED_MS = 10

/** Deadlines of events; nobody ends one early, so what is over by then must not mind it. */
export function eventDeadlines(timeoutMs: number): () => Deadline {
  let shared: Deadline | null = null
  return () => {
    const now = performance.now()
    if (shared && now + timeoutMs - shared.endsAt < SHARED_MS) return shared
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    const reason = () => new DOMException(`The operation did not end within ${timeoutMs} ms`, 'TimeoutError')
    setTimeout(() => controller.abort(reason()), timeoutMs).unref()
    return (shared = { signal: controller.signal, endsAt: now + timeoutMs })
  }
}
