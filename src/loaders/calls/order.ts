import type { CallRecord } from '../../model/call-record.js'
import { compareText } from '../../model/values/compare-text.js'
import type { CallPosition, CallQuery } from '../../providers/provider.js'

/** ASC: oldest first; DESC, its exact reverse: newest first. */
export type TimeOrder = CallQuery['order']

/**
 * A position in the log of all accounts. Calls are ordered by time, then account key, then global
 * id: a total order, whichever account answered first. A position need not be a call's: see
 * `startOf`.
 */
export interface LogPosition {
  /** ISO 8601 UTC with milliseconds, so that text order is time order. */
  readonly startedAt: string
  readonly account: string
  readonly id: string
}

/** These sort before and after every global id, which is base64url. */
const BEFORE_EVERY_ID = ''
const AFTER_EVERY_ID = '~'

export const opposite = (order: TimeOrder): TimeOrder => (order === 'ASC' ? 'DESC' : 'ASC')

export const positionOf = (call: CallRecord): LogPosition => ({
  startedAt: call.startedAt,
  account: call.accountKey,
  id: call.id,
})

/** The position just before (in ASC) every call of this moment, of any account. */
export const startOf = (startedAt: string): LogPosition => ({ startedAt, account: '', id: BEFORE_EVERY_ID })

/** The position just after (in ASC) every call of this moment. */
export const endOf = (startedAt: string): LogPosition => startOf(new Date(Date.parse(startedAt) + 1).toISOString())

/** The position just before, in `order`, every call of this moment. */
export const beforeAllOf = (order: TimeOrder, startedAt: string): LogPosition =>
  order === 'ASC' ? startOf(startedAt) : endOf(startedAt)

/** Negative when `left` comes first in ASC. */
export function comparePositions(left: LogPosition, right: LogPosition): number {
  return (
    compareText(left.startedAt, right.startedAt) ||
    compareText(left.account, right.account) ||
    compareText(left.id, right.id)
  )
}

export function precedes(order: TimeOrder, left: LogPosition, right: LogPosition): boolean {
  return order === 'ASC' ? comparePositions(left, right) < 0 : comparePositions(left, right) > 0
}

/** The same for two calls; fast when their times differ, as they mostly do. */
export function callPrecedes(order: TimeOrder, left: CallRecord, right: CallRecord): boolean {
  if (left.startedAt === right.startedAt) return precedes(order, positionOf(left), positionOf(right))
  return left.startedAt < right.startedAt === (order === 'ASC')
}

/** The later of two positions in `order`; null is the start of the log. */
export function laterOf(order: TimeOrder, left: LogPosition | null, right: LogPosition | null): LogPosition | null {
  if (!left || !right) return left ?? right
  return precedes(order, left, right) ? right : left
}

/** The earlier of two positions in `order`; null is the end of the log. */
export function earlierOf(order: TimeOrder, left: LogPosition | null, right: LogPosition | null): LogPosition | null {
  return laterOf(opposite(order), left, right)
}

/** The same position among the calls of one account only. */
export function within(account: string, position: LogPosition): CallPosition {
  const { startedAt, id } = position
  if (account === position.account) return { startedAt, id }
  return { startedAt, id: account < position.account ? AFTER_EVERY_ID : BEFORE_EVERY_ID }
}
