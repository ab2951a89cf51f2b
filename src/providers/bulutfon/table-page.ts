import type { CallPosition } from '../provider.js'

/**
 * One page of a provider's table, as it was answered. `Row` is anything with a position in the
 * order of calls.
 */
export interface TablePage<Row extends CallPosition = CallPosition> {
  /** From 1. */
  readonly number: number
  /** In the order of the table; the order within one second is arbitrary. */
  readonly rows: readonly Row[]
  /** Rows that could not be read. */
  readonly unreadable: number
  /** Rows of the whole table; null when the provider does not count them. */
  readonly totalRows: number | null
  /** Number of the last page, according to this response. */
  readonly lastPage: number
  /** When it was received, ISO UTC. */
  readonly receivedAt: string
}

/** Reads a page by its number; `fresh` bypasses responses that were read before. */
export type ReadPage<Row extends CallPosition> = (number: number, fresh: boolean) => Promise<TablePage<Row>>
