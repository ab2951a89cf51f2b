/** What is known of how many calls of one account match. */
export interface Tally {
  /** The provider counts by exactly what was asked. */
  readonly countsMatch: boolean
  /** Its figure, when it gave one. */
  readonly total: number | null
  /** Calls found here that match, on this page. */
  readonly matched: number
  /** All matching calls there are have been read here. */
  readonly isWhole: boolean
  /** It failed, or was stopped. */
  readonly isBroken: boolean
  /** Some of the filter is evaluated here. */
  readonly isFilteredHere: boolean
}

export interface CallCount {
  readonly totalCount: number | null
  readonly countPrecision: 'EXACT' | 'AT_LEAST' | null
}

/**
 * EXACT when every account's figure is: its provider counts by the very filter, or all its calls have been read. Where one
 * failed, filters here or does not count, the sum is what there is at least; null when no account knows more than its page shows.
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

/** A figure smaller than what has been seen is not one. */
function exact({ countsMatch, total, matched, isWhole, isBroken }: Tally): number | null {
  if (isBroken) return null
  if (isWhole) return matched
  return countsMatch && total !== null && total >= matched ? total : null
}
