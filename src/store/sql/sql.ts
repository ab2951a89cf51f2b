import type { Keyring } from '../keyring.js'
import { sqlAccounts } from './accounts.js'
import { sqlApiKeys } from './api-keys.js'
import { sqlArchive } from './archive/archive.js'
import { numberHashes } from './archive/number-hashes.js'
import { rowsOf } from './archive/rows.js'
import { sqlTallies } from './archive/tallies.js'
import type { SqlDialect } from './dialect.js'
import { sqlEvents } from './events.js'
import { sqlExports } from './exports/exports.js'
import { sqlGrants } from './grants.js'
import { sqlRevocations } from './revocations.js'
import { sqlTransactions } from './transactions.js'
import { sqlWrites } from './writes.js'
import type { Store } from '../store.js'

/** A store in SQL: the same queries for SQLite and PostgreSQL; secrets are sealed before either. */
export function sqlStore(dialect: SqlDialect, keys: Keyring): Store {
  const hashes = numberHashes(dialect, keys)
  const { close: closeEvents, ...events } = sqlEvents(dialect, async (account, update) =>
    rowsOf(account, update, update.sealed ? { keys, hash: await hashes.made() } : null),
  )
  const exports = sqlExports(dialect, keys)
  return {
    ...sqlGrants(dialect, keys),
    ...sqlTransactions(dialect, keys),
    ...sqlAccounts(dialect, keys, async (key) => {
      await exports.forgetAccountExports(key)
      await events.forgetAccountEvents(key)
    }),
    ...sqlRevocations(dialect, keys),
    ...sqlApiKeys(dialect, keys),
    ...events,
    ...sqlArchive(dialect, keys, hashes),
    ...sqlTallies(dialect, keys),
    ...sqlWrites(dialect, keys),
    ...exports,
    claimServing: async () => dialect.claimServing?.() ?? true,
    async close() {
      await closeEvents()
      dialect.beforeClose?.()
      await dialect.db.destroy()
    },
  }
}
