import { compareText } from '../../model/compare-text.js'
import type { CallPosition, CallQuery } from '../provider.js'

/** An order of calls as numbers that rise along the table, whichever way time runs in it. */
export interface Ordering {
  /** Time first, then id, both turned round for newest first, so that one order is exactly the other read backwards. */
  compare(a: CallPosition, b: CallPosition): number
  time(startedAt: string): number
  /** Whether the first of two moments stands before the other; told by their text, for there are thousands of them. */
  precedes(startedAt: string, other: string): boolean
  isBeforeBounds(row: Pick<CallPosition, 'startedAt'>): boolean
  isAfterBounds(row: Pick<CallPosition, 'startedAt'>): boolean
  /** No row wanted stands before this time; null when the first one may be. */
  readonly target: number | null
  /** Time at the newest end of the table is now: what the clock says there, if that is the far end. */
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
    // Instants are all written alike, so that text order is time order.
    compare: (a, b) => sign * (compareText(a.startedAt, b.startedAt) || compareText(a.id, b.id)),
    time,
    precedes: ascending ? (startedAt, other) => startedAt < other : (startedAt, other) => startedAt > other,
    isBeforeBounds: ascending ? isEarly : isLate,
    isAfterBounds: ascending ? isLate : isEarly,
    target: beginnings.length > 0 ? Math.max(...beginnings) : null,
    farEnd: (now) => (ascending ? time(now) : null),
  }
}
