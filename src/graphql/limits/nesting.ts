/**
 * How deep a variable may nest: far deeper than any input type here, far less than overflows the
 * stack.
 */
export const MOST_LEVELS = 64

/** Whether lists and objects are nested more than this many levels deep. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((one) => isDeeperThan(levels - 1, one))
}
