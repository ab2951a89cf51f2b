import type { Kysely, RawBuilder } from 'kysely'

import type { Keyring } from '../keyring.js'
import { sqlAccounts } from './accounts.js'
import { sqlApiKeys } from './api-keys.js'
import { sqlGrants } from './grants.js'
import { sqlRevocations } from './revocations.js'
import { sqlTransactions } from './transactions.js'
import type { Store } from '../store.js'
import type { Tables } from './tables.js'

/** What two databases spell differently. */
export interface SqlDialect {
  readonly db: Kysely<Tables>
  /** The database's own time in ms, so that every replica means the same moment by it. */
  readonly now: RawBuilder<number>
  /** Whether no other process has the database open; absent where that cannot be known. */
  readonly isAlone?: () => boolean
  /** What is to be done before the database is let go of. */
  readonly beforeClose?: () => void
}

/** A store in SQL: the same queries over SQLite and PostgreSQL, secrets sealed before they reach either. */
export function sqlStore(dialect: SqlDialect, keys: Keyring): Store {
  return {
    ...sqlGrants(dialect, keys),
    ...sqlTransactions(dialect, keys),
    ...sqlAccounts(dialect, keys),
    ...sqlRevocations(dialect, keys),
    ...sqlApiKeys(dialect, keys),
    async close() {
      dialect.beforeClose?.()
      await dialect.db.destroy()
    },
  }
}
