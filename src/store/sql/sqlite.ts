import { isUtf8 } from 'node:buffer'
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

import { Kysely, sql, SqliteDialect } from 'kysely'
import Database from 'libsql'

import type { SqlDialect } from './dialect.js'
import { sqliteAppend } from './sqlite-append.js'
import { resettingStatements } from './sqlite-reset.js'
import type { Tables } from './tables.js'

/**
 * A database in one file. Write-ahead logging and full syncing: what was written survives kill -9
 * and a power cut. Another process that writes is waited for `busyTimeoutMs`.
 * @throws SQLITE_CORRUPT for a damaged file
 */
export function openSqlite(file: string, busyTimeoutMs = 5_000): SqlDialect {
  mkdirSync(dirname(file), { recursive: true })
  keepPrivate(file)
  const database = new Database(file, { timeout: busyTimeoutMs })
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  database.exec(`pragma busy_timeout = ${busyTimeoutMs}`)
  try {
    assertIntact(database)
  } catch (error) {
    database.close()
    throw error
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: resettingStatements(database) }) })
  let serving: Database.Database | null = null
  return {
    db,
    events: { append: sqliteAppend(db) },
    now: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    isAlone: () => isAlone(database, busyTimeoutMs),
    claimServing: () => (serving ??= lockServing(file)) !== null,
    beforeClose() {
      // Leaves no write-ahead log behind: the file alone is a complete copy.
      database.pragma('wal_checkpoint(truncate)')
      serving?.close()
    },
  }
}

/**
 * Makes the file, empty and for its owner alone, before anything is in it; SQLite gives its
 * write-ahead log and shared memory the mode of the file. Those of an earlier start are taken back, too.
 *
 * A file that is there is never opened here: closing it would take away the locks of whoever has it
 * open in this process, POSIX has it so (sqlite.org/howtocorrupt.html §2.2), and libsql has it open
 * for some time after it was closed.
 */
function keepPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'ax', OWNER_ONLY))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  for (const path of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
    if ((mode & OTHERS) !== 0) chmodSync(path, mode & OWNER_ONLY)
  }
}

const OWNER_ONLY = 0o600
const OTHERS = 0o077

/**
 * Checks pages, indexes and texts. A damaged index may hide rows, and an account that seems never
 * to have logged in is worse than a server that does not start; text that is not UTF-8 makes the
 * driver abort the process. Of a large file, what archives have made large is left out.
 * @throws SQLITE_CORRUPT
 */
function assertIntact(database: Database.Database): void {
  const damaged = () => Object.assign(new Error('The file is damaged'), { code: 'SQLITE_CORRUPT' })
  const rows = (query: string) => database.prepare(query).all() as Readonly<Record<string, string | null>>[]
  const check = (table: string | 1) => {
    const [found] = rows(`pragma integrity_check(${table === 1 ? 1 : `"${table}"`})`)
    if (found?.['integrity_check'] !== 'ok') throw damaged()
  }
  const columnsOf = (table: string) => rows(`pragma table_info("${table}")`).flatMap(({ name }) => name ?? [])
  const checkTexts = (table: string, columns: readonly string[]) => {
    const bytes = columns.map((column) => `cast("${column}" as blob) as "${column}"`)
    for (const row of database.prepare(`select ${bytes.join(', ')} from "${table}"`).iterate())
      if (!areTexts(row as Readonly<Record<string, ArrayBuffer | null>>)) throw damaged()
  }
  const [{ bytes } = { bytes: 0 }] = database
    .prepare('select page_count * page_size as bytes from pragma_page_count, pragma_page_size')
    .all() as { bytes: number }[]
  const isLarge = bytes > CHECKED_WHOLE
  check(isLarge ? 'sqlite_schema' : 1)
  checkTexts('sqlite_schema', ['name', 'sql', 'type'])
  for (const { name } of rows("select name from sqlite_schema where type = 'table'")) {
    const table = name!
    if (isLarge && GROWN_BY_ARCHIVES.has(table)) continue
    if (isLarge) check(table)
    checkTexts(table, columnsOf(table))
  }
}

/** Bytes of a file that is checked within a second. */
const CHECKED_WHOLE = 64 * 1024 * 1024
const GROWN_BY_ARCHIVES: ReadonlySet<string> = new Set<keyof Tables>([
  'archive_calls',
  'archive_tallies',
  'events',
  'export_chunks',
])

/**
 * SQLite leaves write-ahead logging only when no other process has the file open; the operating
 * system releases the locks of one that was killed.
 */
function isAlone(database: Database.Database, busyTimeoutMs: number): boolean {
  try {
    database.exec('pragma busy_timeout = 0')
    const [mode] = database.prepare('pragma journal_mode = delete').all() as { journal_mode: string }[]
    return mode?.journal_mode === 'delete'
  } catch {
    return false
  } finally {
    database.exec(`pragma busy_timeout = ${busyTimeoutMs}; pragma journal_mode = wal`)
  }
}

/**
 * Locks a file beside the store; null when another process has. The lock is the operating system's,
 * which releases it when the process ends, even when it was killed.
 */
function lockServing(file: string): Database.Database | null {
  const beside = `${file}-serving`
  keepPrivate(beside)
  const database = new Database(beside, { timeout: 0 })
  try {
    database.exec('begin exclusive')
    return database
  } catch {
    database.close()
    return null
  }
}

const areTexts = (row: Readonly<Record<string, ArrayBuffer | null>>): boolean =>
  Object.values(row).every((bytes) => bytes === null || isUtf8(bytes))
