import type { CallCursor, Mark } from './cursor.js'
import type { CallDemand } from './demand.js'
import type { CallGap, MissingRange } from './gap-cursor.js'
import { earlierOf, endOf, laterOf, opposite, precedes, startOf, type LogPosition, type TimeOrder } from './order.js'

/**
 * What one page reads: a range of the merged log, the direction, and the marks of earlier pages.
 */
export interface Walk {
  readonly order: TimeOrder
  /** The list's order, or its reverse for a page that ends somewhere. */
  readonly reading: TimeOrder
  /** Strictly between these two positions, in the list's order; null is an end of the log. */
  readonly start: LogPosition | null
  readonly end: LogPosition | null
  /** See CallCursor; null on the first page, which sets it. */
  readonly top: string | null
  readonly holes: readonly string[]
  /** Set when the walk reads what another page lacks, and nothing else. */
  readonly missingRange: MissingRange | null
  readonly marks: ReadonlyMap<string, Mark>
  readonly isEmpty: boolean
  /** Whether the log is known to go on before and after the range. */
  readonly hasBefore: boolean
  readonly hasAfter: boolean
}

export interface WalkRequest {
  readonly order: TimeOrder
  /** `first` was given, not `last`. */
  readonly forward: boolean
  readonly after: CallCursor | null
  readonly before: CallCursor | null
  readonly demand: CallDemand
  /** Set to walk a gap alone. */
  readonly gap?: CallGap | null
}

/** The walk of a page. */
export function walkOf({ order, forward, after, before, demand, gap = null }: WalkRequest): Walk {
  const missingRange = gap?.range ?? null
  const top = order === 'DESC' ? earliest(gap?.top, after?.top, before?.top) : null
  const range = rangeOf(order, demand)
  const starts = [range.start, missingRange?.start ?? null, top === null ? null : endOf(top), after?.at ?? null]
  const ends = [range.end, missingRange?.end ?? null, before?.at ?? null]
  const start = starts.reduce((left, right) => laterOf(order, left, right))
  const end = ends.reduce((left, right) => earlierOf(order, left, right))
  const reading = forward ? order : opposite(order)
  const from = forward ? after : before
  return {
    order,
    reading,
    start,
    end,
    top,
    missingRange,
    holes: from?.holes ?? [],
    marks: marksOf(from, reading, gap),
    isEmpty: start !== null && end !== null && !precedes(order, start, end),
    hasBefore: after !== null,
    hasAfter: before !== null,
  }
}

/** Marks hold only for the direction in which they were made. */
function marksOf(from: CallCursor | null, reading: TimeOrder, gap: CallGap | null): ReadonlyMap<string, Mark> {
  if (from) return from.reading === reading ? from.marks : new Map()
  return gap ? new Map([[gap.range.account, { hint: gap.hint, readTo: null }]]) : new Map()
}

/** The demand's time range as two positions, so that it is walked and need not be filtered. */
function rangeOf(
  order: TimeOrder,
  { from, until }: CallDemand,
): { start: LogPosition | null; end: LogPosition | null } {
  const [oldest, newest] = [from === null ? null : startOf(from), until === null ? null : startOf(until)]
  return order === 'ASC' ? { start: oldest, end: newest } : { start: newest, end: oldest }
}

function earliest(...moments: (string | null | undefined)[]): string | null {
  return moments.filter((moment) => typeof moment === 'string').sort()[0] ?? null
}
