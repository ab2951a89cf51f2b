import type { Kysely, Migration } from 'kysely'

/** Sealed columns hold `keyId.ciphertext`; JSON columns hold text; times are wall-clock ms. */
export interface Tables {
  accounts: AccountTable
  grants: GrantTable
  leases: { key: string; owner: string; until: number }
  settings: { name: string; value: string }
  transactions: TransactionTable
  revocations: RevocationTable
  api_keys: ApiKeyTable
  event_streams: EventStreamTable
  events: EventTable
  /** The bounds of the event log: one row `last` and one row `forgotten`. */
  event_log: { name: 'last' | 'forgotten'; position: number }
}

export interface AccountTable {
  link: string
  key: string
  workspace: string
  provider: string
  label: string
  /** Sealed. */
  settings: string
  pending_until: number | null
  linked_at: number
}

export interface GrantTable {
  key: string
  /** The linked account this login belongs to; null for one of the configuration. */
  link: string | null
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
  /** Sealed: a fingerprint of a password would allow guessing it. */
  configured_with: string
  intent: string | null
  last_error: string | null
}

export interface TransactionTable {
  state_digest: string
  login: string
  /** As with grants. */
  link: string | null
  provider: string
  browser_digest: string
  /** Sealed. */
  code_verifier: string
  redirect_uri: string
  expires_at: number
  taken: number
}

export interface RevocationTable {
  id: string
  account: string
  provider: string
  /** Sealed. */
  settings: string
  /** Sealed. */
  access_token: string | null
  /** Sealed. */
  refresh_token: string | null
  access_expires_at: number | null
  attempts: number
  next_attempt_at: number
  give_up_at: number
}

export interface ApiKeyTable {
  id: string
  name: string
  /** Sealed JSON: digest, workspace, scopes. */
  allowed: string
  created_at: number
  revoked_at: number | null
}

export interface EventStreamTable {
  topic: string
  stream: string
  workspace: string
  account: string
  revision: number
  state: string
  is_open: number
  changed_at: number
}

export interface EventTable {
  position: number
  topic: string
  stream: string
  workspace: string
  account: string
  body: string
  at: number
}

/**
 * Every sealed column, with the columns `of` that identify the row's owner, its id first: a sealed
 * value opens only beside these values.
 */
export const SEALED = [
  { table: 'accounts', of: ['link', 'key', 'workspace', 'provider'], columns: ['settings'] },
  { table: 'grants', of: ['key'], columns: ['access_token', 'refresh_token', 'configured_with'] },
  { table: 'transactions', of: ['state_digest', 'login', 'provider'], columns: ['code_verifier'] },
  { table: 'revocations', of: ['id', 'account', 'provider'], columns: ['settings', 'access_token', 'refresh_token'] },
  { table: 'api_keys', of: ['id'], columns: ['allowed'] },
] as const

/** The place a sealed value is bound to; see `Keyring.seal`. */
export const placeOf = (table: string, column: string, ...of: readonly string[]): string =>
  [table, column, ...of].join(' ')

/** Each may be run again: after a start that was killed, or by replicas that start together. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-logins': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('accounts')
        .ifNotExists()
        .addColumn('link', 'text', (column) => column.primaryKey())
        .addColumn('key', 'text', (column) => column.notNull().unique())
        .addColumn('workspace', 'text', (column) => column.notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('label', 'text', (column) => column.notNull())
        .addColumn('settings', 'text', (column) => column.notNull())
        .addColumn('pending_until', 'bigint')
        .addColumn('linked_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('grants')
        .ifNotExists()
        .addColumn('key', 'text', (column) => column.primaryKey())
        // The database refuses to write a login after its account was deleted.
        .addColumn('link', 'text', (column) => column.references('accounts.link').onDelete('cascade'))
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
        .addColumn('login', 'text', (column) => column.notNull())
        .addColumn('link', 'text', (column) => column.references('accounts.link').onDelete('cascade'))
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('browser_digest', 'text', (column) => column.notNull())
        .addColumn('code_verifier', 'text', (column) => column.notNull())
        .addColumn('redirect_uri', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('taken', 'integer', (column) => column.notNull())
        .execute()
      await db.schema
        .createIndex('transactions_by_login')
        .ifNotExists()
        .on('transactions')
        .columns(['login', 'expires_at'])
        .execute()
    },
  },
  '003-revocations': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('revocations')
        .ifNotExists()
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('settings', 'text', (column) => column.notNull())
        .addColumn('access_token', 'text')
        .addColumn('refresh_token', 'text')
        .addColumn('access_expires_at', 'bigint')
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('next_attempt_at', 'bigint', (column) => column.notNull())
        .addColumn('give_up_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
  '004-api-keys': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('api_keys')
        .ifNotExists()
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('allowed', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('revoked_at', 'bigint')
        .execute()
    },
  },
  '005-events': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('event_streams')
        .ifNotExists()
        .addColumn('topic', 'text', (column) => column.notNull())
        .addColumn('stream', 'text', (column) => column.notNull())
        .addColumn('workspace', 'text', (column) => column.notNull())
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('revision', 'bigint', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('is_open', 'integer', (column) => column.notNull())
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('event_streams_key', ['topic', 'stream'])
        .execute()
      await indexed(db, 'event_streams', 'event_streams_by_age', ['is_open', 'changed_at'])
      await indexed(db, 'event_streams', 'event_streams_by_account', ['account'])
      await db.schema
        .createTable('events')
        .ifNotExists()
        .addColumn('position', 'bigint', (column) => column.primaryKey())
        .addColumn('topic', 'text', (column) => column.notNull())
        .addColumn('stream', 'text', (column) => column.notNull())
        .addColumn('workspace', 'text', (column) => column.notNull())
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .execute()
      await indexed(db, 'events', 'events_by_account', ['account'])
      await db.schema
        .createTable('event_log')
        .ifNotExists()
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('position', 'bigint', (column) => column.notNull())
        .execute()
      await (db as Kysely<Tables>)
        .insertInto('event_log')
        .values([
          { name: 'last', position: 0 },
          { name: 'forgotten', position: 0 },
        ])
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
    },
  },
}

const indexed = (db: Kysely<unknown>, table: string, name: string, columns: string[]) =>
  db.schema.createIndex(name).ifNotExists().on(table).columns(columns).execute()
