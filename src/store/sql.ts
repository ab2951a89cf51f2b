import { sql, type Kysely, type RawBuilder, type Selectable } from 'kysely'
import { Migrator } from 'kysely/migration'

import { Secret } from '../secret.js'
import type { Keyring } from './keyring.js'
import { SealBroken } from './keyring.js'
import { migrations, type GrantTable, type Tables, type TransactionTable } from './tables.js'
import type { AuthorizationTransaction, StoredGrant, TokenStore } from './token-store.js'

/** What two databases spell differently. */
export interface SqlDialect {
  readonly db: Kysely<Tables>
  /** The database's own time in ms, so that every replica means the same moment by it. */
  readonly now: RawBuilder<number>
}

/** A store in SQL: the same queries over SQLite and PostgreSQL, secrets sealed before they reach either. */
export function sqlStore({ db, now }: SqlDialect, keys: Keyring): TokenStore {
  return {
    async read(key) {
      const row = await db.selectFrom('grants').selectAll().where('key', '=', key).executeTakeFirst()
      return row ? openRow(row, keys) : null
    },
    async write(key, expected, next) {
      const row = sealRow(key, next, keys)
      const result =
        expected === 0
          ? await db.insertInto('grants').values(row).onConflict((conflict) => conflict.column('key').doNothing()).executeTakeFirst()
          : await db.updateTable('grants').set(row).where('key', '=', key).where('generation', '=', expected).executeTakeFirst()
      return count(result) === 1
    },
    async intend(key, generation, intent) {
      const result = await db
        .updateTable('grants')
        .set({ intent: intent && JSON.stringify(intent) })
        .where('key', '=', key)
        .where('generation', '=', generation)
        .executeTakeFirst()
      return count(result) === 1
    },
    async remove(key) {
      await db.deleteFrom('grants').where('key', '=', key).execute()
    },
    async lease(key, owner, milliseconds) {
      const until = sql<number>`${now} + ${milliseconds}`
      const result = await db
        .insertInto('leases')
        .values({ key, owner, until })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({ owner, until })
            .where((row) => row.or([row('leases.owner', '=', owner), row('leases.until', '<=', now)])),
        )
        .executeTakeFirst()
      return count(result) === 1
    },
    async release(key, owner) {
      await db.deleteFrom('leases').where('key', '=', key).where('owner', '=', owner).execute()
    },
    async begin(transaction, atMost, now) {
      await db.insertInto('transactions').values(sealTransaction(transaction, keys)).execute()
      await db.deleteFrom('transactions').where('expires_at', '<=', now).execute()
      const open = await db
        .selectFrom('transactions')
        .select('state_digest')
        .where('account', '=', transaction.account)
        .where('taken', '=', 0)
        .orderBy('expires_at', 'desc')
        .execute()
      const old = open.slice(atMost).map(({ state_digest }) => state_digest)
      if (old.length > 0) await db.deleteFrom('transactions').where('state_digest', 'in', old).execute()
    },
    async take(stateDigest) {
      const result = await db
        .updateTable('transactions')
        .set({ taken: 1 })
        .where('state_digest', '=', stateDigest)
        .where('taken', '=', 0)
        .executeTakeFirst()
      const row = await db.selectFrom('transactions').selectAll().where('state_digest', '=', stateDigest).executeTakeFirst()
      return row ? { transaction: openTransaction(row, keys), taken: count(result) === 0 } : null
    },
    close: () => db.destroy(),
  }
}

const MIGRATION_ATTEMPTS = 5

/**
 * Brings the tables to this version; several processes may do it at once. PostgreSQL makes them queue; in SQLite the slower one
 * stumbles over what the faster one wrote, and finds it done when it looks again.
 */
export async function migrate({ db }: SqlDialect): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  for (let attempt = 1; ; attempt++) {
    const { error } = await migrator.migrateToLatest()
    if (!error) return
    if (attempt === MIGRATION_ATTEMPTS) throw new Error('The tables of the store could not be brought to this version', { cause: error })
  }
}

const CHECK = 'key-check'
const CHECK_PLAIN = 'dialgraph'

/**
 * Holds the configured keys against the store before anything else is read: a store sealed with another key stops the start
 * and is left as it is. Throws SealBroken.
 */
export async function checkKeys({ db }: SqlDialect, keys: Keyring): Promise<void> {
  const fresh = { name: CHECK, value: keys.seal(CHECK_PLAIN, CHECK) }
  await db.insertInto('settings').values(fresh).onConflict((conflict) => conflict.column('name').doNothing()).execute()
  const { value } = await db.selectFrom('settings').select('value').where('name', '=', CHECK).executeTakeFirstOrThrow()
  if (keys.open(value, CHECK) !== CHECK_PLAIN) throw new SealBroken('The key check of the store does not open')
}

