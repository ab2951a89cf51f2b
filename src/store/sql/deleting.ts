import { setImmediate as othersHadTheirTurn } from 'node:timers/promises'

import { sql, type Kysely } from 'kysely'

import { count } from './rows.js'
import type { Tables } from './tables.js'

/** Rows deleted by one transaction, so that none lasts long. */
export const DELETED_AT_ONCE = 1_000

/** Deletes part after part, each in a transaction of its own, until one has found nothing. */
export async function deleteInParts(
  db: Kysely<Tables>,
  deletePart: (within: Kysely<Tables>) => Promise<{ numDeletedRows: bigint }>,
): Promise<void> {
  while (count(await deleting(db, deletePart)) > 0);
}

/**
 * One after the other, by the lock on a row: two that delete the same rows in different orders
 * could wait for each other. Appending never waits for it.
 */
export async function deleting<T>(db: Kysely<Tables>, work: (within: Kysely<Tables>) => Promise<T>): Promise<T> {
  const result = await db.transaction().execute(async (within) => {
    await within
      .updateTable('event_log')
      .set({ position: sql<number>`position` })
      .where('name', '=', 'forgotten')
      .execute()
    return work(within)
  })
  // SQLite's driver never waits: part after part, nothing else in this process would go on.
  await othersHadTheirTurn()
  return result
}
