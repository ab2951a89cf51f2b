import type { MissingRange } from './cursor.js'
import { precedes, type LogPosition } from './order.js'
import type { CallStream } from './stream.js'
import type { Walk } from './walk.js'

/** How far a page came. */
export interface Reached {
  /** It has as many calls as were asked; otherwise it went to the end. */
  readonly isFull: boolean
  /** Its last call in the order of reading. */
  readonly last: LogPosition | null
}

/**
 * What a page lacks of an account that could not be read on: from where its reading broke off to where the page ends. The
 * page's other end bounds it, because the next page goes on from there in every account, the broken one included. Null when
 * nothing is missing: the page was full before the account would have been needed again.
 */
export function gapOf(stream: CallStream, walk: Walk, { isFull, last }: Reached): MissingRange | null {
  if (stream.state !== 'FAILED' && stream.state !== 'STOPPED') return null
  const near = stream.readTo
  const isForward = walk.reading === walk.order
  const far = isFull ? last : isForward ? walk.end : walk.start
  if (isFull && near && far && !precedes(walk.reading, near, far)) return null
  return { account: stream.account, start: isForward ? near : far, end: isForward ? far : near }
}

/** A later page of the walk lies beyond what is missing. */
export const liesBehind = (gap: MissingRange, position: LogPosition, walk: Walk): boolean => {
  const near = walk.reading === walk.order ? gap.start : gap.end
  return !near || precedes(walk.reading, near, position)
}
