import { CallLegAction, CallLegResult, type CallLeg, type CallRecord } from '../../../model/call-record.js'
import { toInstant } from '../../../model/values/date-time.js'
import type { Reference } from '../../../model/reference.js'
import { list, received, text, word, type Received } from '../../../model/values/wire-value.js'
import { possibleTimes, type CallTimes } from '../../call-times.js'
import { LegIds } from '../../leg-ids.js'
import { inOrderOfTime } from '../../leg-order.js'
import type { AccountFacts } from '../../provider.js'
import type { WireOrigination, WireStep } from '../wire.js'
import { didOf, external, internalTarget, isInternal, ringingTarget } from './phone.js'

/**
 * Hangup cause → result of one phone's ringing. Other causes are UNKNOWN, with the native word
 * beside it.
 */
const RESULT: Readonly<Record<string, CallLegResult>> = {
  ANSWERED: CallLegResult.ANSWERED,
  LOSE_RACE: CallLegResult.ANSWERED_ELSEWHERE,
  PICKED_OFF: CallLegResult.ANSWERED_ELSEWHERE,
  NO_ANSWER: CallLegResult.NO_ANSWER,
  NO_USER_RESPONSE: CallLegResult.NO_ANSWER,
  PROGRESS_TIMEOUT: CallLegResult.NO_ANSWER,
  ALLOTTED_TIMEOUT: CallLegResult.NO_ANSWER,
  NORMAL_CLEARING: CallLegResult.NO_ANSWER,
  USER_BUSY: CallLegResult.BUSY,
  CALL_REJECTED: CallLegResult.REJECTED,
  ORIGINATOR_CANCEL: CallLegResult.CANCELLED,
  INVALID_NUMBER_FORMAT: CallLegResult.FAILED,
  UNALLOCATED_NUMBER: CallLegResult.FAILED,
  USER_NOT_REGISTERED: CallLegResult.FAILED,
  SUBSCRIBER_ABSENT: CallLegResult.FAILED,
  DESTINATION_OUT_OF_ORDER: CallLegResult.FAILED,
  NO_ROUTE_DESTINATION: CallLegResult.FAILED,
  NORMAL_TEMPORARY_FAILURE: CallLegResult.FAILED,
  RECOVERY_ON_TIMER_EXPIRE: CallLegResult.FAILED,
  GATEWAY_DOWN: CallLegResult.FAILED,
  MEDIA_TIMEOUT: CallLegResult.FAILED,
}

type Leg = Omit<CallLeg, 'sequence'>
export type CallStart = Pick<CallRecord, 'providerResourceId' | 'startedAt'>

/**
 * Maps `call_flow` to legs: one per step, the phones that rang as its children. Null when the
 * response has no flow. Phones that lost a race carry the winner's `answer_time`, so only the
 * result ANSWERED says who talked. The API has no id of a step: it is known by its number and its
 * start.
 */
export function toLegs(flow: unknown, call: CallStart, account: AccountFacts): CallLeg[] | null {
  const steps = list(flow)
  if (steps === null) return null
  const ids = new LegIds(account.key, call.providerResourceId)
  const legs: Leg[] = []
  let before = call.startedAt
  steps.forEach((value, index) => {
    const step = received<WireStep>(value)
    if (!step) return
    // A step without a start time begins with the step before it.
    const startedAt = instant(step.start_time, account)
    before = startedAt ?? before
    const id = ids.next('step', text(step.callee), startedAt)
    const rang = (list(step.origination) ?? []).flatMap((origination) =>
      toPhone(origination, { id, startedAt: before }, ids, account),
    )
    const place = { id, startedAt: before, first: index === 0, last: index === steps.length - 1 }
    const leg = toStep(step, place, rang, account)
    // A ringing extension is one phone that appears twice, as the step and as its origination.
    const [only, ...others] = rang
    if (only && others.length === 0 && isSamePhone(only, leg)) legs.push({ ...leg, nativeResult: only.nativeResult })
    else legs.push(leg, ...rang)
  })
  return inOrderOfTime(legs)
}

/**
 * Who talked last: one of our phones or an outside one. Null when only a menu or the number itself
 * answered.
 */
export function answeredInFlow(legs: readonly CallLeg[] | null): Reference | null {
  return (
    legs?.findLast(({ action, result }) => PHONES.has(action) && result === CallLegResult.ANSWERED)?.targetRef ?? null
  )
}

const PHONES: ReadonlySet<CallLegAction> = new Set([CallLegAction.RING, CallLegAction.FORWARD])

/** What is written in a flow: its steps and the phones that rang, and how many of each are neither. */
export function writtenFlow(flow: unknown): {
  readonly steps: readonly unknown[]
  readonly phones: readonly unknown[]
  readonly unreadableSteps: number
  readonly unreadablePhones: number
} {
  const steps = list(flow) ?? []
  const phones = steps.flatMap((step) => list(received<WireStep>(step)?.origination) ?? [])
  const unreadable = (values: readonly unknown[]) => values.filter((value) => received(value) === null).length
  return { steps, phones, unreadableSteps: unreadable(steps), unreadablePhones: unreadable(phones) }
}

