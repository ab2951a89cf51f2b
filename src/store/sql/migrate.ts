import { DEFAULT_MIGRATION_TABLE, Migrator, sql } from 'kysely'

import { SealBroken, type Keyring } from '../keyring.js'
import { LaterVersion } from '../later-version.js'
import type { SqlDialect } from './dialect.js'
import { migrations } from './migrations.js'

const MIGRATION_ATTEMPTS = 5

/**
 * Migrates the tables to this version. Several processes may do so at once, while processes of the
 * version before go on: tables and columns are only ever added. The slower one fails on what the
 * faster one wrote, its transaction is undone, and it finds all done at its next attempt.
 * @throws LaterVersion before anything is changed
 */
export async function migrate({ db }: SqlDialect): Promise<void> {
  await assertKnown(db)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  for (let attempt = 1; ; attempt++) {
    const { error } = await migrator.migrateToLatest()
    if (!error) return
    if (attempt === MIGRATION_ATTEMPTS) {
      throw new Error('The tables of the store could not be brought to this version', { cause: error })
    }
  }
}

async function assertKnown(db: SqlDialect['db']): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return
  const done = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db)
  const unknown = done.rows.find(({ name }) => !(name in migrations))
  if (unknown) throw new LaterVersion(unknown.name)
}

const CHECK = 'key-check'
const CHECK_PLAIN = 'dialgraph'

/**
 * Checks the configured keys against the store; a store without tables has none yet.
 * @throws SealBroken for a store sealed with another key
 */
export async function checkKeys({ db }: SqlDialect, keys: Keyring): Promise<void> {
  const tables = await db.introspection.getTables()
  if (!tables.some(({ name }) => name === 'settings')) return
  const row = await db.selectFrom('settings').select('value').where('name', '=', CHECK).executeTakeFirst()
  if (row && keys.open(row.value, CHECK) !== CHECK_PLAIN)
    throw new SealBroken('The key check of the store does not open')
}

/**
 * Marks the store as sealed with these keys, unless another process was faster.
 * @throws SealBroken when that process has another key
 */
export async function claimKeys(dialect: SqlDialect, keys: Keyring): Promise<void> {
  await dialect.db
    .insertInto('settings')
    .values({ name: CHECK, value: keys.seal(CHECK_PLAIN, CHECK) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  await checkKeys(dialect, keys)
}

/** Seals the key check with the first of these keys: from now on `checkKeys` requires that key. */
export async function moveKeyCheck({ db }: SqlDialect, keys: Keyring): Promise<void> {
  await db
    .updateTable('settings')
    .set({ value: keys.seal(CHECK_PLAIN, CHECK) })
    .where('name', '=', CHECK)
    .execute()
}
