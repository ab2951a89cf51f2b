import { CallDirection, CallDisposition } from '../../../model/call-record.js'
import { flag, word, type Received } from '../../../model/values/wire-value.js'
import type { WireCall } from '../wire.js'

/**
 * `NORMAL_CLEARING` is here because it does not mean answered: documented rows have it with
 * `answer_time: null`.
 */
const NOT_TAKEN = new Set(['NO_ANSWER', 'NO_USER_RESPONSE', 'PROGRESS_TIMEOUT', 'ALLOTTED_TIMEOUT', 'NORMAL_CLEARING'])

/**
 * How a call ended; the first match wins. The API has no such field, only hangup causes. An
 * incoming call counts as answered when at least a menu answered it. The call flow is not used, so
 * the list and the detail agree.
 */
export function toDisposition(
  wire: Received<WireCall>,
  direction: CallDirection,
  answered: boolean,
  ended: boolean,
): CallDisposition {
  const cause = word(wire.hangup_cause) ?? ''
  const state = word(wire.hangup_state) ?? ''
  const incoming = direction === CallDirection.INBOUND
  if (!ended) return CallDisposition.IN_PROGRESS
  if (flag(wire.missing_call) === true) return CallDisposition.MISSED
  if (answered) return CallDisposition.ANSWERED
  if (cause === 'USER_BUSY') return CallDisposition.BUSY
  if (cause === 'CALL_REJECTED' || state === 'RECV_REFUSE' || state === 'SEND_REFUSE') return CallDisposition.REJECTED
  if (cause === 'ORIGINATOR_CANCEL' || state === 'RECV_CANCEL' || state === 'SEND_CANCEL') {
    return incoming ? CallDisposition.MISSED : CallDisposition.CANCELLED
  }
  if (NOT_TAKEN.has(cause)) return incoming ? CallDisposition.MISSED : CallDisposition.NO_ANSWER
  return CallDisposition.FAILED
}
