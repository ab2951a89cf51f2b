import { PostgresAdapter, sql, type Kysely, type Migration } from 'kysely'

import { markingTallies } from './archive/marking-tallies.js'
import type { Tables } from './tables.js'

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
  '006-writes': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('changes')
        .ifNotExists()
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('workspace', 'text', (column) => column.notNull())
        // No reference: the record stays when the account is unlinked.
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('operation', 'text', (column) => column.notNull())
        .addColumn('target_id', 'text')
        .addColumn('actor', 'text', (column) => column.notNull())
        .addColumn('request_id', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('fields', 'text', (column) => column.notNull())
        .addColumn('outcome', 'text', (column) => column.notNull())
        .addColumn('code', 'text')
        .execute()
      await indexed(db, 'changes', 'changes_by_workspace', ['workspace', 'at', 'id'])
      await indexed(db, 'changes', 'changes_by_age', ['at'])
      await db.schema
        .createTable('write_requests')
        .ifNotExists()
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('input', 'text', (column) => column.notNull())
        .addColumn('change_id', 'text')
        .addColumn('answer', 'text')
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute()
      await indexed(db, 'write_requests', 'write_requests_by_expiry', ['expires_at'])
    },
  },
  '007-archive': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('archive_calls')
        .ifNotExists()
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('id', textByCodeUnits(db), (column) => column.notNull())
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('direction', 'text', (column) => column.notNull())
        .addColumn('disposition', 'text', (column) => column.notNull())
        .addColumn('caller_number', 'text')
        .addColumn('callee_number', 'text')
        .addColumn('duration_seconds', 'double precision')
        .addColumn('wait_seconds', 'double precision')
        .addColumn('talk_seconds', 'double precision')
        // The last one: what stands before it is read without it.
        .addColumn('record', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('archive_calls_key', ['account', 'id'])
        .execute()
      const byTime = ['started_at', 'id']
      // With what is counted by: a row is twenty times as long as its entry here.
      const counted = ['kind', 'direction', 'disposition', 'duration_seconds']
      await indexed(db, 'archive_calls', 'archive_calls_by_time', ['account', ...byTime, ...counted])
      await indexed(db, 'archive_calls', 'archive_calls_by_caller', ['account', 'caller_number', ...byTime])
      await indexed(db, 'archive_calls', 'archive_calls_by_callee', ['account', 'callee_number', ...byTime])
      // The changes of archives are many and stay; whatever else is in the log is found without them.
      await sql`
        create index if not exists events_of_archives on events (account, position, at)
        where topic = 'archive'`.execute(db)
      await sql`
        create index if not exists events_that_pass on events (position, at)
        where topic <> 'archive'`.execute(db)
    },
  },
  '008-exports': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('exports')
        .ifNotExists()
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('workspace', 'text', (column) => column.notNull())
        // No reference: an account of the configuration has no row.
        .addColumn('accounts', 'text', (column) => column.notNull())
        .addColumn('request_key', 'text', (column) => column.unique())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('revision', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('ends_at', 'bigint')
        .execute()
      await indexed(db, 'exports', 'exports_by_status', ['status', 'created_at'])
      await db.schema
        .createTable('export_chunks')
        .ifNotExists()
        .addColumn('export', 'text', (column) => column.notNull())
        .addColumn('position', 'bigint', (column) => column.notNull())
        .addColumn('start', 'bigint', (column) => column.notNull())
        .addColumn('length', 'bigint', (column) => column.notNull())
        .addColumn('packed_start', 'bigint', (column) => column.notNull())
        .addColumn('packed_length', 'bigint', (column) => column.notNull())
        // The last one: what stands before it is read without it.
        .addColumn('body', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('export_chunks_key', ['export', 'position'])
        .execute()
    },
  },
  '009-archive-tallies': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('archive_tallies')
        .ifNotExists()
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('starts_at', 'bigint', (column) => column.notNull())
        .addColumn('tally', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('archive_tallies_key', ['account', 'kind', 'starts_at'])
        .execute()
      for (const statement of markingTallies(isPostgres(db))) await sql.raw(statement).execute(db)
    },
  },
  /** Tallies of before do not tell whose calls they are of: all are made anew. */
  '010-archive-tallies-anew': {
    async up(db: Kysely<unknown>) {
      await sql`delete from archive_tallies where kind <> 'CHANGED'`.execute(db)
    },
  },
}

/** SQLite compares texts by their bytes; PostgreSQL does when it is told to. */
const textByCodeUnits = (db: Kysely<unknown>) => (isPostgres(db) ? sql`text collate "C"` : 'text')

const isPostgres = (db: Kysely<unknown>): boolean => db.getExecutor().adapter instanceof PostgresAdapter

const indexed = (db: Kysely<unknown>, table: string, name: string, columns: string[]) =>
  db.schema.createIndex(name).ifNotExists().on(table).columns(columns).execute()
