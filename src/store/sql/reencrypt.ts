import { sql, type Kysely, type SqlBool } from 'kysely'

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
type Sealed = (typeof SEALED)[number]

/**
 * Other processes may write rows with an old key meanwhile; a round that finds none is the last.
 */
const MOST_ROUNDS = 10
/** Rows of one transaction: a commit takes as long as the disk does, and others wait for it. */
const MOVED_AT_ONCE = 20

/**
 * Seals every row that another key sealed with the first key, a few rows at a time, while other
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
    const left = await countOfOtherKeys(db, keys)
    if (left === 0) break
    if (round > MOST_ROUNDS)
      throw new Error('Rows are still being written with another key. Give every server the new key first.')
    let seen = 0
    for (const sealed of SEALED)
      for await (const rows of rowsOfOtherKeys(db, keys, sealed)) {
        for (const isMoved of await moveRows(db, keys, sealed, rows)) {
          seen += 1
          if (isMoved) moved += 1
          onProgress({ seen, all: Math.max(left, seen), moved })
        }
      }
  }
  await moveKeyCheck(dialect, keys)
  return moved
}

async function countOfOtherKeys(db: Kysely<AnyTables>, keys: Keyring): Promise<number> {
  let left = 0
  for (const sealed of SEALED) {
    const { rows } = await sql<{ left: number | string }>`
      select count(*) as ${sql.ref('left')} from ${sql.table(sealed.table)}
      where ${isOfOtherKey(sealed, keys)}`.execute(db)
    left += Number(rows[0]!.left)
  }
  return left
}

/** Part after part in the order of their keys: archives are larger than memory. */
async function* rowsOfOtherKeys(db: Kysely<AnyTables>, keys: Keyring, sealed: Sealed): AsyncGenerator<readonly Row[]> {
  const { table, key, of, columns } = sealed
  const [place, names] = [sql.join(key.map((name) => sql.ref(name))), [...new Set([...key, ...of, ...columns])]]
  let after = sql<SqlBool>`1 = 1`
  for (;;) {
    const { rows } = await sql<Row>`
      select ${sql.join(names.map((name) => sql.ref(name)))} from ${sql.table(table)}
      where ${after} and ${isOfOtherKey(sealed, keys)}
      order by ${place} limit ${MOVED_AT_ONCE}`.execute(db)
    const last = rows.at(-1)
    if (!last) return
    yield rows
    after = sql<SqlBool>`(${place}) > (${sql.join(key.map((name) => last[name]))})`
  }
}

/** Whether each was moved: compare-and-set, a row that was written meanwhile stays as it is. */
const moveRows = (db: Kysely<AnyTables>, keys: Keyring, { table, key, of, columns }: Sealed, rows: readonly Row[]) => {
  const updates = rows.map((row) => {
    const sealedAgain = columns
      .filter((column) => row[column] != null)
      .map((column) => {
        const place = placeOf(table, column, ...of.map((name) => row[name]!))
        return [column, keys.sealBytes(keys.openBytes(row[column]!, place), place)] as const
      })
    return { row, values: Object.fromEntries(sealedAgain) }
  })
  return db.transaction().execute(async (within) => {
    const moved: boolean[] = []
    for (const { row, values } of updates) {
      let update = within.updateTable(table).set(values)
      for (const column of [...key, ...columns])
        update = update.where(column, row[column] == null ? 'is' : '=', row[column] ?? null)
      moved.push(Number((await update.executeTakeFirst()).numUpdatedRows) === 1)
    }
    return moved
  })
}

/** A sealed value begins with the id of its key. */
function isOfOtherKey({ columns, where }: Sealed, keys: Keyring) {
  const begin = `${keys.sealingKeyId}.`
  const others = columns.map((column) => sql`substr(${sql.ref(column)}, 1, ${begin.length}) <> ${begin}`)
  return sql<SqlBool>`(${sql.join(others, sql` or `)})${where ? sql` and ${sql.raw(where)}` : sql``}`
}
