import { compareText } from '../../model/values/compare-text.js'
import type { CallPosition, CallQuery } from '../provider.js'

/** An order of calls as numbers that rise along the table, in either direction of time. */
export interface Ordering {
  /**
   * Time first, then id; both reversed for newest first, so that one order is exactly the other
   * read backwards.
   */
  compare(a: CallPosition, b: CallPosition): number
  time(startedAt: string): number
  /**
   * Whether the first moment comes before the other; compares text, because a page has many rows.
   */
  precedes(startedAt: string, other: string): boolean
  isBeforeBounds(row: Pick<CallPosition, 'startedAt'>): boolean
  isAfterBounds(row: Pick<CallPosition, 'startedAt'>): boolean
  /** No wanted row comes before this time; null when the first row may be wanted. */
  readonly target: number | null
  /** The time at the far end of the table: now when it is the newest end, else unknown. */
  farEnd(now: string): number | null
}

type Query = Pick<CallQuery, 'order' | 'after'> & Pick<CallQuery['filter'], 'from' | 'until'>

export function ordering({ order, after, from, until }: Query): Ordering {
  const ascending = order === 'ASC'
  const sign = ascending ? 1 : -1
  const time = (startedAt: string) => sign * Date.parse(startedAt)
  const [earliest, latest] = [from, until].map((moment) => (moment === null ? null : Date.parse(moment)))
  const isEarly = (row: Pick<CallPosition, 'startedAt'>) => earliest != null && Date.parse(row.startedAt) < earliest
  const isLate = (row: Pick<CallPosition, 'startedAt'>) => latest != null && Date.parse(row.startedAt) >= latest
  const beginnings = [after?.startedAt, ascending ? from : until].flatMap((moment) =>
    moment == null ? [] : time(moment),
  )
  return {
    // All instants have the same format, so text order is time order.
    compare: (a, b) => sign * (compareText(a.startedAt, b.startedAt) || compareText(a.id, b.id)),
    time,
    precedes: ascending ? (startedAt, other) => startedAt < other : (startedAt, other) => startedAt > other,
    isBeforeBounds: ascending ? isEarly : isLate,
    isAfterBounds: ascending ? isLate : isEarly,
    target: beginnings.length > 0 ? Math.max(...beginnings) : null,
    farEnd: (now) => (ascending ? time(now) : null),
  }
}
