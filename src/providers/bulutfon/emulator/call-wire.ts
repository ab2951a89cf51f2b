import type { Office } from '../../../emulator/story.js'
import type { LoggedCall } from './call-log.js'
import { digitsOf } from './companies.js'
import type { BulutfonKnobs } from './knobs.js'

/** A call as a row of `/cdrs`; its keys depend on the direction and the era. */
export type Cdr = Readonly<Record<string, unknown>>

export function toCdr(call: LoggedCall, office: Office, knobs: BulutfonKnobs): Cdr {
  const { direction, did } = call
  const { caller, callee } = partiesOf(call, office, knobs)
  const shown = did === null ? null : digitsOf(did)
  return {
    uuid: call.uuid,
    bf_calltype: call.kind,
    direction: direction.toUpperCase(),
    caller,
    callee,
    // Documented as the calling extension, but it holds the number shown.
    ...(direction === 'out' && { extension: knobs.era === 'E3' || shown === null ? shown : Number(shown) }),
    call_time: time(call.startedAt),
    answer_time: time(call.answeredAt),
    hangup_time: time(call.endedAt),
    ...(knobs.era === 'E3' && { missing_call: isMissed(call) }),
    ...(direction === 'out' && { call_price: priceOf(call, knobs) }),
    call_record: recordingWords[knobs.era === 'E3' ? 'E3' : 'turkish'][call.recording],
    ...hangupOf(call),
  }
}

/** Caller and callee as JSON numbers: public numbers as digits, extensions as dialled. */
export function partiesOf(
  { direction, outside, did, from, to }: LoggedCall,
  office: Office,
  { anonymousCaller }: Pick<BulutfonKnobs, 'anonymousCaller'>,
) {
  const far = outside === null ? anonymousCaller : Number(digitsOf(outside))
  const ours = did === null ? null : Number(digitsOf(did))
  if (direction === 'in') return { caller: far, callee: ours }
  if (direction === 'out') return { caller: ours, callee: far }
  return { caller: extensionNumber(office, from), callee: extensionNumber(office, to) }
}

/** The number an extension has, or had at the time of the call. */
export function extensionNumber({ extensions }: Office, id: number | null): number | null {
  const found = extensions.find((extension) => extension.id === id)
  return found ? Number(found.number) : null
}

/** Nobody talked: the caller gave up, or a menu led to nobody. */
export function isMissed({ direction, outcome, answeredAt }: LoggedCall): boolean {
  if (direction !== 'in' || outcome === 'answered' || outcome === 'voicemail') return false
  return outcome === 'missed' || answeredAt !== null
}

/** ISO 8601 with offset and no fraction. Turkey has kept +03:00 since September 2016. */
export function time(at: number): string
export function time(at: number | null): string | null
export function time(at: number | null): string | null {
  return at === null ? null : `${new Date(at + 3 * 60 * 60 * 1000).toISOString().slice(0, 19)}+03:00`
}

function priceOf({ price }: LoggedCall, { era }: BulutfonKnobs): string | number | null {
  return price === null || era !== 'E3' ? price : String(price)
}

const recordingWords = {
  E3: { yes: 'YES', no: 'NO', removed: 'REMOVED' },
  turkish: { yes: 'Var', no: 'Yok', removed: 'REMOVED' },
} as const

interface Hangup {
  readonly hangup_cause: string
  readonly hangup_state: string | null
}

/**
 * Cause and state as they were seen together. `send_` is the called side, `recv_` the calling side;
 * a state may be null; NORMAL_CLEARING does not mean answered.
 */
function hangupOf({ outcome, hungUpBy, answeredAt, direction, id }: LoggedCall): Hangup {
  const hangup = (hangup_cause: string, hangup_state: string | null): Hangup => ({ hangup_cause, hangup_state })
  if (answeredAt !== null) return hangup('NORMAL_CLEARING', hungUpBy === 'caller' ? 'recv_bye' : 'send_bye')
  switch (outcome) {
    case 'busy':
      return hangup('USER_BUSY', 'recv_refuse')
    case 'rejected':
      return id % 3 === 0
        ? hangup('NORMAL_CLEARING', 'recv_refuse')
        : hangup('CALL_REJECTED', direction === 'in' ? 'send_refuse' : 'recv_refuse')
    case 'cancelled':
      return hangup('ORIGINATOR_CANCEL', id % 2 === 0 ? 'send_cancel' : null)
    case 'missed':
      return hungUpBy === 'caller'
        ? hangup('ORIGINATOR_CANCEL', id % 3 === 0 ? null : 'recv_cancel')
        : hangup('NO_ANSWER', null)
    case 'no answer':
      return hangup((['NO_ANSWER', 'NO_USER_RESPONSE', 'PROGRESS_TIMEOUT'] as const)[id % 3] ?? 'NO_ANSWER', null)
    default:
      return hangup(direction === 'in' ? 'UNALLOCATED_NUMBER' : 'INVALID_NUMBER_FORMAT', null)
  }
}
