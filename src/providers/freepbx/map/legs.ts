import { CallLegAction, CallLegResult, inOrderOfTime, LegIds, text } from '../../../provider.js'
import type { CallLeg, Reference } from '../../../provider.js'
import type { CallRow } from '../call-rows.js'
import { menu, type Home } from './destination.js'
import { groupOf, isMailbox, lineOf, namesPhone, reachedOutside, withoutSecondHalves } from './row-facts.js'

const RESULT: Readonly<Record<string, CallLegResult>> = {
  ANSWERED: CallLegResult.ANSWERED,
  'NO ANSWER': CallLegResult.NO_ANSWER,
  CANCEL: CallLegResult.CANCELLED,
  BUSY: CallLegResult.BUSY,
  FAILED: CallLegResult.FAILED,
  CONGESTION: CallLegResult.FAILED,
}

const iso = (time: number): string => new Date(time).toISOString()

/**
 * The steps of a call from its rows: one for each phone that rang, under the ring group or queue it
 * rang in, and one for each thing that the switchboard did itself.
 */
export function legsOf(call: string, rows: readonly CallRow[], account: Home): CallLeg[] {
  const ids = new LegIds(account.key, call)
  const legs: Omit<CallLeg, 'sequence'>[] = []
  let entered: { readonly group: string; readonly id: string } | undefined
  for (const row of withoutSecondHalves(rows)) {
    const group = groupOf(row)
    if (!group) entered = undefined
    else if (group.id !== entered?.group) {
      entered = { group: group.id, id: ids.next('group', group.id) }
      const ofGroup = rows.filter((one) => groupOf(one)?.number === group.number)
      legs.push({
        __typename: 'CallLeg',
        accountKey: account.key,
        id: entered.id,
        parentId: null,
        action: CallLegAction.ENTER_GROUP,
        nativeAction: text(row.wire.dcontext),
        startedAt: iso(row.startedAt),
        answeredAt: null,
        endedAt: ofGroup.every(({ isEndTold }) => isEndTold)
          ? iso(Math.max(...ofGroup.map(({ endedAt }) => endedAt)))
          : null,
        result: CallLegResult.CONTINUED,
        nativeResult: null,
        targetRef: group,
      })
    }
    // The step after a queue, within its context, names nobody.
    if (group && !namesPhone(row) && !isMailbox(row)) continue
    legs.push({
      __typename: 'CallLeg',
      accountKey: account.key,
      id: ids.next(row.uniqueid, String(row.sequence)),
      parentId: entered?.id ?? null,
      action: actionOf(row),
      nativeAction: text(row.wire.lastapp),
      startedAt: iso(row.startedAt),
      answeredAt: row.answeredAt === null ? null : iso(row.answeredAt),
      endedAt: row.isEndTold ? iso(row.endedAt) : null,
      result: resultOf(row, rows),
      nativeResult: row.disposition,
      targetRef: targetOf(row, account),
    })
  }
  return inOrderOfTime(legs)
}

function actionOf(row: CallRow): CallLegAction {
  if (isMailbox(row)) return CallLegAction.VOICEMAIL
  if (/^ivr-/.test(text(row.wire.dcontext) ?? '')) return CallLegAction.ENTER_MENU
  return namesPhone(row) ? CallLegAction.RING : CallLegAction.UNKNOWN
}

/** A phone that stopped ringing as another was taken was only slower. */
function resultOf(row: CallRow, rows: readonly CallRow[]): CallLegResult {
  if (!namesPhone(row) && !isMailbox(row)) return CallLegResult.CONTINUED
  const result = RESULT[row.disposition] ?? CallLegResult.UNKNOWN
  const isLoser = result === CallLegResult.NO_ANSWER || result === CallLegResult.CANCELLED
  const wasTaken = rows.some(
    (other) =>
      other.disposition === 'ANSWERED' &&
      namesPhone(other) &&
      other.startedAt <= row.endedAt &&
      other.endedAt > row.endedAt &&
      other.wire.dst === row.wire.dst,
  )
  return isLoser && wasTaken ? CallLegResult.ANSWERED_ELSEWHERE : result
}

function targetOf(row: CallRow, account: Home): Reference | null {
  if (isMailbox(row)) {
    const [, box = null] = /^vm[busi]?(\d+)$/.exec(text(row.wire.dst) ?? '') ?? []
    return { kind: 'VoicemailBox', number: box }
  }
  const [, entered] = /^ivr-(.+)$/.exec(text(row.wire.dcontext) ?? '') ?? []
  if (entered !== undefined) return menu(entered)
  if (!namesPhone(row)) return null
  const line = lineOf(row.wire.dstchannel)
  if (line !== null) return { kind: 'Extension', number: line }
  return reachedOutside(row, account)
}
