import { CallDirection } from '../../model/call-record.js'
import type { Reference } from '../../model/reference.js'
import { toE164 } from '../../model/values/phone-number.js'
import { text } from '../../model/values/wire-value.js'
import { badResponse } from '../bad-response.js'
import type { CallFact, CallFactType, DeliveredAccount, WebhookFormat } from '../live.js'
import { dialled, destinationOf, externalOf, side } from './map/endpoints.js'
import { partiesOf } from './map/parties.js'
import { lineIn, lineRefIn, phoneIn } from './map/row-facts.js'

const EVENTS = new Map<string, CallFactType>([
  ['newcall', 'STARTED'],
  ['ringing', 'RINGING'],
  ['answered', 'ANSWERED'],
  ['attendedtransfer', 'TRANSFERRED'],
  ['hangup', 'ENDED'],
  ['cdr', 'RECORD_WRITTEN'],
])
/** Agents come, go and pause: no call. */
const AGENT_EVENTS = new Set(['agentlogin', 'agentlogout', 'agentpaused', 'agentunpaused'])

/** Older switchboards write them in lower case. */
const DIRECTION = new Map([
  ['incoming', CallDirection.INBOUND],
  ['outgoing', CallDirection.OUTBOUND],
  ['incominglocal', CallDirection.INTERNAL],
  ['outgoinglocal', CallDirection.INTERNAL],
])

/** Asterisk's words for a call that nobody took; the words of `Reason` are not published. */
const NOBODY_TOOK_IT = new Set(['NOANSWER', 'BUSY', 'CANCEL', 'CONGESTION', 'FAILED', 'REJECTED'])
/** One phone stops ringing because another was faster; the call goes on. */
const TAKEN_ELSEWHERE = new Set(['ANSWEREDELSEWHERE', 'PICKUP'])

/** The provider's own names of the fields that are read; a webhook may be given others. */
type Field = 'EventName' | 'From' | 'To' | 'Line' | 'UniqueId' | 'Queue' | 'Direction' | 'Reason'
type Fields = (field: Field) => unknown

/** Longer texts than any number, id or name: nothing of them is kept. */
const LONGEST_TEXT = 200

/**
 * IPEX's webhooks. They have no times. `UniqueId` is taken for the call's `linkedid`, by which its
 * record is found. Source: the wiki page "Webhooks" (PBX 4.6).
 */
export const ipexWebhook: WebhookFormat = {
  read(body, account, keys) {
    const fields = fieldsOf(body, keys)
    const name = text(fields('EventName'))?.toLowerCase() ?? ''
    if (AGENT_EVENTS.has(name)) return []
    const type = EVENTS.get(name)
    return type ? toFacts(type, fields, account) : null
  },
  keyNames: ['EventName', 'From', 'To', 'Line', 'Email', 'Login', 'UniqueId', 'Queue', 'Direction', 'Reason'],
  nameOf: (body, keys) => short(fieldsOf(body, keys)('EventName')),
}

const fieldsOf =
  (body: Readonly<Record<string, unknown>>, keys: Readonly<Record<string, string>>): Fields =>
  (field) => {
    const name = Object.hasOwn(keys, field) ? keys[field]! : field
    return Object.hasOwn(body, name) ? body[name] : undefined
  }

function toFacts(type: CallFactType, fields: Fields, account: DeliveredAccount): CallFact[] {
  const nativeType = text(fields('EventName'))
  const callId = short(fields('UniqueId'))
  if (callId === null) throw badResponse(`IPEX's webhook ${nativeType} does not say of which call`, 'NO_CALL')
  const reason = (text(fields('Reason')) ?? '').toUpperCase().replace(/[^A-Z]/g, '')
  if (type === 'ENDED' && TAKEN_ELSEWHERE.has(reason)) return []
  const direction = DIRECTION.get(text(fields('Direction'))?.toLowerCase() ?? '') ?? null
  const [src, dst] = [side(short(fields('From'))), side(short(fields('To')))]
  const told = { src, dst, line: lineField(fields) }
  const line = lineIn(told)
  const { caller, callee, didRef } = partiesOf(
    { direction: direction ?? CallDirection.UNKNOWN, src, name: null, dst, isPhone: (number) => number === line },
    account,
  )
  const queue = short(fields('Queue'))
  const isEntered = queue !== null && direction !== CallDirection.OUTBOUND && WAITS_OR_TALKS.has(type)
  const fact: CallFact = {
    callId,
    type,
    occurredAt: null,
    nativeType,
    key: `${type} ${line ?? ''}`,
    direction,
    caller: src === null ? null : caller,
    callee: dst === null ? null : callee,
    didRef,
    targetRef: targetOf(type, direction, told, account),
    involved: involvedIn(told, queue),
    ...(type === 'ENDED' && NOBODY_TOOK_IT.has(reason) && { answeredAt: null }),
  }
  if (!isEntered) return [fact]
  // No event says that a call enters a queue; the events in it name it.
  const targetRef = queueRef(queue)
  return [{ ...fact, type: 'ENTERED_GROUP', nativeType: null, key: `QUEUE ${queue}`, targetRef, inferred: true }, fact]
}

const WAITS_OR_TALKS: ReadonlySet<CallFactType> = new Set(['STARTED', 'RINGING', 'ANSWERED', 'TRANSFERRED'])

interface Told {
  readonly src: string | null
  readonly dst: string | null
  readonly line: unknown
}

/** Where the call is after the event: whom it rings, or who talks. */
function targetOf(
  type: CallFactType,
  direction: CallDirection | null,
  told: Told,
  account: DeliveredAccount,
): Reference | null {
  switch (type) {
    case 'STARTED':
      // What is dialled inside or outside rings next; what comes in may go anywhere.
      return direction === CallDirection.OUTBOUND || direction === CallDirection.INTERNAL
        ? phoneIn(direction, told, account)
        : null
    case 'RINGING':
    case 'ANSWERED':
      return phoneIn(direction ?? CallDirection.UNKNOWN, told, account) ?? insideOnly(told.dst, account)
    case 'TRANSFERRED':
      return lineRefIn(told) ?? insideOnly(told.dst, account) ?? outsideOnly(told.dst, account)
    default:
      return null
  }
}

function insideOnly(number: string | null, account: DeliveredAccount): Reference | null {
  const inside = dialled(number)
  return inside !== null && toE164(inside, account.country) === null ? destinationOf(inside, account) : null
}

function outsideOnly(number: string | null, account: DeliveredAccount): Reference | null {
  return toE164(number, account.country) === null ? null : externalOf(number!, account)
}

const queueRef = (name: string): Reference => ({ kind: 'Group', name })

function involvedIn(told: Told, queue: string | null): readonly Reference[] {
  const line = lineRefIn(told)
  return [...(line ? [line] : []), ...(queue === null ? [] : [queueRef(queue)])]
}

/** A JSON number has lost its leading zeros, so it stays one. */
function lineField(fields: Fields): unknown {
  const line = fields('Line')
  return typeof line === 'number' ? line : short(line)
}

function short(value: unknown): string | null {
  const written = text(value)
  return written !== null && written.length <= LONGEST_TEXT ? written : null
}
