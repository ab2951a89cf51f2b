import { compareText } from '../../model/values/compare-text.js'

/** Sort keys of an item, the most significant first; null comes last in either direction. */
export type SortKeys = readonly (string | null)[]

export interface SortOrder<T> {
  readonly keys: (item: T) => SortKeys
  readonly direction: 'ASC' | 'DESC'
}

/** Digits compare as numbers (9 before 10), letters by alphabet and not by code point. */
const natural = new Intl.Collator('und', { numeric: true })

/** A total order: items with equal keys are ordered by id, which is unique. */
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
