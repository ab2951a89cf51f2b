import { keyring } from './keyring.js'
import { memoryStore } from './memory.js'
import type { SqlDialect } from './sql/dialect.js'
import type { Store } from './store.js'

/**
 * What is in memory is gone with its process. Its events have positions that none had before, so
 * that a cursor from before is known to be one, and never is taken for one of other events.
 */
const POSITIONS_PER_MS = 1_000

/**
 * Opens the store of a URL (`memory:`, `sqlite:<file>` or `postgres://…`), checks the keys against
 * it and migrates its tables. SQL is loaded only for a store that speaks it. Rejects with the
 * driver's error for a store that cannot be opened.
 * @throws RangeError for a malformed key or URL
 * @throws SealBroken for a wrong key, before anything is changed
 * @throws LaterVersion for tables of a later version
 */
export async function openStore(url: string, encryptionKeys: readonly string[]): Promise<Store> {
  if (url === 'memory:') return memoryStore(undefined, Date.now() * POSITIONS_PER_MS)
  const keys = keyring(encryptionKeys)
  const dialect = await openDialect(url)
  return (await import('./sql/open-sql-store.js')).openSqlStore(dialect, keys)
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
