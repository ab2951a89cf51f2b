import type { CallFact, CurrentCall } from '../providers/live.js'
import { endInferred } from './call-history.js'
import type { CallSnapshot } from './call-event.js'
import { identityOf } from './known-call.js'

/**
 * What the list of current calls says that is not known yet. `known`: the calls of this account
 * that have not ended, by the provider's id. `at`: when it was listed, ISO UTC.
 */
export function listedFacts(
  current: readonly CurrentCall[],
  known: ReadonlyMap<string, CallSnapshot>,
  at: string,
): readonly CallFact[] {
  return current.flatMap((call) => {
    const before = known.get(call.callId)
    const facts: CallFact[] = []
    if (!before) facts.push(fact('STARTED', call, call.startedAt ?? at))
    const isElsewhere = call.targetRef !== null && identityOf(call.targetRef) !== identityOf(before?.targetRef ?? null)
    if (call.state === 'RINGING' && before?.state !== 'ANSWERED' && (before?.state !== 'RINGING' || isElsewhere))
      facts.push(fact('RINGING', call, before ? at : (call.startedAt ?? at)))
    if (call.state === 'ANSWERED' && before?.state !== 'ANSWERED') facts.push(fact('ANSWERED', call, at))
    if (call.state === 'ANSWERED' && before?.state === 'ANSWERED' && before.targetRef !== null && isElsewhere)
      facts.push(fact('TRANSFERRED', call, at))
    return facts
  })
}

/** When a list was made. */
export interface Listed {
  /** ISO UTC. */
  readonly at: string
  /** Monotonic ms. */
  readonly monotonic: number
}

/**
 * Remembers since when each call has been missing. It has ended once two complete lists in a row
 * lack it, at least `leastApartMs` apart: a list may be late by itself, and two at once be late together.
 */
export class Absences {
  readonly #since = new Map<string, Listed>()

  constructor(private readonly leastApartMs: number) {}

  /** The ends of the calls that are gone. An incomplete list says of no call that it is missing. */
  ended(known: Iterable<string>, current: ReadonlySet<string>, listed: Listed): readonly CallFact[] {
    const open = new Set(known)
    for (const callId of this.#since.keys()) if (!open.has(callId) || current.has(callId)) this.#since.delete(callId)
    const ended: CallFact[] = []
    for (const callId of open) {
      if (current.has(callId)) continue
      const since = this.#since.get(callId)
      // It was over when it was missed for the first time.
      if (!since) this.#since.set(callId, listed)
      else if (listed.monotonic - since.monotonic >= this.leastApartMs) ended.push(endInferred(callId, since.at))
    }
    return ended
  }

  /** A list failed or was incomplete: only lists in a row count. */
  interrupt(): void {
    this.#since.clear()
  }
}

const fact = (type: CallFact['type'], call: CurrentCall, occurredAt: string): CallFact => ({
  callId: call.callId,
  type,
  occurredAt,
  nativeType: call.nativeState,
  key: `${type} ${identityOf(type === 'STARTED' ? null : call.targetRef)}`,
  direction: call.direction,
  caller: call.caller,
  callee: call.callee,
  didRef: call.didRef,
  targetRef: type === 'STARTED' ? null : call.targetRef,
})
