import type { Kysely } from 'kysely'

import type { Keyring } from './keyring.js'
import { moveKeyCheck } from './migrate.js'
import type { SqlDialect } from './sql.js'
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
    for (const [index, { table, id, columns, key }] of left.entries()) {
      if (await moveRow(db, keys, { table, id, columns }, key)) moved += 1
      onProgress({ seen: index + 1, all: left.length, moved })
    }
  }
  await moveKeyCheck(dialect, keys)
  return moved
}

interface SealedTable {
  readonly table: string
  readonly id: string
  readonly columns: readonly string[]
}

async function rowsOfOtherKeys(db: Kysely<AnyTables>, keys: Keyring): Promise<(SealedTable & { key: string })[]> {
  const found: (SealedTable & { key: string })[] = []
  for (const { table, id, columns } of SEALED) {
    const rows = (await db
      .selectFrom(table)
      .select([id, ...columns])
      .execute()) as Row[]
    const others = rows.filter((row) => columns.some((column) => isOfOtherKey(row[column] ?? null, keys)))
    found.push(...others.map((row) => ({ table, id, columns, key: row[id]! })))
  }
  return found
}

async function moveRow(
  db: Kysely<AnyTables>,
  keys: Keyring,
  { table, id, columns }: SealedTable,
  key: string,
): Promise<boolean> {
  const row = (await db
    .selectFrom(table)
    .select([...columns])
    .where(id, '=', key)
    .executeTakeFirst()) as Row | undefined
  if (!row || !columns.some((column) => isOfOtherKey(row[column] ?? null, keys))) return false
  const sealed = columns.filter((column) => row[column] != null)
  const anew = sealed.map((column) => {
    const place = placeOf(table, column, key)
    return [column, keys.seal(keys.open(row[column]!, place), place)] as const
  })
  let update = db.updateTable(table).set(Object.fromEntries(anew)).where(id, '=', key)
  // Only over what was read: a row that was written meanwhile stays as it was written.
  for (const column of columns) update = update.where(column, row[column] == null ? 'is' : '=', row[column] ?? null)
  return Number((await update.executeTakeFirst()).numUpdatedRows) === 1
}

const isOfOtherKey = (sealed: string | null, keys: Keyring): boolean =>
  sealed !== null && keys.keyIdOf(sealed) !== keys.sealingKeyId
