import { keyring } from './keyring.js'
import { memoryStore } from './memory.js'
import { checkKeys, claimKeys, migrate } from './sql/migrate.js'
import type { SqlDialect } from './sql/dialect.js'
import { sqlStore } from './sql/sql.js'
import type { Store } from './store.js'

/**
 * Opens the store a URL names: `memory:`, `sqlite:<file>` or `postgres://…`; holds the keys against it and brings its tables to this
 * version. Throws RangeError for a bad key and SealBroken for a wrong one, before anything is changed; rejects with the driver's
 * error for a store that cannot be opened.
 */
export async function openStore(url: string, encryptionKeys: readonly string[]): Promise<Store> {
  if (url === 'memory:') return memoryStore()
  const keys = keyring(encryptionKeys)
  const dialect = await openDialect(url)
  try {
    await checkKeys(dialect, keys)
    await migrate(dialect)
    await claimKeys(dialect, keys)
    // Whoever holds a lease here was killed: nobody need wait for it to run out.
    if (dialect.isAlone?.()) await dialect.db.deleteFrom('leases').execute()
    return sqlStore(dialect, keys)
  } catch (error) {
    await dialect.db.destroy()
    throw error
  }
}

/** Drivers are loaded where they are used: a server with one store does not evaluate the other's. */
export async function openDialect(url: string): Promise<SqlDialect> {
  if (url.startsWith('sqlite:')) return (await import('./sql/sqlite.js')).openSqlite(url.slice('sqlite:'.length))
  if (/^postgres(ql)?:\/\//.test(url)) return (await import('./sql/postgres.js')).openPostgres(url)
  throw new RangeError('store.url must begin with memory:, sqlite: or postgres:')
}
