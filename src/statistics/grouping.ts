import type { TallyDimension } from '../store/tally-store.js'
import type { Period } from './calendar.js'
import type { ParticipantKind } from './participants.js'

/** By what rows are told apart. */
export interface Grouping {
  readonly period: Period | null
  readonly hourOfDay: boolean
  readonly dayOfWeek: boolean
  readonly account: boolean
  readonly direction: boolean
  readonly disposition: boolean
  readonly participants: readonly ParticipantKind[]
}

export const isByTime = ({ period, hourOfDay, dayOfWeek }: Grouping): boolean =>
  period !== null || hourOfDay || dayOfWeek

/** What the calls of a row have in common; null where rows are not told apart by it. */
export interface RowPlace {
  /** When the period begins, wall-clock ms. */
  readonly period: number | null
  readonly hourOfDay: number | null
  /** From 0, Monday, to 6. */
  readonly dayOfWeek: number | null
  readonly account: string | null
  readonly direction: string | null
  readonly disposition: string | null
  /** Global ids; null, too, where none took part that is known. */
  readonly extension: string | null
  readonly group: string | null
  readonly did: string | null
}

/**
 * The tallies that answer a question: those that tell apart by the one kind of participants that it groups
 * and filters by. Null where it needs more than one, or more of a call than tallies have (`isMore`).
 */
export function tallyFor(
  { participants }: Pick<Grouping, 'participants'>,
  filtered: readonly ParticipantKind[],
  isMore: boolean,
): TallyDimension | null {
  const [kind = 'NONE', ...others] = new Set<TallyDimension>([...participants, ...filtered])
  return isMore || others.length > 0 ? null : kind
}