/** Seals every row that another key sealed with the first key, one row at a time, while others read and write. Says how many. */
export async function reencryptRows({ db }: SqlDialect, keys: Keyring): Promise<number> {
  let moved = 0
  for (const { key } of await db.selectFrom('grants').select('key').execute()) {
    const row = await db.selectFrom('grants').selectAll().where('key', '=', key).executeTakeFirst()
    if (!row || sealedWith(row, keys)) continue
    const { access_token, refresh_token, configured_with } = sealRow(key, openRow(row, keys), keys)
    const result = await db
      .updateTable('grants')
      .set({ access_token, refresh_token, configured_with })
      .where('key', '=', key)
      .where('generation', '=', row.generation)
      .executeTakeFirst()
    // A row that moved on meanwhile was sealed with the first key by whoever wrote it.
    moved += count(result)
  }
  await db.updateTable('settings').set({ value: keys.seal(CHECK_PLAIN, CHECK) }).where('name', '=', CHECK).execute()
  return moved
}

const sealedWith = (row: Selectable<GrantTable>, keys: Keyring) =>
  [row.access_token, row.refresh_token, row.configured_with].every((sealed) => sealed === null || keys.keyIdOf(sealed) === keys.sealingKeyId)

function sealRow(key: string, grant: StoredGrant, keys: Keyring): Selectable<GrantTable> {
  const sealed = (secret: Secret | null, column: string) => secret && keys.seal(secret.reveal(), `grants ${column} ${key}`)
  return {
    key,
    generation: grant.generation,
    status: grant.status,
    access_token: sealed(grant.accessToken, 'access_token'),
    refresh_token: sealed(grant.refreshToken, 'refresh_token'),
    received_at: whole(grant.receivedAt),
    lifetime_seconds: grant.lifetimeSeconds,
    refresh_expires_at: whole(grant.refreshExpiresAt),
    scopes: JSON.stringify(grant.scopes),
    identity: JSON.stringify(grant.identity),
    configured_with: keys.seal(grant.configuredWith, `grants configured_with ${key}`),
    intent: grant.intent && JSON.stringify(grant.intent),
    last_error: grant.lastError && JSON.stringify(grant.lastError),
  }
}

/** PostgreSQL gives bigint as text. */
function openRow(row: Selectable<GrantTable>, keys: Keyring): StoredGrant {
  const opened = (sealed: string | null, column: string) =>
    sealed === null ? null : new Secret(keys.open(sealed, `grants ${column} ${row.key}`))
  return {
    generation: Number(row.generation),
    status: row.status as StoredGrant['status'],
    accessToken: opened(row.access_token, 'access_token'),
    refreshToken: opened(row.refresh_token, 'refresh_token'),
    receivedAt: row.received_at === null ? null : Number(row.received_at),
    lifetimeSeconds: row.lifetime_seconds,
    refreshExpiresAt: row.refresh_expires_at === null ? null : Number(row.refresh_expires_at),
    scopes: JSON.parse(row.scopes) as string[],
    identity: JSON.parse(row.identity) as Record<string, string>,
    configuredWith: keys.open(row.configured_with, `grants configured_with ${row.key}`),
    intent: row.intent === null ? null : (JSON.parse(row.intent) as StoredGrant['intent']),
    lastError: row.last_error === null ? null : (JSON.parse(row.last_error) as StoredGrant['lastError']),
  }
}

const sealTransaction = (transaction: AuthorizationTransaction, keys: Keyring): Selectable<TransactionTable> => ({
  state_digest: transaction.stateDigest,
  account: transaction.account,
  provider: transaction.provider,
  browser_digest: transaction.browserDigest,
  code_verifier: keys.seal(transaction.codeVerifier.reveal(), `transactions code_verifier ${transaction.stateDigest}`),
  redirect_uri: transaction.redirectUri,
  expires_at: Math.round(transaction.expiresAt),
  taken: 0,
})

const openTransaction = (row: Selectable<TransactionTable>, keys: Keyring): AuthorizationTransaction => ({
  stateDigest: row.state_digest,
  account: row.account,
  provider: row.provider,
  browserDigest: row.browser_digest,
  codeVerifier: new Secret(keys.open(row.code_verifier, `transactions code_verifier ${row.state_digest}`)),
  redirectUri: row.redirect_uri,
  expiresAt: Number(row.expires_at),
})

const whole = (time: number | null) => (time === null ? null : Math.round(time))

const count = (result: { numInsertedOrUpdatedRows?: bigint; numUpdatedRows?: bigint } | undefined): number =>
  Number(result?.numInsertedOrUpdatedRows ?? result?.numUpdatedRows ?? 0n)
