import { RecordingStatus, type CallRecord, type Recording } from '../../model/call-record.js'
import type { CallCountQuery, CallFilter, CallLog } from '../../providers/provider.js'
import type { CallDemand } from './demand.js'
import {
  didTookPart,
  extensionTookPart,
  groupTookPart,
  type Participants,
  type RequiredParticipants,
} from './participants.js'

/** Whether a call matches; `undefined`: only its detail can tell (see InDetail). */
export type Verdict = boolean | undefined
export type Judge = (call: CallRecord) => Verdict

/**
 * Which filter fields the provider evaluates, and which are evaluated here; names as in
 * `CallRecordFilter`.
 */
export interface Division {
  readonly pushedDown: readonly string[]
  readonly residual: readonly string[]
}

/**
 * Evaluates the whole demand except its time range, which bounds the walk itself. Pushed-down
 * fields are evaluated again, whatever the provider did. What the list tells is checked first, so
 * that details are read only for calls that may match. Numbers are compared in E.164: an internal
 * number or short code, whose `number` is null, never matches. A call without a duration is in no
 * range; where a provider tells nothing of recordings, `hasRecording` matches neither way.
 */
export function judgeOf(demand: CallDemand, required: RequiredParticipants): Judge {
  const tests: Judge[] = []
  const { directions, dispositions, kinds, hasRecording, minimumSeconds, maximumSeconds } = demand
  if (directions) tests.push((call) => directions.includes(call.direction))
  if (dispositions) tests.push((call) => dispositions.includes(call.disposition))
  if (kinds) tests.push((call) => kinds.includes(call.kind))
  for (const list of demand.numbers) tests.push(eitherSide(new Set(list)))
  for (const list of demand.callerNumbers) tests.push(oneSide('caller', new Set(list)))
  for (const list of demand.calleeNumbers) tests.push(oneSide('callee', new Set(list)))
  if (minimumSeconds !== null)
    tests.push((call) => call.durationSeconds !== null && call.durationSeconds >= minimumSeconds)
  if (maximumSeconds !== null)
    tests.push((call) => call.durationSeconds !== null && call.durationSeconds <= maximumSeconds)
  if (hasRecording)
    tests.push(({ recordings }) =>
      recordings ? hasRecording.includes(isRecorded(recordings)) : recordings === null ? false : undefined,
    )
  for (const wanted of required.dids) tests.push((call) => didTookPart(call, wanted))
  for (const wanted of required.groups) tests.push((call) => groupTookPart(call, wanted))
  for (const wanted of required.extensions) tests.push((call) => extensionTookPart(call, wanted))
  return (call) => {
    let verdict: Verdict = true
    for (const test of tests) {
      const answer = test(call)
      if (answer === false) return false
      if (answer === undefined) verdict = undefined
    }
    return verdict
  }
}

/**
 * The filter a provider is given. It only narrows, so of several lists for one field the shortest
 * is taken. DIDs are passed as their numbers, when the demand has no other numbers.
 */
export function callFilter(demand: CallDemand, required: RequiredParticipants): CallFilter {
  return {
    from: demand.from,
    until: demand.until,
    directions: demand.directions,
    dispositions: demand.dispositions,
    kinds: demand.kinds,
    numbers: shortest(demand.numbers) ?? shortest(required.dids.filter(areAllPublic).map(numbersOf)),
    callerNumbers: shortest(demand.callerNumbers),
    calleeNumbers: shortest(demand.calleeNumbers),
    extensionNumbers: shortest(required.extensions.map(numbersOf)),
  }
}

/** Whether the numbers of the filter are those of DIDs. */
export const numbersAreDids = (demand: CallDemand, { numbers }: CallFilter): boolean =>
  numbers !== null && demand.numbers.length === 0

/**
 * The bounds of the duration, where these and the filter are all that the demand narrows by; null
 * where it narrows by more.
 */
export function secondsBesides(demand: CallDemand): CallCountQuery['seconds'] {
  const { numbers, callerNumbers, calleeNumbers, extensionIds, groupIds, didIds, hasRecording } = demand
  const isMore = hasRecording !== null || [extensionIds, groupIds, didIds].some((lists) => lists.length > 0)
  if (isMore || [numbers, callerNumbers, calleeNumbers].some((lists) => lists.length > 1)) return null
  return { minimum: demand.minimumSeconds, maximum: demand.maximumSeconds }
}

/** Divides the fields that are set between the provider and this server. */
export function division(demand: CallDemand, filter: CallFilter, log: CallLog): Division {
  const pushed = new Set(log.pushdown(filter))
  const range = (['from', 'until'] as const).filter((field) => filter[field] !== null)
  const whole = (lists: readonly unknown[], field: keyof CallFilter) => lists.length === 1 && pushed.has(field)
  const fields: [field: string, isSet: boolean, isPushedDown: boolean][] = [
    ['startedAt', range.length > 0, range.every((field) => pushed.has(field))],
    ['directions', demand.directions !== null, pushed.has('directions')],
    ['dispositions', demand.dispositions !== null, pushed.has('dispositions')],
    ['kinds', demand.kinds !== null, pushed.has('kinds')],
    ['numbers', demand.numbers.length > 0, whole(demand.numbers, 'numbers')],
    ['callerNumbers', demand.callerNumbers.length > 0, whole(demand.callerNumbers, 'callerNumbers')],
    ['calleeNumbers', demand.calleeNumbers.length > 0, whole(demand.calleeNumbers, 'calleeNumbers')],
    ['extensionIds', demand.extensionIds.length > 0, whole(demand.extensionIds, 'extensionNumbers')],
    ['groupIds', demand.groupIds.length > 0, false],
    ['didIds', demand.didIds.length > 0, false],
    ['durationSeconds', demand.minimumSeconds !== null || demand.maximumSeconds !== null, false],
    ['hasRecording', demand.hasRecording !== null, false],
  ]
  const names = (pushedDown: boolean) =>
    fields.filter(([, isSet, isPushedDown]) => isSet && isPushedDown === pushedDown).map(([field]) => field)
  return { pushedDown: names(true), residual: names(false) }
}

/**
 * Whether the provider counts the matching calls: it evaluates the whole filter, by the same rules
 * as we do.
 */
export const countsMatch = ({ pushedDown, residual }: Division): boolean =>
  residual.length === 0 && !pushedDown.includes('extensionIds')

const eitherSide =
  (numbers: ReadonlySet<string>): Judge =>
  ({ caller, callee }) =>
    (caller.number !== null && numbers.has(caller.number)) || (callee.number !== null && numbers.has(callee.number))

const oneSide =
  (side: 'caller' | 'callee', numbers: ReadonlySet<string>): Judge =>
  (call) => {
    const { number } = call[side]
    return number !== null && numbers.has(number)
  }

const isRecorded = (recordings: readonly Recording[]) =>
  recordings.some((recording) => recording.status === RecordingStatus.AVAILABLE)

const numbersOf = (wanted: Participants): readonly string[] => [...wanted.numbers]
const areAllPublic = (wanted: Participants) => numbersOf(wanted).every((number) => number.startsWith('+'))

function shortest(lists: readonly (readonly string[])[]): readonly string[] | null {
  return lists.reduce<readonly string[] | null>(
    (best, list) => (best && best.length <= list.length ? best : list),
    null,
  )
}
