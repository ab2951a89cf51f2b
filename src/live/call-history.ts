import { createHash } from 'node:crypto'

import { CallDirection, type CallRecord } from '../model/call-record.js'
import { compareText } from '../model/values/compare-text.js'
import type { CallFact, CallFactType } from '../providers/live.js'
import type { StoredCallEvent } from './call-event.js'
import {
  identityOf,
  isUnderWay,
  snapshotOf,
  unknownCall,
  withHappened,
  withParties,
  type KnownCall,
  type PlacedFact,
} from './known-call.js'

/** A call and what has been told of it; the state of its stream. JSON. */
export interface CallHistory {
  readonly call: KnownCall
  /** Marks of the facts that were told, so that none is told twice. */
  readonly told: readonly string[]
  /** How many answers were told, and how many the provider itself has named. */
  readonly answers: { readonly told: number; readonly named: number }
  readonly isRecorded: boolean
}

/** What facts make of a call. */
export interface AddedFacts {
  /** The very object that was given where nothing changed. */
  readonly history: CallHistory
  /** In the order of time; what follows from another event stands right before it. */
  readonly events: readonly StoredCallEvent[]
  readonly isOpen: boolean
  /** How many facts were known already, or are beyond what a call is told of. */
  readonly repeated: number
}

export interface Receipt {
  /** Key of the account. */
  readonly accountKey: string
  /** When the facts arrived, ISO UTC with milliseconds: they happened then, if they do not say when. */
  readonly receivedAt: string
}

/**
 * Marks that a call keeps; most facts leave two. Whatever rings beyond them makes no event, so that
 * nothing is told twice; the call is followed all the same, and its answer and end are told.
 */
const MOST_MARKS = 500

/** The order of what happens at one moment. */
const ORDER: readonly CallFactType[] = [
  'STARTED',
  'ENTERED_MENU',
  'ENTERED_GROUP',
  'RINGING',
  'ANSWERED',
  'TRANSFERRED',
  'MISSED',
  'ENDED',
  'RECORD_WRITTEN',
]

/** These happen once in a call, whoever says so. */
const ONCE: ReadonlySet<CallFactType> = new Set(['STARTED', 'MISSED', 'ENDED', 'RECORD_WRITTEN'])

/**
 * Adds facts of one call, at least one, to its history. Whatever order they arrive in, the same
 * facts make the same call. A fact that was told already makes no event, in any spelling and from
 * any source. Late facts are events with their own time, and never move the call back.
 */
export function addFacts(history: CallHistory | null, facts: readonly CallFact[], receipt: Receipt): AddedFacts {
  const placed = facts.map((fact) => place(fact, receipt)).sort((a, b) => compareText(a.place, b.place))
  const adding = new Adding(history ?? emptyHistory(placed, receipt), receipt)
  let repeated = 0
  for (const fact of placed) {
    const told = [...impliedBy(fact), fact].filter((one) => adding.add(one))
    if (told.length === 0) repeated += 1
  }
  return { ...adding.result(history), repeated }
}

/**
 * The call's record can be read: RECORDED, once. A call whose end nobody told has ended as the
 * record says.
 */
export function addRecord(
  history: CallHistory,
  { answeredAt, endedAt }: Pick<CallRecord, 'answeredAt' | 'endedAt'>,
  receipt: Receipt,
): AddedFacts {
  const adding = new Adding(history, receipt)
  if (history.call.end === null) {
    const end = place(endInferred(history.call.callId, endedAt, answeredAt ?? undefined), receipt)
    for (const fact of [...impliedBy(end), end]) adding.add(fact)
  }
  const isNew = adding.record()
  return { ...adding.result(history), repeated: isNew ? 0 : 1 }
}

/** An end that this server concludes. `answeredAt` as in `CallFact`. */
export const endInferred = (callId: string, occurredAt: string | null, answeredAt?: string | null): CallFact => ({
  callId,
  type: 'ENDED',
  occurredAt,
  nativeType: null,
  key: 'ENDED',
  direction: null,
  caller: null,
  callee: null,
  didRef: null,
  targetRef: null,
  answeredAt,
  inferred: true,
})

/** Takes facts in the order of time, and tells of those that were not told. */
class Adding {
  #call: KnownCall
  readonly #told: Set<string>
  #answers: CallHistory['answers']
  #isRecorded: boolean
  readonly #events: StoredCallEvent[] = []

  constructor(
    before: CallHistory,
    private readonly receipt: Receipt,
  ) {
    this.#call = before.call
    this.#told = new Set(before.told)
    this.#answers = before.answers
    this.#isRecorded = before.isRecorded
  }

