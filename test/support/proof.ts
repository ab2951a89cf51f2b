/** How often a proof is to be repeated: as often as it promises, or `PROOF_RUNS` times. */
export const runs = (promised: number) => Number(process.env.PROOF_RUNS ?? promised)

/** Says what a long proof has just found, while the rest of it goes on. */
export const teller = (proof: string) => (line: string) => void process.stdout.write(`${proof}: ${line}\n`)

/** How many cases a property tries: a quarter in `npm test`, all in `npm run proof:properties`. */
export const cases = (all: number) => Math.ceil(all * Number(process.env.PROOF_SHARE ?? 0.25))

/** How many do something at once: a few in `npm test`, where the race is the same, all in `npm run proof:properties`. */
export const crowd = (all: number) => ('PROOF_SHARE' in process.env ? cases(all) : Math.min(all, 16))

/**
 * The pairs of a matrix whose cells are of one kind: in `npm test` each row and each column at least once, `always` besides,
 * in `npm run proof:properties` all of them.
 */
export function pairs<Row, Column>(
  rows: readonly Row[],
  columns: readonly Column[],
  always: (row: Row, column: Column) => boolean = () => false,
): (readonly [Row, Column])[] {
  const isWhole = cases(4) === 4
  const most = Math.max(rows.length, columns.length)
  const isOnDiagonal = (row: number, column: number) =>
    Array.from({ length: most }, (_, at) => at).some((at) => at % rows.length === row && at % columns.length === column)
  return rows.flatMap((row, at) =>
    columns.flatMap((column, across) =>
      isWhole || isOnDiagonal(at, across) || always(row, column) ? [[row, column] as const] : [],
    ),
  )
}
