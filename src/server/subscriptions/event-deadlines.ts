import type { Operation } from '../../operation.js'
import { deadlineIn } from '../web/operation.js'

export type Deadline = Pick<Operation, 'signal' | 'endsAt'>

/** Events that begin within so many ms share a deadline: a signal and a timer cost more than they do. */
const SHARED_MS = 10

/** Deadlines of events; nobody ends one early, so what is over by then must not mind it. */
export function eventDeadlines(timeoutMs: number): () => Deadline {
  let shared: Deadline | null = null
  return () => {
    const now = performance.now()
    if (shared && now + timeoutMs - shared.endsAt < SHARED_MS) return shared
    const { ending, timer, endsAt } = deadlineIn(timeoutMs)
    timer.unref()
    return (shared = { signal: ending, endsAt })
  }
}
