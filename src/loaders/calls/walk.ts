import { CursorInvalid } from '../../errors.js'
import type { CallCursor, Mark, MissingRange } from './cursor.js'
import type { CallDemand } from './demand.js'
import {
  comparePositions,
  earlierOf,
  endOf,
  laterOf,
  opposite,
  precedes,
  startOf,
  type LogPosition,
  type TimeOrder,
} from './order.js'

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
}

/**
 * The walk of a page.
 *
 * @throws CursorInvalid when the two cursors are for different ranges.
 */
export function walkOf({ order, forward, after, before, demand }: WalkRequest): Walk {
  const missingRange = missingRangeOf(after, before)
  const top = order === 'DESC' ? earliest(after?.top, before?.top) : null
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
    // Marks hold only for the direction in which they were made.
    marks: from?.reading === reading ? from.marks : new Map(),
    isEmpty: start !== null && end !== null && !precedes(order, start, end),
    hasBefore: after !== null && !(missingRange && isSame(after.at, missingRange.start)),
    hasAfter: before !== null,
  }
}

function missingRangeOf(after: CallCursor | null, before: CallCursor | null): MissingRange | null {
  if (after && before && JSON.stringify(after.missingRange) !== JSON.stringify(before.missingRange))
    throw new CursorInvalid()
  return (after ?? before)?.missingRange ?? null
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

const isSame = (left: LogPosition | null, right: LogPosition | null) =>
  left && right ? comparePositions(left, right) === 0 : left === right
