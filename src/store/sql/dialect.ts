import type { Kysely, RawBuilder } from 'kysely'

import type { Tables } from './tables.js'

/** An open database, and what SQLite and PostgreSQL spell differently. */
export interface SqlDialect {
  readonly db: Kysely<Tables>
  /** The database's own time in ms: the same clock for every replica. */
  readonly now: RawBuilder<number>
  /** Whether no other process has the database open; absent where that is not known. */
  readonly isAlone?: () => boolean
  /** Runs before the database is closed. */
  readonly beforeClose?: () => void
}
