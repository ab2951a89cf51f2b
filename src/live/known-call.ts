import { CallDirection, type CallParty } from '../model/call-record.js'
import type { Reference } from '../model/reference.js'
import { compareText } from '../model/values/compare-text.js'
import type { CallFact } from '../providers/live.js'
import type { CallSnapshot, LiveCallState } from './call-event.js'

/*
 * What is known of a call, whatever order it was heard in: every field keeps the earliest, the
 * latest or the most reliable of what was said, so that the same facts make the same call.
 */

/** A value with its place in the call's order; places compare as text. */
interface Placed<T> {
  readonly place: string
  readonly value: T
}

/** A moment that somebody states. */
interface Claim {
  readonly at: string
  /** The lowest is believed; of equals, the earliest. */
  readonly doubt: number
}

interface Waiting {
  readonly state: 'RINGING' | 'IN_MENU' | 'QUEUED'
  readonly target: Reference | null
}

/** JSON. Times are ISO UTC with milliseconds. */
export interface KnownCall {
  readonly accountKey: string
  readonly callId: string
  /** The earliest moment that anything tells of. */
  readonly startedAt: string
  /** Who and which way, as the earliest fact that says so has it: a transfer changes neither. */
  readonly direction: Placed<CallDirection> | null
  readonly caller: Placed<CallParty> | null
  readonly callee: Placed<CallParty> | null
  readonly didRef: Placed<Reference> | null
  /** Where it was last before an answer. */
  readonly waiting: Placed<Waiting> | null
  /** The group it went to last; absent in what was stored before groups were kept. */
  readonly group?: Placed<Reference> | null
  /** The only phone that has rung. */
  readonly phone: Reference | 'SEVERAL' | null
  /** Who talks, as the latest answer or transfer has it; a value of null: nobody tells. */
  readonly talking: Placed<Reference | null> | null
  readonly answer: Claim | null
  readonly end: Claim | null
  readonly isMissed: boolean
  /** The provider says that the call's record can be read. */
  readonly isRecordWritten: boolean
  readonly involved: readonly Reference[]
}

/** A fact with the moment it counts from and its place in the call's order. */
export interface PlacedFact extends CallFact {
  readonly at: string
  readonly place: string
  /** Follows from this other fact. */
  readonly impliedBy?: 'TRANSFERRED' | 'ENDED'
}

/** Phones, groups and numbers that one call is remembered to involve. */
const MOST_INVOLVED = 100

export const unknownCall = (accountKey: string, callId: string, at: string): KnownCall => ({
  accountKey,
  callId,
  startedAt: at,
  direction: null,
  caller: null,
  callee: null,
  didRef: null,
  waiting: null,
  group: null,
  phone: null,
  talking: null,
  answer: null,
  end: null,
  isMissed: false,
  isRecordWritten: false,
  involved: [],
})

/** Who takes part, which a repetition may tell better than the first delivery. */
export function withParties(call: KnownCall, fact: PlacedFact): KnownCall {
  const { direction, caller, callee, didRef, targetRef, place } = fact
  return {
    ...call,
    direction: earlier(call.direction, direction === CallDirection.UNKNOWN ? null : direction, place),
    caller: earlier(call.caller, caller, place),
    callee: earlier(call.callee, callee, place),
    didRef: earlier(call.didRef, didRef, place),
    involved: withInvolved(call.involved, [
      targetRef,
      didRef,
      caller?.endpointRef ?? null,
      callee?.endpointRef ?? null,
      ...(fact.involved ?? []),
    ]),
  }
}

/** What happened; `isLate`: without a time of its own, and after what it must have come before. */
export function withHappened(before: KnownCall, fact: PlacedFact, isLate: boolean): KnownCall {
  const call = fact.at < before.startedAt ? { ...before, startedAt: fact.at } : before
  const { type, place, targetRef } = fact
  switch (type) {
    case 'STARTED':
    case 'RINGING':
      return {
        ...call,
        waiting: later(call.waiting, { state: 'RINGING', target: targetRef }, place),
        phone: onlyPhone(call.phone, targetRef),
      }
    case 'ENTERED_MENU':
      return { ...call, waiting: later(call.waiting, { state: 'IN_MENU', target: targetRef }, place) }
    case 'ENTERED_GROUP':
      return {
        ...call,
        waiting: later(call.waiting, { state: 'QUEUED', target: targetRef }, place),
        group: targetRef ? later(call.group ?? null, targetRef, place) : call.group,
      }
    case 'ANSWERED':
      return {
        ...call,
        answer: believed(call.answer, { at: fact.at, doubt: doubtIn(fact) }),
        talking: targetRef === null || isLate ? call.talking : later(call.talking, targetRef, place),
      }
    case 'TRANSFERRED':
      return { ...call, talking: later(call.talking, targetRef, place) }
    case 'MISSED':
      return { ...call, isMissed: true }
    case 'ENDED':
      return { ...call, end: believed(call.end, { at: fact.at, doubt: doubtIn(fact) }) }
    case 'RECORD_WRITTEN':
      return { ...call, isRecordWritten: true }
  }
}

