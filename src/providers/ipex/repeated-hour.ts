import type { CallRow } from './call-rows.js'

/**
 * Rows of the hour that the clock repeats are told apart by older ones: where the wall clock goes
 * back, its second time begins. Reading backwards, the last rows of a page are therefore left for
 * the next page, which is larger (`mayWait`) and has the older rows as well.
 *
 * @param rows newest first
 * @param reached how far was read before, ms
 * @returns the rows, and the latest that their end may be
 */
export function decidedRows(
  rows: readonly CallRow[],
  reached: number,
  mayWait: boolean,
): { readonly rows: readonly CallRow[]; readonly end: number | undefined } {
  let latest = reached
  let decided = 0
  for (const [index, { startedAt, repeatedAt }] of rows.entries()) {
    const isUndecided = repeatedAt !== null && repeatedAt > startedAt && repeatedAt <= latest
    latest = isUndecided ? repeatedAt : startedAt
    if (!isUndecided) decided = index + 1
  }
  if (!mayWait) return { rows, end: rows.length > 0 ? latest : undefined }
  return { rows: rows.slice(0, decided), end: rows[decided - 1]?.startedAt }
}
