import type { CallPosition } from '../provider.js'
import type { Ordering } from './ordering.js'

/**
 * The rows of a table that is read page by page, in order and each once. Rows of a page's last second
 * may continue on the next page, and can only be ordered together: they are held back.
 */
export class RowsInOrder<Row extends CallPosition> {
  readonly #held = new Map<string, Row>()
  readonly #given = new Set<string>()

  /** `last`: nothing up to there is wanted; null for the whole table. */
  constructor(
    private readonly order: Ordering,
    private last: CallPosition | null,
  ) {}

  /**
   * The rows that nothing can come before once `rows` are read. `edge`: the time of the last of them,
   * undefined where there are none; null where no page follows.
   */
  take(rows: readonly Row[], edge: string | null | undefined): readonly Row[] {
    // Most pages: nothing waits, and no two calls began in the same second.
    const isSimple = this.#held.size === 0 && isStrictlyOrdered(rows, this.order)
    const due = isSimple ? this.#pass(rows, edge) : this.#arrange(rows, edge)
    this.last = due.at(-1) ?? this.last
    return due
  }

  /** Rows that are in order need no more than to be told from those that were given. */
  #pass(rows: readonly Row[], edge: string | null | undefined): readonly Row[] {
    const due: Row[] = []
    for (const row of rows) {
      if (!this.#isWanted(row)) continue
      if (this.#isDue(row, edge)) {
        this.#given.add(row.id)
        due.push(row)
      } else this.#hold(row)
    }
    return due
  }

  #arrange(rows: readonly Row[], edge: string | null | undefined): readonly Row[] {
    for (const row of rows) if (this.#isWanted(row)) this.#hold(row)
    const due = [...this.#held.values()].filter((row) => this.#isDue(row, edge))
    for (const { id } of due) {
      this.#held.delete(id)
      this.#given.add(id)
    }
    return due.sort(this.order.compare)
  }

  #isWanted(row: Row): boolean {
    const { last, order } = this
    return !this.#given.has(row.id) && (last === null || order.compare(last, row) < 0) && !order.isBeforeBounds(row)
  }

  #isDue({ startedAt }: Row, edge: string | null | undefined): boolean {
    return edge === null || (edge !== undefined && this.order.precedes(startedAt, edge))
  }

  /** A call that is listed with two times is one call, at the time that comes first. */
  #hold(row: Row): void {
    if ((this.#held.get(row.id) ?? row).startedAt === row.startedAt) this.#held.set(row.id, row)
  }
}

function isStrictlyOrdered(rows: readonly CallPosition[], { precedes }: Ordering): boolean {
  for (let index = 1; index < rows.length; index += 1) {
    if (!precedes(rows[index - 1]!.startedAt, rows[index]!.startedAt)) return false
  }
  return true
}