  /** Whether it was new. */
  add(fact: PlacedFact): boolean {
    const marks = marksOf(fact)
    const isTold = marks.some((mark) => this.#told.has(mark))
    this.#call = withParties(this.#call, fact)
    // That nobody answered follows from an end only while nothing else is known.
    if (fact.impliedBy && fact.type === 'MISSED' && this.#call.answer) return false
    // A repetition without a time of its own says nothing of what happened since.
    if (!isTold || fact.occurredAt !== null) {
      const isLate = fact.occurredAt === null && this.#call.talking !== null && this.#answers.named === 0
      this.#call = withHappened(this.#call, fact, isLate)
    }
    return !isTold && this.#tell(fact, marks)
  }

  #tell(fact: PlacedFact, marks: readonly string[]): boolean {
    const isFull = this.#told.size >= MOST_MARKS
    if (!isFull || ONCE.has(fact.type)) for (const mark of marks) this.#told.add(mark)
    if (fact.type === 'ANSWERED') return this.#tellAnswer(fact, isFull)
    if (isFull && !ONCE.has(fact.type)) return false
    if (fact.type !== 'RECORD_WRITTEN') this.#event(fact.type, fact)
    return true
  }

  /**
   * An answer that was concluded, or that names nobody, is the same as one that the provider tells
   * before or after it.
   */
  #tellAnswer(fact: PlacedFact, isFull: boolean): boolean {
    const isNamed = fact.targetRef !== null && fact.impliedBy === undefined && fact.inferred !== true && !isFull
    const named = this.#answers.named + (isNamed ? 1 : 0)
    const isNew = isNamed ? named > this.#answers.told : this.#answers.told === 0
    // A missed call's answer was a menu's.
    const isEvent = isNew && !(fact.impliedBy === 'ENDED' && this.#call.isMissed)
    this.#answers = { named, told: this.#answers.told + (isEvent ? 1 : 0) }
    if (isEvent) this.#event('ANSWERED', fact)
    return isEvent
  }

  /** Whether it was new. */
  record(): boolean {
    if (this.#isRecorded) return false
    this.#isRecorded = true
    this.#event('RECORDED', { at: this.receipt.receivedAt, nativeType: null })
    return true
  }

  #event(
    type: StoredCallEvent['type'],
    { at, inferred, impliedBy: cause, nativeType }: Pick<PlacedFact, 'at' | 'inferred' | 'impliedBy' | 'nativeType'>,
  ): void {
    this.#events.push({
      type,
      occurredAt: at,
      receivedAt: this.receipt.receivedAt,
      inferred: inferred === true || cause !== undefined,
      nativeType: cause === undefined ? nativeType : null,
      call: snapshotOf(this.#call),
    })
  }

  result(before: CallHistory | null): Omit<AddedFacts, 'repeated'> {
    const after = { call: this.#call, told: [...this.#told], answers: this.#answers, isRecorded: this.#isRecorded }
    const isSame = before !== null && JSON.stringify(before) === JSON.stringify(after)
    return { history: isSame ? before : after, events: this.#events, isOpen: isUnderWay(this.#call) }
  }
}

function emptyHistory(facts: readonly PlacedFact[], { accountKey }: Receipt): CallHistory {
  const [first] = facts
  if (!first) throw new RangeError('a call without facts has no history')
  return {
    call: unknownCall(accountKey, first.callId, first.at),
    told: [],
    answers: { told: 0, named: 0 },
    isRecorded: false,
  }
}

/** Clocks differ, and zones are mistaken; what is said to happen later than this is no time, ms. */
const MOST_AHEAD_MS = 86_400_000

/** The start comes first whatever its time; the others by time, and at one moment by meaning. */
function place({ occurredAt: said, ...fact }: CallFact, { receivedAt }: Receipt): PlacedFact {
  // Nothing has happened that is still to come: the call would begin or end then, whatever follows.
  const isPossible = said !== null && Date.parse(said) - Date.parse(receivedAt) <= MOST_AHEAD_MS
  const occurredAt = isPossible ? said : null
  const at = occurredAt ?? receivedAt
  const first = fact.type === 'STARTED' ? 0 : 1
  return { ...fact, occurredAt, at, place: `${first} ${at} ${ORDER.indexOf(fact.type)} ${digest(fact.key)}` }
}

/** What must have come before a fact, though nobody told it. */
function impliedBy(fact: PlacedFact): PlacedFact[] {
  const { type, at, answeredAt, direction } = fact
  const implied = (what: 'ANSWERED' | 'MISSED', moment: string): PlacedFact => ({
    ...fact,
    type: what,
    occurredAt: moment,
    at: moment,
    targetRef: null,
    impliedBy: type === 'ENDED' ? 'ENDED' : 'TRANSFERRED',
  })
  if (type === 'TRANSFERRED') return [implied('ANSWERED', at)]
  if (type !== 'ENDED' || answeredAt === undefined) return []
  if (answeredAt !== null) return [implied('ANSWERED', answeredAt < at ? answeredAt : at)]
  return direction === CallDirection.INBOUND ? [implied('MISSED', at)] : []
}

/** What a fact is known by: its key, and what it says, whoever says it. */
function marksOf({ type, key, targetRef, impliedBy: cause }: PlacedFact): readonly string[] {
  if (ONCE.has(type)) return [type]
  // The answers that were told are counted.
  if (cause !== undefined) return []
  const target = identityOf(targetRef)
  return [digest(`${type} ${key}`), ...(target === '' && type === 'ANSWERED' ? [] : [digest(`${type} > ${target}`)])]
}

/** Short enough to keep hundreds, long enough to tell them apart: 72 bits. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12)
