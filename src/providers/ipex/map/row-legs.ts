import { CallDirection, CallLegAction, CallLegResult, type CallLeg } from '../../../model/call-record.js'
import type { Reference } from '../../../model/reference.js'
import { text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import { originOf, type CallRow } from '../call-rows.js'
import { destinationOf, dialled, didOf } from './endpoints.js'
import { Legs, type BegunLeg, type Leg } from './legs.js'
import { ringsOf, type Ring } from './rings.js'
import { directionOf, dispositionWord, isTaken, withoutZeros } from './row-facts.js'
import { answerTime } from './row-times.js'

const RESULT: Readonly<Record<string, CallLegResult>> = {
  // Of a phone that nobody took the word is the switchboard's.
  ANSWERED: CallLegResult.NO_ANSWER,
  NOANSWER: CallLegResult.NO_ANSWER,
  CANCEL: CallLegResult.CANCELLED,
  BUSY: CallLegResult.BUSY,
  FAILED: CallLegResult.FAILED,
  CONGESTION: CallLegResult.FAILED,
}

/**
 * The legs of a call from its rows, where the provider has no events: which phones rang, in which
 * queue, and the results. A ring's leg is known by the channel, number and start of its first row; a
 * queue's by its name and how often it was entered before.
 */
export function toLegsOfRows(call: string, rows: readonly CallRow[], account: AccountFacts): CallLeg[] {
  const legs = new Legs(call, account)
  if (rows.length === 0) return []
  const origin = originOf(rows)
  const direction = directionOf(origin)
  const number = dialled(origin.wire.dst)
  if (direction === CallDirection.INBOUND && number !== null && destinationOf(number, account).kind !== 'Extension') {
    legs.begin(['row of a number', number], {
      ...at(origin.startedAt),
      action: CallLegAction.ENTER_DID,
      targetRef: didOf(number, account),
      result: CallLegResult.CONTINUED,
    })
  }
  const wasAnswered = rows.some((row) => isTaken(row, direction, account))
  const rings = new Map(ringsOf(rows, account).map((ring) => [ring.rows[0], ring]))
  let queue: string | null = null
  let group: Leg | null = null
  for (const row of rows) {
    const name: string | null = text(row.wire.queue) ?? (isWithin(group, row) ? queue : null)
    if (name !== queue) group = name === null ? null : enter(name, row)
    queue = name
    // Phones that ring together end in any order.
    if (group && row.endedAt !== null) group.endedAt = later(group.endedAt, row.endedAt)
    const ring = rings.get(row)
    if (!ring) continue
    const { uniqueid, dst, line } = row.wire
    const { startedAt } = at(row.startedAt)
    // `line` comes as text or as a number, which has no leading zeros.
    const facts = ['row', text(uniqueid), startedAt, text(dst), withoutZeros(text(line) ?? '')]
    legs.begin(facts, legOf(ring, direction, wasAnswered, account), group)
  }
  return legs.inOrder(wasAnswered)

  function enter(name: string, row: CallRow): Leg {
    return legs.begin(['row of a queue', name], {
      ...at(row.startedAt),
      action: CallLegAction.ENTER_GROUP,
      targetRef: { kind: 'Group', name, nativeType: 'queue' },
    })
  }
}

function legOf({ rows, phone }: Ring, call: CallDirection, wasAnswered: boolean, account: AccountFacts): BegunLeg {
  const first = rows[0] as CallRow
  const taken = rows.filter((row) => isTaken(row, call, account))
  const telling = taken[0] ?? first
  const times = taken.map(answerTime).filter((time) => time !== null)
  const ends = rows.map((row) => row.endedAt).filter((time) => time !== null)
  return {
    ...at(first.startedAt),
    action:
      directionOf(first) === CallDirection.OUTBOUND && call !== CallDirection.OUTBOUND
        ? CallLegAction.FORWARD
        : CallLegAction.RING,
    targetRef: seen(phone, account),
    answeredAt: times.length > 0 ? new Date(Math.min(...times)).toISOString() : null,
    endedAt: ends.length > 0 ? new Date(Math.max(...ends)).toISOString() : null,
    result: taken.length > 0 ? CallLegResult.ANSWERED : unanswered(first, wasAnswered),
    nativeResult: text(telling.wire.disposition),
  }
}

function unanswered(row: CallRow, wasAnswered: boolean): CallLegResult {
  const word = dispositionWord(row)
  const isBeaten = /ANSWERED_ELSEWHERE/i.test(text(row.wire.hangupcause) ?? '') || (word === 'CANCEL' && wasAnswered)
  return isBeaten ? CallLegResult.ANSWERED_ELSEWHERE : (RESULT[word] ?? CallLegResult.UNKNOWN)
}

/** A channel within the switchboard, on the way from a queue to a phone, does not name the queue. */
const isWithin = (group: Leg | null, row: CallRow): boolean =>
  directionOf(row) === CallDirection.INTERNAL && group?.endedAt != null && row.startedAt < Date.parse(group.endedAt)

/** A line whose number is a public one is a phone outside. */
function seen(phone: Reference, account: AccountFacts): Reference {
  const target = phone.kind === 'Extension' && phone.number ? destinationOf(phone.number, account) : phone
  return target.kind === 'Extension' ? phone : target
}

const at = (time: number) => ({ startedAt: new Date(time).toISOString() })

const later = (known: string | null, time: number) =>
  new Date(Math.max(time, Date.parse(known ?? '') || 0)).toISOString()
