import {
  CallDirection,
  CallDisposition,
  CallKind,
  HangupParty,
  RecordingStatus,
  type CallParty,
  type CallRecord,
  type Recording,
} from '../../../model/call-record.js'
import { secondsBetween, toInstant } from '../../../model/values/date-time.js'
import { globalId } from '../../../model/id.js'
import type { Money } from '../../../model/values/money.js'
import { referenceOf, type Reference } from '../../../model/reference.js'
import { decimal, received, text, word, type Received } from '../../../model/values/wire-value.js'
import { possibleTimes } from '../../call-times.js'
import { leavingOut } from '../../left-out.js'
import type { AccountFacts } from '../../provider.js'
import type { WireCall } from '../wire.js'
import { CURRENCY } from './account.js'
import { answeredInFlow, groupsInFlow, toLegs, writtenFlow, type CallStart } from './call-flow.js'
import { toDisposition } from './disposition.js'
import { partiesOf } from './parties.js'
import { lineTarget } from './phone.js'

export const CALL_KIND: Readonly<Record<string, CallKind>> = { VOICE: CallKind.VOICE, FAX: CallKind.FAX }
export const CALL_DIRECTION: Readonly<Record<string, CallDirection>> = {
  IN: CallDirection.INBOUND,
  OUT: CallDirection.OUTBOUND,
  LOCAL: CallDirection.INTERNAL,
}

/** The list and older responses write it in English, in Turkish and as a boolean. */
const RECORDED = new Set(['YES', 'VAR', 'TRUE'])
const REMOVED = 'REMOVED'

/**
 * `recv_…` came from the caller's side, `send_…` from the called side. The documentation says
 * system and client instead, but the webhooks and the vendor's own panel read it this way; best
 * effort.
 */
const HANGUP_PARTY: Readonly<Record<string, HangupParty>> = {
  RECV_BYE: HangupParty.CALLER,
  RECV_CANCEL: HangupParty.CALLER,
  SEND_BYE: HangupParty.CALLEE,
}

/** Maps one row of `/cdrs`; null when it has no uuid or no time. */
export function toCallRecord(account: AccountFacts, row: unknown, fetchedAt: string): CallRecord | null {
  const wire = received<WireCall>(row)
  const uuid = text(wire?.uuid)
  const startedAt = toInstant(text(wire?.call_time), account.timeZone)
  if (!wire || uuid === null || startedAt === null) return null
  const direction = CALL_DIRECTION[word(wire.direction) ?? ''] ?? CallDirection.UNKNOWN
  const times = possibleTimes(startedAt, {
    answeredAt: toInstant(text(wire.answer_time), account.timeZone),
    endedAt: toInstant(text(wire.hangup_time), account.timeZone),
  })
  const { endedAt } = times
  const disposition = toDisposition(wire, direction, times.answeredAt !== null, endedAt !== null)
  // What a missed call was answered by was a menu: nobody talked.
  const answeredAt = disposition === CallDisposition.MISSED ? null : times.answeredAt
  const durationSeconds = secondsBetween(startedAt, endedAt)
  const { caller, callee, didRef } = partiesOf(direction, text(wire.caller), text(wire.callee), account)
  const { answeredByRef, groupRefs, steps } = detailFromRow(direction, callee, answeredAt !== null)
  return {
    __typename: 'CallRecord',
    id: globalId('CallRecord', account.key, uuid),
    accountKey: account.key,
    providerResourceId: uuid,
    fetchedAt,
    payload: withoutFlow(wire),
    kind: CALL_KIND[word(wire.bf_calltype) ?? ''] ?? CallKind.UNKNOWN,
    direction,
    caller,
    callee,
    startedAt,
    answeredAt,
    endedAt,
    durationSeconds,
    waitSeconds: answeredAt === null ? durationSeconds : secondsBetween(startedAt, answeredAt),
    talkSeconds: answeredAt !== null ? secondsBetween(answeredAt, endedAt) : endedAt === null ? null : 0,
    disposition,
    nativeDisposition: text(wire.hangup_state),
    nativeHangupCause: text(wire.hangup_cause),
    hangupParty: HANGUP_PARTY[word(wire.hangup_state) ?? ''] ?? HangupParty.UNKNOWN,
    recordings: recordings(wire.call_record, uuid, account),
    cost: cost(wire.call_price),
    didRef,
    answeredByRef,
    groupRefs,
    steps,
  }
}

export type CallDetail = Pick<CallRecord, 'answeredByRef' | 'groupRefs' | 'steps' | 'leftOut'>

/** The fields that only `/cdrs/:uuid` has: the path of an incoming call. */
export function toCallDetail(
  account: AccountFacts,
  call: CallStart & Pick<CallRecord, 'answeredAt'>,
  row: unknown,
): CallDetail {
  const flow = received<WireCall>(row)?.call_flow
  const steps = toLegs(flow, call, account)
  const { unreadableSteps, unreadablePhones } = writtenFlow(flow)
  return {
    answeredByRef: call.answeredAt === null ? null : answeredInFlow(steps),
    groupRefs: groupsInFlow(flow),
    steps,
    ...leavingOut({ steps: unreadableSteps + unreadablePhones, groupRefs: unreadableSteps }),
  }
}

/**
 * Outgoing and internal calls have no flow: the row has all there is. Incoming ones need the detail
 * (`undefined`).
 */
function detailFromRow(direction: CallDirection, { rawNumber, number }: CallParty, answered: boolean): CallDetail {
  switch (direction) {
    case CallDirection.OUTBOUND:
      return {
        answeredByRef: answered && rawNumber !== null ? { kind: 'ExternalNumber', number, rawNumber } : null,
        groupRefs: NO_GROUPS,
        steps: null,
      }
    case CallDirection.INTERNAL: {
      const target = rawNumber === null ? null : lineTarget(rawNumber)
      return {
        // A menu that took it is nobody.
        answeredByRef: answered && referenceOf(target, 'Extension') ? { kind: 'Extension', number: rawNumber } : null,
        groupRefs: target?.kind === 'Group' ? [target] : NO_GROUPS,
        steps: null,
      }
    }
    default:
      return answered ? ONLY_IN_DETAIL : ONLY_IN_DETAIL_AND_NOT_ANSWERED
  }
}

const NO_GROUPS: readonly Reference[] = []
const ONLY_IN_DETAIL: CallDetail = { answeredByRef: undefined, groupRefs: undefined, steps: undefined }
const ONLY_IN_DETAIL_AND_NOT_ANSWERED: CallDetail = { ...ONLY_IN_DETAIL, answeredByRef: null }

const NOT_RECORDED: readonly Recording[] = []

function recordings(value: unknown, uuid: string, account: AccountFacts): readonly Recording[] {
  const said = typeof value === 'boolean' ? String(value).toUpperCase() : word(value)
  const status =
    said === REMOVED ? RecordingStatus.DELETED : said !== null && RECORDED.has(said) ? RecordingStatus.AVAILABLE : null
  if (status === null) return NOT_RECORDED
  return [
    {
      __typename: 'Recording',
      id: globalId('Recording', account.key, uuid),
      accountKey: account.key,
      nativeName: uuid,
      status,
      mimeType: null,
    },
  ]
}

function cost(value: unknown): Money | null {
  const amount = decimal(value)
  return amount === null ? null : { amount, currencyCode: CURRENCY }
}

/** The flow is in the legs, so a call has the same payload from the list and from its detail. */
function withoutFlow(wire: Received<WireCall>): unknown {
  if (!('call_flow' in wire)) return wire
  const { call_flow: _flow, ...row } = wire
  return row
}
