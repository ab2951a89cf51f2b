import type { MissingRange } from './gap-cursor.js'
import { precedes, type LogPosition } from './order.js'
import type { CallStream } from './stream.js'
import type { Walk } from './walk.js'

/** How far a page was read. */
export interface Reached {
  /** It has as many calls as requested; otherwise it reaches the end of the log. */
  readonly isFull: boolean
  /** Its last call, in the order of reading. */
  readonly last: LogPosition | null
}

/**
 * What a page lacks of an account that failed or was stopped: from where reading broke off to the
 * end of the page, because the next page starts there in every account. Null when nothing is
 * missing: the page was full before the account was needed again.
 */
export function gapOf(stream: CallStream, walk: Walk, { isFull, last }: Reached): MissingRange | null {
  if (stream.state !== 'FAILED' && stream.state !== 'STOPPED') return null
  const near = stream.readTo
  const isForward = walk.reading === walk.order
  const far = isFull ? last : isForward ? walk.end : walk.start
  if (isFull && near && far && !precedes(walk.reading, near, far)) return null
  return { account: stream.account, start: isForward ? near : far, end: isForward ? far : near }
}

/** Whether a position lies beyond the gap, so that pages after it lack the gap's calls. */
export const liesBehind = (gap: MissingRange, position: LogPosition, walk: Walk): boolean => {
  const near = walk.reading === walk.order ? gap.start : gap.end
  return !near || precedes(walk.reading, near, position)
}
