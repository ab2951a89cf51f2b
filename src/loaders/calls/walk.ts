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

/** What one page reads: which part of the merged log, which way, and what is known from the pages before it. */
export interface Walk {
  readonly order: TimeOrder
  /** The list's order, or its reverse for a page that ends somewhere. */
  readonly reading: TimeOrder
  /** Strictly between these two places, in the list's order; null is the end of the log. */
  readonly start: LogPosition | null
  readonly end: LogPosition | null
  /** See CallCursor; null where this page is the first and decides it. */
  readonly top: string | null
  readonly holes: readonly string[]
  readonly missingRange: MissingRange | null
  readonly marks: ReadonlyMap<string, Mark>
  readonly isEmpty: boolean
  /** Calls are known to stand before and after the part. */
  readonly hasBefore: boolean
  readonly hasAfter: boolean
}

export interface WalkRequest {
  readonly order: TimeOrder
  /** `first`, as opposed to `last`. */
  readonly forward: boolean
  readonly after: CallCursor | null
  readonly before: CallCursor | null
  readonly demand: CallDemand
}

/** Throws CursorInvalid when the two cursors come from walks over different parts. */
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
    // Read the other way, neither where an account's calls were found nor how far it was read says anything.
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

/** The asked range of time as two places in the order, so that it is walked from one to the other and never filtered. */
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
