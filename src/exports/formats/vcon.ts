import { hash } from 'node:crypto'

import type { CallParty, CallRecord } from '../../model/call-record.js'
import type { Shown, ShownCall } from './members.js'

/** The draft that these objects follow. */
export const VCON_DRAFT = 'draft-ietf-vcon-vcon-core-03'

type Disposition = 'no-answer' | 'failed' | 'busy' | 'hung-up' | 'voicemail-no-message'

/** Why nobody talked; CANCELLED: the caller gave up. */
const UNANSWERED: Readonly<Partial<Record<CallRecord['disposition'], Disposition>>> = {
  BUSY: 'busy',
  FAILED: 'failed',
  CANCELLED: 'hung-up',
  VOICEMAIL: 'voicemail-no-message',
}

/**
 * Calls as vCons, one JSON object each. What a vCon has no place for is in an attachment, by the
 * schema's names. `createdAt`: ISO 8601, when the vCons are made.
 */
export function vconLines(
  createdAt: string,
  { label, time }: Pick<Shown, 'label' | 'time'>,
): (call: CallRecord, shown: ShownCall) => string {
  const date = (moment: string) => withoutZeroFraction(time(moment))
  const party = (one: CallParty) => ({ ...(one.number !== null && { tel: `tel:${one.number}` }), name: label(one) })
  const created_at = withoutZeroFraction(createdAt)
  return (call, shown) => {
    const start = date(call.startedAt)
    const vcon = {
      created_at,
      parties: [party(call.caller), party(call.callee)],
      dialog: [dialogOf(call, start)],
      attachments: [
        {
          purpose: 'call record',
          ...{ start, party: 0, dialog: 0, mediatype: 'application/json', encoding: 'json' },
          body: shown,
        },
      ],
    }
    return `${JSON.stringify({ uuid: uuidOf(vcon), ...vcon })}\n`
  }
}

/** A recording without its content: recordings are not exported. */
function dialogOf(call: CallRecord, start: string): object {
  const shared = {
    start,
    ...(call.durationSeconds !== null && { duration: call.durationSeconds }),
    parties: [0, 1],
  }
  const disposition = whyIncomplete(call)
  return disposition === null ? { type: 'recording', ...shared } : { type: 'incomplete', ...shared, disposition }
}

/** Null where somebody talked, or a message was left. */
function whyIncomplete({ disposition, answeredAt, recordings }: CallRecord): Disposition | null {
  if (disposition === 'ANSWERED') return null
  const isLeft = disposition === 'VOICEMAIL' && (recordings == null || recordings.length > 0)
  if (isLeft || (!(disposition in UNANSWERED) && answeredAt !== null)) return null
  return UNANSWERED[disposition] ?? 'no-answer'
}

/** RFC 8620 §1.4: a fraction that is zero is left out. */
const withoutZeroFraction = (moment: string) => moment.replace('.000', '')

/** By its content, RFC 9562 §5.8: a call that has changed is another vCon. */
function uuidOf(vcon: object): string {
  const bytes = hash('sha256', JSON.stringify(vcon), 'buffer').subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
