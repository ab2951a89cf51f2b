import { CallDirection } from '../../model/call-record.js'
import type { Reference } from '../../model/reference.js'
import { toInstant } from '../../model/values/date-time.js'
import { decimal, received, text, word } from '../../model/values/wire-value.js'
import { badResponse } from '../bad-response.js'
import type { CallFact, DeliveredAccount, WebhookFormat } from '../live.js'
import { CALL_DIRECTION } from './map/call-record.js'
import { partiesOf } from './map/parties.js'
import { external, lineTarget, menu } from './map/phone.js'

type Delivered = Readonly<Record<string, unknown>>
type EventType = 'STARTED' | 'ENTERED_MENU' | 'ENTERED_GROUP' | 'RINGING' | 'MISSED' | 'ENDED'

/** The documentation's text and its samples spell some of them differently. */
const EVENTS: Readonly<Record<string, EventType>> = {
  CALL_INIT: 'STARTED',
  FAX_INIT: 'STARTED',
  CALL_INIT_EXTENSION: 'RINGING',
  INCOMING_CALL_EXTENSION: 'RINGING',
  CALL_INIT_GROUP: 'ENTERED_GROUP',
  INCOMING_CALL_GROUP: 'ENTERED_GROUP',
  CALL_INIT_MENU: 'ENTERED_MENU',
  CALL_INIT_MANU: 'ENTERED_MENU',
  INCOMING_CALL_MENU: 'ENTERED_MENU',
  MISSING_CALL: 'MISSED',
  CALL_HANGUP: 'ENDED',
}

/** Longer texts than any number or id: nothing of them is kept. */
const LONGEST_TEXT = 100

/**
 * Bulutfon's webhooks, as JSON or as a form. A call has the uuid of its record. Nothing says that a
 * call was answered but its end. Source: github.com/bulutfon/documents, folder `WEBHOOKS/`.
 */
export const bulutfonWebhook: WebhookFormat = {
  keyNames: [],
  read(body, account) {
    const type = EVENTS[word(body['event_type']) ?? '']
    return type ? [toFact(type, body, account)] : null
  },
  nameOf: (body) => short(body['event_type']),
}

function toFact(type: EventType, body: Delivered, account: DeliveredAccount): CallFact {
  const nativeType = text(body['event_type'])
  const callId = short(body['uuid']) ?? short(recordField(body, 'uuid'))
  if (callId === null) throw badResponse(`Bulutfon's webhook ${nativeType} does not say of which call`, 'NO_CALL')
  const direction = CALL_DIRECTION[word(body['direction']) ?? word(recordField(body, 'bf_direction')) ?? ''] ?? null
  const from = short(body['caller']) ?? short(recordField(body, 'bf_caller'))
  const to = short(body['callee']) ?? short(recordField(body, 'bf_callee'))
  const { caller, callee, didRef } = partiesOf(direction ?? CallDirection.UNKNOWN, from, to, account)
  const occurredAt = momentOf(body['timestamp'], account)
  const destination = short(body['destination'])
  return {
    callId,
    type,
    occurredAt,
    nativeType,
    key: `${type} ${destination ?? ''}`,
    direction,
    caller: from === null ? null : caller,
    callee: to === null ? null : callee,
    didRef,
    targetRef: type === 'STARTED' ? dialledTarget(direction, to, account) : targetOf(type, destination),
    ...(type === 'ENDED' && { answeredAt: answerBefore(body, occurredAt, account) }),
  }
}

/** What an outgoing or internal call rings; an incoming one is not anywhere yet. */
function dialledTarget(
  direction: CallDirection | null,
  to: string | null,
  account: DeliveredAccount,
): Reference | null {
  if (to === null) return null
  if (direction === CallDirection.OUTBOUND) return external(to, account)
  return direction === CallDirection.INTERNAL ? lineTarget(to) : null
}

function targetOf(type: EventType, number: string | null): Reference | null {
  if (number === null) return null
  switch (type) {
    case 'RINGING':
      return { kind: 'Extension', number }
    case 'ENTERED_GROUP':
      return { kind: 'Group', number }
    case 'ENTERED_MENU':
      return menu(number)
    default:
      return null
  }
}

/**
 * When the call that ends was answered: so many seconds before its end as it was talked, a menu's
 * talk included. Null: by nobody; undefined: that is not told. Until July 2020 the record itself
 * came with the event.
 */
function answerBefore(body: Delivered, endedAt: string | null, account: DeliveredAccount): string | null | undefined {
  const answerTime = recordField(body, 'answer_time')
  if (answerTime !== undefined) return toInstant(text(answerTime), account.timeZone)
  const talked = decimal(body['talk_duration'])
  const isConnected = word(body['result_disposition']) === 'SUCCESS'
  if (talked === null && !isConnected) return undefined
  const seconds = Math.max(0, Number(talked ?? 0))
  if (seconds === 0 && !isConnected) return null
  return endedAt === null || seconds > A_DAY ? undefined : isoTime(Date.parse(endedAt) - seconds * 1000)
}

/** No call is that long, s. */
const A_DAY = 86_400

const isoTime = (time: number): string => new Date(time).toISOString()

/** A field of the `cdr` in a delivery; forms write its name into brackets. */
function recordField(body: Delivered, field: string): unknown {
  const record = received<Delivered>(body['cdr'])
  return record && field in record ? record[field] : body[`cdr[${field}]`]
}

/** Digits of a Unix time in seconds, ms or µs, by their number. */
const UNIT: Readonly<Record<number, number>> = { 10: 1000, 13: 1, 16: 1 / 1000 }

/** Documented as Unix time; the samples count microseconds. */
function momentOf(value: unknown, account: DeliveredAccount): string | null {
  const written = text(value)
  if (written === null || !/^\d+$/.test(written)) return toInstant(written, account.timeZone)
  const unit = UNIT[written.length]
  return unit === undefined ? null : toInstant(isoTime(Math.floor(Number(written) * unit)), account.timeZone)
}

function short(value: unknown): string | null {
  const written = text(value)
  return written !== null && written.length <= LONGEST_TEXT ? written : null
}
