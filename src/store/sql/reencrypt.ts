import type { Kysely } from 'kysely'

import type { Keyring } from '../keyring.js'
import { moveKeyCheck } from './migrate.js'
import type { SqlDialect } from './dialect.js'
import { placeOf, SEALED } from './tables.js'

export interface ReencryptProgress {
  /** Rows processed so far. */
  readonly seen: number
  /** Rows to process. */
  readonly all: number
  /** Rows sealed again so far. */
  readonly moved: number
}

type Row = Readonly<Record<string, string | null>>
type AnyTables = Record<string, Record<string, string | null>>

/**
 * Other processes may write rows with an old key meanwhile; a round that finds none is the last.
 */
const MOST_ROUNDS = 10

/**
 * Seals every row that another key sealed with the first key, one row at a time, while other
 * processes read and write: a row that is written meanwhile is left to the next round. Can be
 * stopped at any time and started again. Returns the number of rows it sealed.
 * @throws SealBroken for a row that none of the keys opens
 * @throws Error while another process keeps writing with an old key
 */
export async function reencryptRows(
  dialect: SqlDialect,
  keys: Keyring,
  onProgress: (progress: ReencryptProgress) => void = () => {},
): Promise<number> {
  // The same query for every table, which Kysely's types cannot express.
  const db = dialect.db as unknown as Kysely<AnyTables>
  let moved = 0
  for (let round = 1; ; round++) {
    const left = await rowsOfOtherKeys(db, keys)
    if (left.length === 0) break
    if (round > MOST_ROUNDS)
      throw new Error('Rows are still being written with another key. Give every server the new key first.')
    for (const [index, row] of left.entries()) {
      if (await moveRow(db, keys, row)) moved += 1
      onProgress({ seen: index + 1, all: left.length, moved })
    }
  }
  await moveKeyCheck(dialect, keys)
  return moved
}

interface SealedRow {
  readonly table: string
  readonly columns: readonly string[]
  /** Columns that identify the row's owner. */
  readonly of: readonly string[]
  /** The first of `of`: the row's id; `key` is its value. */
  readonly id: string
  readonly key: string
}

async function rowsOfOtherKeys(db: Kysely<AnyTables>, keys: Keyring): Promise<SealedRow[]> {
  const sealedRows: SealedRow[] = []
  for (const { table, of, columns } of SEALED) {
    const [id] = of
    const rows = (await db
      .selectFrom(table)
      .select([id, ...columns])
      .execute()) as Row[]
    const others = rows.filter((row) => columns.some((column) => isOfOtherKey(row[column] ?? null, keys)))
    sealedRows.push(...others.map((row) => ({ table, columns, of, id, key: row[id]! })))
  }
  return sealedRows
}

async function moveRow(
  db: Kysely<AnyTables>,
  keys: Keyring,
  { table, columns, of, id, key }: SealedRow,
): Promise<boolean> {
  const row = (await db
    .selectFrom(table)
    .select([...of, ...columns])
    .where(id, '=', key)
    .executeTakeFirst()) as Row | undefined
  if (!row || !columns.some((column) => isOfOtherKey(row[column] ?? null, keys))) return false
  const sealed = columns.filter((column) => row[column] != null)
  const sealedAgain = sealed.map((column) => {
    const place = placeOf(table, column, ...of.map((name) => row[name]!))
    return [column, keys.seal(keys.open(row[column]!, place), place)] as const
  })
  let update = db.updateTable(table).set(Object.fromEntries(sealedAgain)).where(id, '=', key)
  // Compare-and-set: a row that was written meanwhile stays as it is.
  for (const column of columns) update = update.where(column, row[column] == null ? 'is' : '=', row[column] ?? null)
  return Number((await update.executeTakeFirst()).numUpdatedRows) === 1
}

const isOfOtherKey = (sealed: string | null, keys: Keyring): boolean =>
  sealed !== null && keys.keyIdOf(sealed) !== keys.sealingKeyId
