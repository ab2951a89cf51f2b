import type { Keyring } from '../keyring.js'
import { sqlAccounts } from './accounts.js'
import { sqlApiKeys } from './api-keys.js'
import type { SqlDialect } from './dialect.js'
import { sqlArchive } from './archive.js'
import { sqlEvents } from './events.js'
import { sqlGrants } from './grants.js'
import { sqlRevocations } from './revocations.js'
import { sqlTransactions } from './transactions.js'
import { sqlWrites } from './writes.js'
import type { Store } from '../store.js'

/** A store in SQL: the same queries for SQLite and PostgreSQL; secrets are sealed before either. */
export function sqlStore(dialect: SqlDialect, keys: Keyring): Store {
  const { close: closeEvents, ...events } = sqlEvents(dialect)
  return {
    ...sqlGrants(dialect, keys),
    ...sqlTransactions(dialect, keys),
    ...sqlAccounts(dialect, keys, events.forgetAccountEvents),
    ...sqlRevocations(dialect, keys),
    ...sqlApiKeys(dialect, keys),
    ...events,
    ...sqlArchive(dialect),
    ...sqlWrites(dialect, keys),
    claimServing: async () => dialect.claimServing?.() ?? true,
    async close() {
      await closeEvents()
      dialect.beforeClose?.()
      await dialect.db.destroy()
    },
  }
}
