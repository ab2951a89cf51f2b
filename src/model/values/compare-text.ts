/** The order of two texts by their UTF-16 code units, as `sort` takes it. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
