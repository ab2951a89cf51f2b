import type { CallPosition, CallQuery } from '../provider.js'

/** An order of calls as numbers that rise along the table, whichever way time runs in it. */
export interface Ordering {
  /** Time first, then id, both turned round for newest first, so that one order is exactly the other read backwards. */
  compare(a: CallPosition, b: CallPosition): number
  time(startedAt: string): number
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
  const isEarly = (row: Pick<CallPosition, 'startedAt'>) =>
    from !== null && Date.parse(row.startedAt) < Date.parse(from)
  const isLate = (row: Pick<CallPosition, 'startedAt'>) =>
    until !== null && Date.parse(row.startedAt) >= Date.parse(until)
  const beginnings = [after?.startedAt, ascending ? from : until].flatMap((moment) =>
    moment == null ? [] : time(moment),
  )
  return {
    compare: (a, b) =>
      sign * (Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    time,
    isBeforeBounds: ascending ? isEarly : isLate,
    isAfterBounds: ascending ? isLate : isEarly,
    target: beginnings.length > 0 ? Math.max(...beginnings) : null,
    farEnd: (now) => (ascending ? time(now) : null),
  }
}
