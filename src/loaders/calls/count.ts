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
}

export interface CallCount {
  readonly totalCount: number | null
  readonly countPrecision: 'EXACT' | 'AT_LEAST' | null
}

/**
 * EXACT when every account is exact: its provider counts by this very filter, or all its calls have
 * been read. AT_LEAST when one failed, is filtered here or does not count; null when no account
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

/** A provider's count below the number of calls read is ignored. */
function exact({ countsMatch, total, matched, isWhole, isBroken }: Tally): number | null {
  if (isBroken) return null
  if (isWhole) return matched
  return countsMatch && total !== null && total >= matched ? total : null
}
