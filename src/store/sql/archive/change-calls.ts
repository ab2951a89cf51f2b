import type { Kysely } from 'kysely'

import type { Tables } from '../tables.js'
import type { ArchiveRows, CallRow } from './rows.js'

/** Rows of one statement: far below the most values that SQLite binds. */
const AT_ONCE = 100

/** Changes an account's calls within a transaction of SQLite. */
export async function changeCalls(within: Kysely<Tables>, { account, put, remove }: ArchiveRows): Promise<void> {
  for (const ids of partsOf(remove, AT_ONCE))
    await within.deleteFrom('archive_calls').where('account', '=', account).where('id', 'in', ids).execute()
  for (const rows of partsOf(put, AT_ONCE))
    await within
      .insertInto('archive_calls')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['account', 'id'])
          .doUpdateSet(({ ref }) =>
            Object.fromEntries(
              (Object.keys(rows[0]!) as (keyof CallRow)[])
                .filter((column) => column !== 'account' && column !== 'id')
                .map((column) => [column, ref(`excluded.${column}`)]),
            ),
          ),
      )
      .execute()
}

/** A list in parts of at most a size. */
export const partsOf = <T>(list: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size))
