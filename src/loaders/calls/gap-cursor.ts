import { CursorInvalid } from '../../errors.js'
import { parseGlobalId } from '../../model/id.js'
import { UNUSABLE_RETRY_CURSOR, type CursorSigner } from '../cursor.js'
import { demandOf, type CallDemand } from './demand.js'
import type { LogPosition, TimeOrder } from './order.js'
import { parseMoment, parsePosition, printMoment, printPosition, type PrintedPosition } from './position-text.js'

/**
 * The part of one account that a page lacks: strictly between two positions, null is an end of the
 * log.
 */
export interface MissingRange {
  readonly account: string
  readonly start: LogPosition | null
  readonly end: LogPosition | null
}

/** What a retry cursor holds: a list, and what a page of it lacks. It needs no other argument. */
export interface CallGap {
  readonly demand: CallDemand
  readonly order: TimeOrder
  readonly range: MissingRange
  /** See CallCursor. */
  readonly top: string | null
  /** The provider's hint where the range begins; null when the page was read from its end. */
  readonly hint: string | null
}

/** The retry cursors of one workspace. */
export interface GapCursors {
  write(gap: CallGap): string
  /** @throws CursorInvalid for a cursor of another workspace, or of an account that is gone. */
  read(text: string): CallGap
}

export function gapCursors(
  signer: CursorSigner,
  workspace: string,
  accounts: { has(key: string): boolean },
): GapCursors {
  const scope = { list: 'callRecordGap', workspace }
  return {
    write: ({ demand, order, range: { account, start, end }, top, hint }) =>
      signer.signRetry(scope, [
        order,
        [account, printPosition(start), printPosition(end)],
        printMoment(top),
        hint,
        ofAccount(account, demand),
      ] satisfies Printed),
    read(text) {
      // The signature proves that `write` wrote it, if perhaps in an older form.
      const [order, [account, start, end], top, hint, demand] = signer.readRetry(scope, text) as Printed
      if (!accounts.has(account) || !FIELDS.every((field) => field in demand)) {
        throw new CursorInvalid(UNUSABLE_RETRY_CURSOR)
      }
      const range = { account, start: parsePosition(start), end: parsePosition(end) }
      return { demand, order, range, top: parseMoment(top), hint }
    },
  }
}

type Printed = readonly [
  order: TimeOrder,
  range: readonly [account: string, start: PrintedPosition, end: PrintedPosition],
  top: string,
  hint: string | null,
  demand: CallDemand,
]

const FIELDS = Object.keys(demandOf([]))

/** Without ids of other accounts, which none of this account's calls can match. */
function ofAccount(account: string, demand: CallDemand): CallDemand {
  const own = (lists: CallDemand['didIds']) =>
    lists.map((list) => list.filter((id) => parseGlobalId(id)?.account === account))
  return {
    ...demand,
    accounts: null,
    extensionIds: own(demand.extensionIds),
    groupIds: own(demand.groupIds),
    didIds: own(demand.didIds),
  }
}