/** The groups the call passed through, in order, each once. */
export function groupsInFlow(flow: unknown): Reference[] | null {
  const steps = list(flow)
  if (steps === null) return null
  const numbers = steps
    .map((value) => text(received<WireStep>(value)?.callee))
    .filter((number) => number !== null && /^\d{3}$/.test(number))
  return [...new Set(numbers)].map((number) => ({ kind: 'Group', number }))
}

const isSamePhone = (phone: Leg, step: Leg) =>
  phone.result === step.result &&
  phone.targetRef?.kind === 'Extension' &&
  step.targetRef?.kind === 'Extension' &&
  phone.targetRef.number === step.targetRef.number

interface Place {
  readonly id: string
  readonly startedAt: string
  readonly first: boolean
  readonly last: boolean
}

function toStep(
  step: Received<WireStep>,
  { id, startedAt, first, last }: Place,
  phones: readonly Leg[],
  account: AccountFacts,
): Leg {
  const target = targetOf(text(step.callee), first, account)
  const redirection = text(step.redirection)
  const { answeredAt, endedAt } = timesOf(step, startedAt, account)
  // Forwarding to an outside number has no REDIRECTED_TO_… word: the step has no end of its own,
  // and another step follows.
  const sentOn = word(redirection)?.startsWith('REDIRECTED_TO_') || (!last && endedAt === null && phones.length === 0)
  return {
    __typename: 'CallLeg',
    id,
    parentId: null,
    action: actionOf(target),
    nativeAction: redirection,
    startedAt,
    // Where phones rang, the step's time is the menu's or the winner's: the phones' times are
    // exact.
    answeredAt:
      phones.length > 0
        ? (phones.find((phone) => phone.result === CallLegResult.ANSWERED)?.answeredAt ?? null)
        : answeredAt,
    endedAt,
    result: sentOn ? CallLegResult.CONTINUED : resultOfStep(phones, answeredAt !== null),
    nativeResult: null,
    targetRef: target,
    accountKey: account.key,
  }
}

function toPhone(value: unknown, parent: Pick<Leg, 'id' | 'startedAt'>, ids: LegIds, account: AccountFacts): Leg[] {
  const wire = received<WireOrigination>(value)
  if (!wire) return []
  const result = resultOf(wire)
  const number = text(wire.destination)
  const target = isInternal(number) ? ringingTarget(number) : targetOf(number, false, account)
  const ownStart = instant(wire.start_time, account)
  const startedAt = ownStart ?? parent.startedAt
  const { answeredAt, endedAt } = timesOf(wire, startedAt, account)
  return [
    {
      __typename: 'CallLeg',
      id: ids.next('phone', parent.id, number, ownStart),
      parentId: parent.id,
      action: target?.kind === 'ExternalNumber' ? CallLegAction.FORWARD : CallLegAction.RING,
      nativeAction: null,
      startedAt,
      answeredAt: result === CallLegResult.ANSWERED ? answeredAt : null,
      endedAt,
      result,
      nativeResult: text(wire.result),
      targetRef: target,
      accountKey: account.key,
    },
  ]
}

function resultOfStep(phones: readonly Leg[], answered: boolean): CallLegResult {
  const results = new Set(phones.map((phone) => phone.result))
  if (results.has(CallLegResult.ANSWERED)) return CallLegResult.ANSWERED
  if (phones.length === 0) return answered ? CallLegResult.ANSWERED : CallLegResult.NO_ANSWER
  // Phones that ended differently have no common result, but that nobody answered is true of all.
  return results.size === 1 ? [...results][0]! : CallLegResult.NO_ANSWER
}

function actionOf(target: Reference | null): CallLegAction {
  switch (target?.kind) {
    case 'Did':
      return CallLegAction.ENTER_DID
    case 'AutoAttendant':
      return CallLegAction.ENTER_MENU
    case 'Group':
      return CallLegAction.ENTER_GROUP
    case 'Extension':
      return CallLegAction.RING
    case 'ExternalNumber':
      return CallLegAction.FORWARD
    default:
      return CallLegAction.UNKNOWN
  }
}

/** A public number is our own in the first step, and an outside one in the steps after it. */
function targetOf(number: string | null, first: boolean, account: AccountFacts): Reference | null {
  if (number === null) return null
  if (isInternal(number)) return internalTarget(number)
  if (first) return didOf(number, account)
  const outside = external(number, account)
  // Too short to be public: a longer extension, or a short code outside.
  return outside.number === null && /^\d+$/.test(number) ? { kind: 'Extension', number, otherwise: outside } : outside
}

const resultOf = (wire: Received<WireOrigination>): CallLegResult =>
  RESULT[word(wire.result) ?? ''] ?? CallLegResult.UNKNOWN

const timesOf = (
  { answer_time: answered, hangup_time: ended }: Received<Pick<WireStep, 'answer_time' | 'hangup_time'>>,
  startedAt: string,
  account: AccountFacts,
): CallTimes => possibleTimes(startedAt, { answeredAt: instant(answered, account), endedAt: instant(ended, account) })

const instant = (value: unknown, account: AccountFacts) => toInstant(text(value), account.timeZone)
