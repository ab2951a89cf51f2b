import { keyring } from '../../src/store/keyring.js'
import { openStore } from '../../src/store/open-store.js'
import { openSqlStore } from '../../src/store/sql/open-sql-store.js'
import { openPostgres } from '../../src/store/sql/postgres.js'
import type { Store } from '../../src/store/store.js'

const MINUTE = 60_000

/**
 * A store that gives a busy machine a minute for what PostgreSQL does: for tests that are not about
 * its time-outs.
 */
export async function openPatiently(url: string, keys: readonly string[]): Promise<Store> {
  if (!url.startsWith('postgres:')) return openStore(url, keys)
  return openSqlStore(openPostgres(url, { connectMs: MINUTE, statementMs: MINUTE, lockMs: MINUTE }), keyring(keys))
}
