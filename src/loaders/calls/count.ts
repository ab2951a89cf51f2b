/** What is known about the number of matching calls of one account. */
export interface Tally {
  /** The provider counts by exactly this filter. */
  readonly countsMatch: boolean
  /** The provider's count; null when it gave none. */
  readonly total: number | null
  /** Matching calls on this page. */
  readonly matched: number
  /** This page has read every matching call. */
  readonly isWhole: boolean
  /** Reading it failed or was stopped. */
  readonly isBroken: boolean
  /** A part of the filter is evaluated here. */
  readonly isFilteredHere: boolean
  /** Counted by the account's archive; null where it has none, or does not have all. */
  readonly archived: number | null
}

export interface CallCount {
  readonly totalCount: number | null
  readonly countPrecision: 'EXACT' | 'AT_LEAST' | null
}

/**
 * EXACT when every account is exact: its provider counts by this very filter, its archive has
 * counted them, or all its calls have been read. AT_LEAST when one failed, is filtered here or does not count; null when no account
 * knows more than its page shows.
 */
export function countOf(tallies: readonly Tally[]): CallCount {
  const isEveryExact = tallies.every((tally) => exact(tally) !== null)
  const isAnyKnown = tallies.some((tally) => exact(tally) !== null || (tally.isFilteredHere && !tally.isBroken))
  if (!isEveryExact && !isAnyKnown) return { totalCount: null, countPrecision: null }
  return {
    totalCount: tallies.reduce((sum, tally) => sum + (exact(tally) ?? tally.matched), 0),
    countPrecision: isEveryExact ? 'EXACT' : 'AT_LEAST',
  }
}

/** Whether a count is known without asking for it. */
export const isExact = (tally: Tally): boolean => exact(tally) !== null

/** A count below the number of calls read is ignored. */
function exact({ countsMatch, total, matched, isWhole, isBroken, archived }: Tally): number | null {
  if (isBroken) return null
  if (isWhole) return matched
  if (countsMatch && total !== null && total >= matched) return total
  return archived !== null && archived >= matched ? archived : null
}
