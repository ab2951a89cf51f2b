import type { Kysely, RawBuilder } from 'kysely'

import type { Append } from '../event-log.js'
import type { ArchiveRows } from './archive/rows.js'
import type { Tables } from './tables.js'

/** An open database, and what SQLite and PostgreSQL spell differently. */
export interface SqlDialect {
  readonly db: Kysely<Tables>
  /** The database's own time in ms: the same clock for every replica. */
  readonly now: RawBuilder<number>
  readonly events: EventDialect
  /** Whether no other process has the database open; absent where that is not known. */
  readonly isAlone?: () => boolean
  /** As in the store; absent where any number of servers may serve. */
  readonly claimServing?: () => boolean
  /** Runs before the database is closed. */
  readonly beforeClose?: () => void
}

/** An append whose calls have become rows. */
export interface StoredAppend extends Omit<Append, 'archive'> {
  readonly calls?: ArchiveRows | null
}

/** What the event log needs of a database. */
export interface EventDialect {
  /** As in the event log. */
  append(change: StoredAppend): Promise<readonly number[] | null>
  /** Calls `wake` when another process has appended; ended by what it returns. */
  readonly listen?: (wake: () => void) => () => void
  close?(): Promise<void>
}
