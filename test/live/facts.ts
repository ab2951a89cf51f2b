import { CallDirection } from '../../src/model/call-record.js'
import type { Reference } from '../../src/model/reference.js'
import { snapshotOf } from '../../src/live/known-call.js'
import { addFacts, type AddedFacts, type CallHistory } from '../../src/live/call-history.js'
import type { CallSnapshot, StoredCallEvent } from '../../src/live/call-event.js'
import type { CallFact, CallFactType } from '../../src/providers/live.js'

/** Seconds after the call's beginning, as facts have it. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 1, 11, 8, 0, seconds)).toISOString()

export const phone = (number: string): Reference => ({ kind: 'Extension', number })
export const group = (number: string): Reference => ({ kind: 'Group', number })
export const menu = (number: string): Reference => ({ kind: 'AutoAttendant', id: number, number, name: null })

/** A fact of one incoming call, known by its type and target; `null` seconds: it does not say when. */
export const fact = (
  type: CallFactType,
  seconds: number | null,
  targetRef: Reference | null = null,
  more: Partial<CallFact> = {},
): CallFact => ({
  callId: 'call-1',
  type,
  occurredAt: seconds === null ? null : at(seconds),
  nativeType: type.toLowerCase(),
  key: `${type} ${JSON.stringify(targetRef)}`,
  direction: CallDirection.INBOUND,
  caller: null,
  callee: null,
  didRef: null,
  targetRef,
  ...more,
})

export interface Heard {
  readonly history: CallHistory
  readonly events: readonly StoredCallEvent[]
  readonly repeated: number
  readonly isOpen: boolean
  /** As it is in the end. */
  readonly call: CallSnapshot
}

/** The deliveries of one call, one after the other; the history goes through JSON, as in the store. */
export function hear(deliveries: readonly (readonly CallFact[])[], receivedFrom = 1_000): Heard {
  let history: CallHistory | null = null
  let last: AddedFacts | null = null
  let repeated = 0
  const events: StoredCallEvent[] = []
  deliveries.forEach((facts, index) => {
    last = addFacts(history, facts, { accountKey: 'office', receivedAt: at(receivedFrom + index) })
    history = JSON.parse(JSON.stringify(last.history)) as CallHistory
    events.push(...last.events)
    repeated += last.repeated
  })
  const { history: final, isOpen } = last! as AddedFacts
  return { history: final, events, repeated, isOpen, call: snapshotOf(final.call) }
}
