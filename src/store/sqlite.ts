import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

import { Kysely, sql, SqliteDialect } from 'kysely'
import Database from 'libsql'

import type { SqlDialect } from './sql.js'
import type { Tables } from './tables.js'

/** One file, nothing to install. Write-ahead logging and full syncing: what was written survives kill -9 and a power cut. */
export function openSqlite(file: string): SqlDialect {
  mkdirSync(dirname(file), { recursive: true })
  const database = new Database(file, { timeout: 5_000 })
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on',
  )
  return {
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: database as never }) }),
    now: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
  }
}
