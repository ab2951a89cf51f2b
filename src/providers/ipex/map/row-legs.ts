import { CallDirection, CallLegAction, CallLegResult, type CallLeg } from '../../../model/call-record.js'
import type { Reference } from '../../../model/reference.js'
import { text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { CallRow } from '../call-rows.js'
import { answerTime, directionOf, dispositionWord, isAnswered, lineRef, withoutZeros } from './call-record.js'
import { destinationOf, didOf } from './endpoints.js'
import { Legs, type BegunLeg, type Leg } from './legs.js'

const RESULT: Readonly<Record<string, CallLegResult>> = {
  ANSWERED: CallLegResult.ANSWERED,
  NOANSWER: CallLegResult.NO_ANSWER,
  BUSY: CallLegResult.BUSY,
  FAILED: CallLegResult.FAILED,
  CONGESTION: CallLegResult.FAILED,
}

/**
 * The legs of a call from its rows, where the provider has no events: which phones rang, in which
 * queue, and the results. A row's leg is known by its channel, number and start; a queue's by its
 * name and how often it was entered before.
 */
export function toLegsOfRows(call: string, rows: readonly CallRow[], account: AccountFacts): CallLeg[] {
  const legs = new Legs(call, account)
  const first = rows[0]
  const dialled = text(first?.wire.dst)
  if (
    first &&
    directionOf(first) === CallDirection.INBOUND &&
    dialled !== null &&
    destinationOf(dialled, account).kind === 'ExternalNumber'
  ) {
    legs.begin(['row of a number', dialled], {
      ...at(first.startedAt),
      action: CallLegAction.ENTER_DID,
      targetRef: didOf(dialled, account),
      result: CallLegResult.CONTINUED,
    })
  }
  let queue: string | null = null
  let group: Leg | null = null
  for (const row of rows) {
    const name = text(row.wire.queue)
    if (name !== queue) group = name === null ? null : enter(name, row)
    queue = name
    // Phones that ring together end in any order.
    if (group) group.endedAt = new Date(Math.max(row.endedAt, Date.parse(group.endedAt ?? '') || 0)).toISOString()
    const { uniqueid, dst, line } = row.wire
    const { startedAt } = at(row.startedAt)
    // `line` comes as text or as a number, which has no leading zeros.
    const facts = ['row', text(uniqueid), startedAt, text(dst), withoutZeros(text(line) ?? '')]
    legs.begin(facts, phone(row, first as CallRow, account), group)
  }
  return legs.inOrder(rows.some(isAnswered))

  function enter(name: string, row: CallRow): Leg {
    return legs.begin(['row of a queue', name], {
      ...at(row.startedAt),
      action: CallLegAction.ENTER_GROUP,
      targetRef: { kind: 'Group', name, nativeType: 'queue' },
    })
  }
}

function phone(row: CallRow, first: CallRow, account: AccountFacts): BegunLeg {
  const way = directionOf(row)
  const dst = text(row.wire.dst)
  const answeredElsewhere = /ANSWERED_ELSEWHERE/i.test(text(row.wire.hangupcause) ?? '')
  return {
    ...at(row.startedAt),
    action: way === CallDirection.OUTBOUND && directionOf(first) !== way ? CallLegAction.FORWARD : CallLegAction.RING,
    targetRef:
      way === CallDirection.INBOUND ? targetOfLine(row, account) : dst === null ? null : destinationOf(dst, account),
    answeredAt: isAnswered(row) ? new Date(answerTime(row)).toISOString() : null,
    endedAt: new Date(row.endedAt).toISOString(),
    result: answeredElsewhere
      ? CallLegResult.ANSWERED_ELSEWHERE
      : (RESULT[dispositionWord(row)] ?? CallLegResult.UNKNOWN),
    nativeResult: text(row.wire.disposition),
  }
}

function targetOfLine(row: CallRow, account: AccountFacts): Reference | null {
  const line = lineRef(row)
  const target = line && destinationOf(line.number, account)
  return target?.kind === 'Extension' ? line : target
}

const at = (time: number) => ({ startedAt: new Date(time).toISOString() })
