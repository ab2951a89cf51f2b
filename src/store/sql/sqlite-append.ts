import { sql, type Kysely } from 'kysely'

import type { Append } from '../event-log.js'
import { count } from './rows.js'
import type { Tables } from './tables.js'

/**
 * Appends within one transaction. Its first statement writes, so that it waits for other processes
 * at its beginning, where waiting is possible, and reads nothing that another one then changes.
 */
export function sqliteAppend(db: Kysely<Tables>) {
  return (change: Append): Promise<readonly number[] | null> =>
    db.transaction().execute(async (within) => {
      if (!(await changeStream(within, change))) return null
      const { topic, stream, workspace, account, events, at } = change
      if (events.length === 0) return []
      const { position: last } = await within
        .updateTable('event_log')
        .set({ position: sql<number>`position + ${events.length}` })
        .where('name', '=', 'last')
        .returning('position')
        .executeTakeFirstOrThrow()
      const positions = events.map((_, index) => last - events.length + index + 1)
      for (const [index, body] of events.entries())
        await within
          .insertInto('events')
          .values({ position: positions[index]!, topic, stream, workspace, account, body, at: Math.round(at) })
          .execute()
      return positions
    })
}

async function changeStream(within: Kysely<Tables>, change: Append): Promise<boolean> {
  const { topic, stream, workspace, account, from, state, isOpen, at } = change
  const columns = { workspace, account, state, is_open: Number(isOpen), changed_at: Math.round(at), revision: from + 1 }
  if (from === 0) {
    const insert = within
      .insertInto('event_streams')
      .values({ topic, stream, ...columns })
      .onConflict((conflict) => conflict.columns(['topic', 'stream']).doNothing())
    return count(await insert.executeTakeFirst()) === 1
  }
  const update = within
    .updateTable('event_streams')
    .set(columns)
    .where('topic', '=', topic)
    .where('stream', '=', stream)
    .where('revision', '=', from)
  return count(await update.executeTakeFirst()) === 1
}
