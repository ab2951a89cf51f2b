import type { Kysely } from 'kysely'

import type { Keyring } from '../keyring.js'
import { moveKeyCheck } from './migrate.js'
import type { SqlDialect } from './dialect.js'
import { placeOf, SEALED } from './tables.js'

export interface ReencryptProgress {
  /** Rows looked at so far. */
  readonly seen: number
  /** Rows there are. */
  readonly all: number
  /** Rows that were sealed anew so far. */
  readonly moved: number
}

type Row = Readonly<Record<string, string | null>>
type AnyTables = Record<string, Record<string, string | null>>

/** Rows may be written with an old key while we work; a look around that finds none is the end. */
const MOST_ROUNDS = 10

/**
 * Seals every row that another key sealed with the first key, one row at a time, while others read and write: a row that changes
 * under us is left to the next look around. What was done stays done when it is stopped half-way. Says how many rows it moved.
 * Throws SealBroken for a row that none of the keys opens.
 */
export async function reencryptRows(
  dialect: SqlDialect,
  keys: Keyring,
  onProgress: (progress: ReencryptProgress) => void = () => {},
): Promise<number> {
  // The tables differ in their names alone here, which the types of a query cannot say.
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
  /** What says whose row it is. */
  readonly of: readonly string[]
  /** The first of these, and what stands there. */
  readonly id: string
  readonly key: string
}

async function rowsOfOtherKeys(db: Kysely<AnyTables>, keys: Keyring): Promise<SealedRow[]> {
  const found: SealedRow[] = []
  for (const { table, of, columns } of SEALED) {
    const [id] = of
    const rows = (await db
      .selectFrom(table)
      .select([id, ...columns])
      .execute()) as Row[]
    const others = rows.filter((row) => columns.some((column) => isOfOtherKey(row[column] ?? null, keys)))
    found.push(...others.map((row) => ({ table, columns, of, id, key: row[id]! })))
  }
  return found
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
  const anew = sealed.map((column) => {
    const place = placeOf(table, column, ...of.map((name) => row[name]!))
    return [column, keys.seal(keys.open(row[column]!, place), place)] as const
  })
  let update = db.updateTable(table).set(Object.fromEntries(anew)).where(id, '=', key)
  // Only over what was read: a row that was written meanwhile stays as it was written.
  for (const column of columns) update = update.where(column, row[column] == null ? 'is' : '=', row[column] ?? null)
  return Number((await update.executeTakeFirst()).numUpdatedRows) === 1
}

const isOfOtherKey = (sealed: string | null, keys: Keyring): boolean =>
  sealed !== null && keys.keyIdOf(sealed) !== keys.sealingKeyId
