import { sql, type Kysely } from 'kysely'

import { ARCHIVE } from '../../archive-store.js'
import { DELETED_AT_ONCE, deleteInParts, deleting } from '../deleting.js'
import type { Tables } from '../tables.js'
import { holdStream } from './hold-stream.js'
import { forgetTallies } from './tallies.js'

/** Rows of calls are long, and stand in four indexes. */
const CALLS_DELETED_AT_ONCE = 250

/** Deletes the calls of an account that began before a time, and the changes that were seen before it. */
export async function forgetCalls(db: Kysely<Tables>, account: string, before: number): Promise<void> {
  await deleteCalls(db, account, before)
  while (await forgetOldestChanges(db, account, before));
}

/** Deletes an account's archive whole; its stream first, so that nothing more is appended to it. */
export async function removeArchive(db: Kysely<Tables>, account: string): Promise<void> {
  await db.deleteFrom('event_streams').where('topic', '=', ARCHIVE).where('stream', '=', account).execute()
  await deleteCalls(db, account)
  while (await forgetOldestChanges(db, account, Infinity));
}

/** Deletes the calls of an account in parts, and their tallies: all, or those that began before a time. */
export async function deleteCalls(db: Kysely<Tables>, account: string, before = Infinity): Promise<void> {
  await deleteInParts(db, async (within) => {
    await holdStream(within, account)
    return within
      .deleteFrom('archive_calls')
      .where('account', '=', account)
      .where('id', 'in', (query) =>
        query
          .selectFrom('archive_calls')
          .select('id')
          .where('account', '=', account)
          .$if(before !== Infinity, (old) => old.where('started_at', '<', Math.ceil(before)))
          .orderBy('started_at')
          .limit(CALLS_DELETED_AT_ONCE),
      )
      .executeTakeFirst()
  })
  await forgetTallies(db, account, before)
}

/**
 * Deletes some of the oldest changes; whether there may be more. It looks no further than through
 * a part without an old one: times grow with positions, but for the clocks of processes.
 */
async function forgetOldestChanges(db: Kysely<Tables>, account: string, before: number): Promise<boolean> {
  const oldest = await db
    .selectFrom('events')
    .select(['position', 'at'])
    // As it stands in the index of these events.
    .where('topic', '=', sql.lit(ARCHIVE))
    .where('account', '=', account)
    .orderBy('position')
    .limit(DELETED_AT_ONCE)
    .execute()
  const old = oldest.filter(({ at }) => Number(at) < before).map(({ position }) => Number(position))
  if (old.length > 0) await deleting(db, (within) => within.deleteFrom('events').where('position', 'in', old).execute())
  return old.length > 0
}
