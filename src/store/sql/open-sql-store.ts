import type { Keyring } from '../keyring.js'
import type { Store } from '../store.js'
import type { SqlDialect } from './dialect.js'
import { checkKeys, claimKeys, migrate } from './migrate.js'
import { sqlStore } from './sql.js'

/**
 * The store in an open database: checks the keys against it, then migrates its tables. Closes the
 * database when that fails.
 * @throws SealBroken for a wrong key, before anything is changed
 * @throws LaterVersion for tables of a later version
 */
export async function openSqlStore(dialect: SqlDialect, keys: Keyring): Promise<Store> {
  try {
    await checkKeys(dialect, keys)
    await migrate(dialect)
    await claimKeys(dialect, keys)
    // No other process is alive: a lease in the store was left by one that was killed.
    if (dialect.isAlone?.()) await dialect.db.deleteFrom('leases').execute()
    return sqlStore(dialect, keys)
  } catch (error) {
    await dialect.db.destroy()
    throw error
  }
}
