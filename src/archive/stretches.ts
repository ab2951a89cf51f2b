import type { CallFilter, CallPosition, CallQuery } from '../providers/provider.js'
import type { Covered } from './archive-state.js'

/** A part of the time that is asked about, and who answers for it. */
export interface Stretch {
  /** ISO UTC, inclusive; null: from the first call. */
  readonly from: string | null
  /** ISO UTC, exclusive; null: to the last call. */
  readonly until: string | null
  /** NEWEST: of the provider, and later than all that the archive covers. */
  readonly of: 'ARCHIVE' | 'NEWEST' | 'PROVIDER'
}

/** What is left of a stretch: the calls strictly after a position in it; null: all of it. */
export interface Rest extends Stretch {
  readonly after: CallPosition | null
}

/**
 * Divides the time of a filter, in the order asked for. A moment belongs to one stretch, so that the
 * calls of one moment are never divided. `covered`: the newest first.
 */
export function stretchesOf(
  covered: readonly Covered[],
  { from, until }: Pick<CallFilter, 'from' | 'until'>,
  order: CallQuery['order'],
): readonly Stretch[] {
  if (from !== null && until !== null && from >= until) return []
  const stretches: Stretch[] = []
  let top = until
  let isNewest = true
  for (const range of covered) {
    if (from !== null && range.until <= from) break
    if (top !== null && range.from >= top) {
      isNewest = false
      continue
    }
    if (top === null || range.until < top)
      stretches.push({ from: range.until, until: top, of: isNewest ? 'NEWEST' : 'PROVIDER' })
    const [begin, end] = [latest(range.from, from), earliest(range.until, top)]
    stretches.push({ from: begin, until: end, of: 'ARCHIVE' })
    top = begin
    isNewest = false
  }
  if (top === null || from === null || from < top)
    stretches.push({ from, until: top, of: isNewest ? 'NEWEST' : 'PROVIDER' })
  return order === 'DESC' ? stretches : stretches.reverse()
}

/** What is left of the stretches strictly after a position. */
export function restOf(
  stretches: readonly Stretch[],
  order: CallQuery['order'],
  after: CallPosition | null,
): readonly Rest[] {
  if (after === null) return stretches.map((stretch) => ({ ...stretch, after: null }))
  const { startedAt } = after
  const isLater = ({ from }: Stretch) => from !== null && startedAt < from
  const isEarlier = ({ until }: Stretch) => until !== null && startedAt >= until
  const [isPast, isAhead] = order === 'DESC' ? [isLater, isEarlier] : [isEarlier, isLater]
  return stretches
    .filter((stretch) => !isPast(stretch))
    .map((stretch) => ({ ...stretch, after: isAhead(stretch) ? null : after }))
}

/** The position right before all calls of a stretch, in `order`; null: the beginning of the log. */
export function beginningOf({ from, until }: Stretch, order: CallQuery['order']): CallPosition | null {
  const moment = order === 'ASC' ? from : until
  // Sorts before every id: in DESC, all calls of the moment itself are thereby left out.
  return moment === null ? null : { startedAt: moment, id: '' }
}

const latest = (moment: string, other: string | null) => (other !== null && other > moment ? other : moment)
const earliest = (moment: string, other: string | null) => (other !== null && other < moment ? other : moment)
