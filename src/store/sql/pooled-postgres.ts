import { PostgresAdapter, PostgresDialect } from 'kysely'

/**
 * PostgreSQL without Kysely's lock around migrations. That lock belongs to the session, and behind a
 * pooler in transaction mode the statement that gives it back may reach another session: the next
 * process to start would wait an hour for a lock that nobody holds. Without it, processes that start
 * together all migrate, each in a transaction, and `migrate` repeats those that came second.
 */
export class PooledPostgres extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new AdapterWithoutLock()
  }
}

class AdapterWithoutLock extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}
