/** The middle of several measurements, and how far they lie apart. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Null where nothing was measured. */
export function spreadOf(values: readonly (number | null | undefined)[]): Spread | null {
  const sorted = values.filter((value): value is number => Number.isFinite(value)).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const half = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/** Round by round, because two measurements of one round share the weather of the machine. */
export const ratios = (of: readonly (number | null)[], to: readonly (number | null)[]): Spread | null =>
  spreadOf(of.map((value, round) => (value === null || !to[round] ? null : value / to[round])))

/** The straight line through the points that misses them least: `y = base + slope · x`. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): { base: number; slope: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0)
  const under = points.reduce((sum, [px]) => sum + (px - x) ** 2, 0)
  const slope = under === 0 ? 0 : over / under
  return { base: y - slope * x, slope }
}
