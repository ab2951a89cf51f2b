import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type Database from 'libsql'

/**
 * The database with statements that are over once they have failed. SQLite leaves a statement that
 * met a lock in progress, for its caller to try again or to reset; libsql does neither, until the
 * statement is garbage. Until then each write seems to be made, but nothing is committed and the
 * lock is kept, and what was written is undone when the statement goes.
 * @see https://github.com/tursodatabase/libsql-client-ts/issues/352
 */
export function resettingStatements(database: Database.Database): SqliteDatabase {
  /** Running again resets a statement, and a write that may not write ends before it needs a lock. */
  function reset(runAgain: () => unknown): void {
    database.exec('pragma query_only = on')
    try {
      runAgain()
    } catch {
      // The caller is told of its own failure.
    } finally {
      database.exec('pragma query_only = off')
    }
  }

  return {
    prepare(query): SqliteStatement {
      const statement = database.prepare(query)
      const attempt = <T>(run: () => T): T => {
        try {
          return run()
        } catch (error) {
          if (isBusy(error) && !COMMIT.test(query)) reset(run)
          throw error
        }
      }
      const all = (parameters: readonly unknown[]) => attempt(() => statement.all(parameters))
      return {
        all,
        reader: statement.reader,
        run: (parameters) => attempt(() => statement.run(parameters)),
        iterate: (parameters) => all(parameters).values(),
      }
    },
    close: () => void database.close(),
  }
}

/** SQLITE_BUSY and its extended codes, as SQLITE_BUSY_SNAPSHOT. */
const isBusy = (error: unknown): boolean => /^SQLITE_BUSY/.test(String((error as { readonly code?: unknown }).code))

/** It would commit what its caller was told is not committed, and writes nothing that could be in progress. */
const COMMIT = /^\s*commit\b/i
