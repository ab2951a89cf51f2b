/** Levels of objects and lists in one another that a variable may have: far more than any input here, far fewer than a stack has room for. */
export const MOST_LEVELS = 64

/** Whether lists and objects stand in one another more than so many levels deep. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((one) => isDeeperThan(levels - 1, one))
}
