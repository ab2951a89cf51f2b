import type { CallRecord } from '../../model/call-record.js'
import { compareText } from '../../model/compare-text.js'
import type { CallPosition, CallQuery } from '../../providers/provider.js'

/** ASC: oldest first; DESC, its exact reverse: newest first. */
export type TimeOrder = CallQuery['order']

/**
 * A place in the log of all accounts. Calls stand in order of time, those of one moment by account key, those of one account by
 * global id: every pair of calls has one order, whoever answered first. A place need not be a call: see `startOf`.
 */
export interface LogPosition {
  /** ISO 8601 UTC with milliseconds, so that text order is time order. */
  readonly startedAt: string
  readonly account: string
  readonly id: string
}

/** Sorts before and after every global id, which is base64url. */
const BEFORE_EVERY_ID = ''
const AFTER_EVERY_ID = '~'

export const opposite = (order: TimeOrder): TimeOrder => (order === 'ASC' ? 'DESC' : 'ASC')

export const positionOf = (call: CallRecord): LogPosition => ({
  startedAt: call.startedAt,
  account: call.accountKey,
  id: call.id,
})

/** The place just before (in ASC) every call of this moment, in whatever account. */
export const startOf = (startedAt: string): LogPosition => ({ startedAt, account: '', id: BEFORE_EVERY_ID })

/** The place just after (in ASC) every call of this moment. */
export const endOf = (startedAt: string): LogPosition => startOf(new Date(Date.parse(startedAt) + 1).toISOString())

/** The place just before, in `order`, every call of this moment. */
export const beforeAllOf = (order: TimeOrder, startedAt: string): LogPosition =>
  order === 'ASC' ? startOf(startedAt) : endOf(startedAt)

/** Negative: `left` stands earlier in ASC. */
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

/** The same for two calls, which most often differ in their time alone. */
export function callPrecedes(order: TimeOrder, left: CallRecord, right: CallRecord): boolean {
  if (left.startedAt === right.startedAt) return precedes(order, positionOf(left), positionOf(right))
  return left.startedAt < right.startedAt === (order === 'ASC')
}

/** Whichever comes later in `order`; null is the very start. */
export function laterOf(order: TimeOrder, left: LogPosition | null, right: LogPosition | null): LogPosition | null {
  if (!left || !right) return left ?? right
  return precedes(order, left, right) ? right : left
}

/** Whichever comes earlier in `order`; null is the very end. */
export function earlierOf(order: TimeOrder, left: LogPosition | null, right: LogPosition | null): LogPosition | null {
  return laterOf(opposite(order), left, right)
}

/** The same place as one account sees it, among its own calls only. */
export function within(account: string, position: LogPosition): CallPosition {
  const { startedAt, id } = position
  if (account === position.account) return { startedAt, id }
  return { startedAt, id: account < position.account ? AFTER_EVERY_ID : BEFORE_EVERY_ID }
}
