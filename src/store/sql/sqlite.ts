import { isUtf8 } from 'node:buffer'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

import { Kysely, sql, SqliteDialect } from 'kysely'
import Database from 'libsql'

import type { SqlDialect } from './dialect.js'
import type { Tables } from './tables.js'

/** One file, nothing to install. Write-ahead logging and full syncing: what was written survives kill -9 and a power cut. */
export function openSqlite(file: string): SqlDialect {
  mkdirSync(dirname(file), { recursive: true })
  const database = new Database(file, { timeout: 5_000 })
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on',
  )
  try {
    assertWhole(database)
  } catch (error) {
    database.close()
    throw error
  }
  return {
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: database as never }) }),
    now: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    isAlone: () => isAlone(database),
    // So that the file alone is all there is to copy once nobody has it open.
    beforeClose: () => void database.pragma('wal_checkpoint(truncate)'),
  }
}

/**
 * Throws SQLITE_CORRUPT for a file with a damaged page, index or text. A damaged index may hide rows, and an account that seems never to
 * have logged in would be worse than a server that does not start; on a text that is none the driver ends the whole process.
 */
function assertWhole(database: Database.Database): void {
  const damaged = () => Object.assign(new Error('The file is damaged'), { code: 'SQLITE_CORRUPT' })
  const rows = (query: string) => database.prepare(query).all() as Readonly<Record<string, string | null>>[]
  const [check] = rows('pragma integrity_check(1)')
  if (check?.['integrity_check'] !== 'ok') throw damaged()
  const texts = (table: string, columns: readonly string[]) =>
    rows(`select ${columns.map((column) => `hex("${column}") as "${column}"`).join(', ')} from "${table}"`).map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, hex]) => [column, Buffer.from(hex ?? '', 'hex')])),
    )
  const named = texts('sqlite_master', ['name', 'sql', 'type'])
  if (!named.every(areTexts)) throw damaged()
  for (const { name, type } of named) {
    if (type?.toString() !== 'table') continue
    const table = name!.toString()
    const columns = rows(`pragma table_info("${table}")`).flatMap(({ name: column }) => column ?? [])
    if (!texts(table, columns).every(areTexts)) throw damaged()
  }
}

/** SQLite leaves write-ahead logging only where nobody else has the file open, and the system knows who has, also after kill -9. */
function isAlone(database: Database.Database): boolean {
  try {
    database.exec('pragma busy_timeout = 0')
    const [mode] = database.prepare('pragma journal_mode = delete').all() as { journal_mode: string }[]
    return mode?.journal_mode === 'delete'
  } catch {
    return false
  } finally {
    database.exec('pragma busy_timeout = 5000; pragma journal_mode = wal')
  }
}

const areTexts = (row: Readonly<Record<string, Buffer>>): boolean => Object.values(row).every((bytes) => isUtf8(bytes))
