import { keyring } from './keyring.js'
import { memoryStore } from './memory.js'
import { checkKeys, claimKeys, migrate } from './sql/migrate.js'
import type { SqlDialect } from './sql/dialect.js'
import { sqlStore } from './sql/sql.js'
import type { Store } from './store.js'

/**
 * Opens the store of a URL (`memory:`, `sqlite:<file>` or `postgres://…`), checks the keys against
 * it and migrates its tables. Rejects with the driver's error for a store that cannot be opened.
 * @throws RangeError for a malformed key or URL
 * @throws SealBroken for a wrong key, before anything is changed
 * @throws LaterVersion for tables of a later version
 */
export async function openStore(url: string, encryptionKeys: readonly string[]): Promise<Store> {
  if (url === 'memory:') return memoryStore()
  const keys = keyring(encryptionKeys)
  const dialect = await openDialect(url)
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

/**
 * Opens the database of a URL and loads its driver; the other driver is never evaluated.
 * @throws RangeError for a URL of another kind
 */
export async function openDialect(url: string): Promise<SqlDialect> {
  if (url.startsWith('sqlite:')) return (await import('./sql/sqlite.js')).openSqlite(url.slice('sqlite:'.length))
  if (/^postgres(ql)?:\/\//.test(url)) return (await import('./sql/postgres.js')).openPostgres(url)
  throw new RangeError('store.url must begin with memory:, sqlite: or postgres:')
}
