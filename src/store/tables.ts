import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Sealed columns hold `keyId.ciphertext`; JSON columns hold text; times are wall-clock ms. */
export interface Tables {
  grants: GrantTable
  leases: { key: string; owner: string; until: number }
  settings: { name: string; value: string }
  transactions: TransactionTable
}

export interface TransactionTable {
  state_digest: string
  account: string
  provider: string
  browser_digest: string
  /** Sealed. */
  code_verifier: string
  redirect_uri: string
  expires_at: number
  taken: number
}

export interface GrantTable {
  key: string
  generation: number
  status: string
  /** Sealed. */
  access_token: string | null
  /** Sealed. */
  refresh_token: string | null
  received_at: number | null
  lifetime_seconds: number | null
  refresh_expires_at: number | null
  scopes: string
  identity: string
  /** Sealed: a fingerprint of a password must not be guessed from. */
  configured_with: string
  intent: string | null
  last_error: string | null
}

/** Each is safe to begin again, so replicas that start together and a start that was killed do no harm. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-logins': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('grants')
        .ifNotExists()
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('generation', 'bigint', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('access_token', 'text')
        .addColumn('refresh_token', 'text')
        .addColumn('received_at', 'bigint')
        .addColumn('lifetime_seconds', 'double precision')
        .addColumn('refresh_expires_at', 'bigint')
        .addColumn('scopes', 'text', (column) => column.notNull())
        .addColumn('identity', 'text', (column) => column.notNull())
        .addColumn('configured_with', 'text', (column) => column.notNull())
        .addColumn('intent', 'text')
        .addColumn('last_error', 'text')
        .execute()
      await db.schema
        .createTable('leases')
        .ifNotExists()
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('until', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('settings')
        .ifNotExists()
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'text', (column) => column.notNull())
        .execute()
    },
  },
  '002-authorization-transactions': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('transactions')
        .ifNotExists()
        .addColumn('state_digest', 'text', (column) => column.primaryKey())
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('browser_digest', 'text', (column) => column.notNull())
        .addColumn('code_verifier', 'text', (column) => column.notNull())
        .addColumn('redirect_uri', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('taken', 'integer', (column) => column.notNull())
        .execute()
    },
  },
}
