import { compareText } from '../../model/compare-text.js'

/** What an item is ordered by: the first key decides, then the next; null comes last, whichever way the order runs. */
export type SortKeys = readonly (string | null)[]

export interface SortOrder<T> {
  readonly keys: (item: T) => SortKeys
  readonly direction: 'ASC' | 'DESC'
}

/** Numbers inside texts count as numbers, so that 9 comes before 10, and letters go by their alphabet and not by their code. */
const natural = new Intl.Collator('und', { numeric: true })

/** A total order: equal keys fall back to the id, which no two items share. */
export function compareInOrder(direction: 'ASC' | 'DESC', a: SortKeys, aId: string, b: SortKeys, bId: string): number {
  for (let at = 0; at < a.length; at += 1) {
    const difference = compareKey(direction, a[at] ?? null, b[at] ?? null)
    if (difference !== 0) return difference
  }
  return compareText(aId, bId)
}

function compareKey(direction: 'ASC' | 'DESC', a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  const difference = natural.compare(a, b) || compareText(a, b)
  return direction === 'ASC' ? difference : -difference
}