/** The call as clients see it. */
export function snapshotOf(call: KnownCall): CallSnapshot {
  const { accountKey, callId, startedAt, end } = call
  const endedAt = end?.at ?? null
  const answeredAt = answerOf(call)?.at ?? null
  return {
    accountKey,
    providerCallId: callId,
    direction: call.direction?.value ?? CallDirection.UNKNOWN,
    state: stateOf(call),
    caller: call.caller?.value ?? nobody(accountKey),
    callee: call.callee?.value ?? nobody(accountKey),
    didRef: call.didRef?.value ?? null,
    targetRef: targetOf(call),
    groupRef: call.group?.value ?? null,
    startedAt,
    // Without times of their own an end may be received before the answer it followed.
    answeredAt: answeredAt !== null && endedAt !== null && endedAt < answeredAt ? endedAt : answeredAt,
    endedAt,
    involved: call.involved,
  }
}

/** Whether it is under way: its end is not known, and more than its record is. */
export const isUnderWay = ({ end, waiting, answer, isMissed }: KnownCall): boolean =>
  end === null && (waiting !== null || answer !== null || isMissed)

/** Null for a missed call, where the end tells of an answer: that was a menu's. */
const answerOf = ({ answer, isMissed }: KnownCall): Claim | null =>
  isMissed && answer?.doubt === DOUBT.impliedByEnd ? null : answer

function stateOf(call: KnownCall): LiveCallState {
  if (call.end) return 'ENDED'
  if (answerOf(call)) return 'ANSWERED'
  return call.waiting?.value.state ?? 'UNKNOWN'
}

function targetOf(call: KnownCall): Reference | null {
  const { talking, waiting, phone } = call
  switch (stateOf(call)) {
    case 'ENDED':
      return null
    case 'ANSWERED':
      if (talking) return talking.value
      // Who of several phones that rang has answered is not told.
      return waiting?.value.state === 'RINGING' ? (phone === 'SEVERAL' ? null : phone) : (waiting?.value.target ?? null)
    default:
      return waiting?.value.target ?? null
  }
}

const nobody = (accountKey: string): CallParty => ({
  number: null,
  rawNumber: null,
  displayName: null,
  endpointRef: null,
  accountKey,
})

/** How much a statement is doubted: a provider's own, what its end says, what we concluded, a guess. */
const DOUBT = { none: 0, impliedByEnd: 1, inferred: 2, impliedByTransfer: 3 }

function doubtIn({ impliedBy, inferred }: PlacedFact): number {
  if (impliedBy) return impliedBy === 'ENDED' ? DOUBT.impliedByEnd : DOUBT.impliedByTransfer
  return inferred === true ? DOUBT.inferred : DOUBT.none
}

const believed = (known: Claim | null, said: Claim): Claim =>
  known && (known.doubt < said.doubt || (known.doubt === said.doubt && known.at <= said.at)) ? known : said

const earlier = <T>(known: Placed<T> | null, value: T | null, place: string): Placed<T> | null =>
  value === null || (known && known.place <= place) ? known : { place, value }

const later = <T>(known: Placed<T> | null, value: T, place: string): Placed<T> =>
  known && known.place >= place ? known : { place, value }

function onlyPhone(known: KnownCall['phone'], target: Reference | null): KnownCall['phone'] {
  if (target === null || known === 'SEVERAL') return known
  return known === null || identityOf(known) === identityOf(target) ? (known ?? target) : 'SEVERAL'
}

function withInvolved(known: readonly Reference[], said: readonly (Reference | null)[]): readonly Reference[] {
  const all = new Map(known.map((reference) => [identityOf(reference), reference]))
  for (const reference of said)
    if (reference && all.size < MOST_INVOLVED && !all.has(identityOf(reference)))
      all.set(identityOf(reference), reference)
  if (all.size === known.length) return known
  return [...all].sort(([a], [b]) => compareText(a, b)).map(([, reference]) => reference)
}

/** What two references to one thing have in common. */
export function identityOf(reference: Reference | null): string {
  if (reference === null) return ''
  const { kind, id, number, rawNumber, name, nativeId } = reference as Partial<Record<string, unknown>>
  return JSON.stringify([kind, id ?? null, number ?? rawNumber ?? null, name ?? nativeId ?? null])
}
