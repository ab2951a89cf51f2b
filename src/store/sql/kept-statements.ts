import { LRUCache } from 'lru-cache'
import type Database from 'libsql'

/** More than there are in use at a time. */
const MOST_KEPT = 64

/** Longer ones are made for one occasion, such as the rows of a batch, and take some memory. */
const LONGEST_KEPT = 1_000

type Statement = ReturnType<Database.Database['prepare']>

/** Statements of one connection that are prepared once: that costs as much as it costs to run a short one. */
export interface KeptStatements {
  prepare(query: string): Statement
  /** Has a statement prepared anew the next time: what has failed may not be over. */
  drop(query: string): void
  clear(): void
}

export function keptStatements(database: Pick<Database.Database, 'prepare'>): KeptStatements {
  const kept = new LRUCache<string, Statement>({ max: MOST_KEPT })
  return {
    prepare(query) {
      const known = kept.get(query)
      if (known) return known
      const statement = database.prepare(query)
      if (query.length <= LONGEST_KEPT) kept.set(query, statement)
      return statement
    },
    drop: (query) => void kept.delete(query),
    clear: () => kept.clear(),
  }
}
