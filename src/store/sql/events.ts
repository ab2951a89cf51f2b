import { sql, type Kysely, type Selectable, type SqlBool } from 'kysely'

import { ARCHIVE, type ArchiveUpdate } from '../archive-store.js'
import type { EventLog, EventStream, LogBounds, LoggedEvent } from '../event-log.js'
import { eventWaking, POLL_MS } from '../event-waking.js'
import { deleteCalls } from './archive/forgetting.js'
import type { ArchiveRows } from './archive/rows.js'
import { DELETED_AT_ONCE, deleteInParts, deleting } from './deleting.js'
import type { SqlDialect } from './dialect.js'
import type { EventStreamTable, EventTable, Tables } from './tables.js'

/**
 * The event log. Its texts are not sealed: it is read all day, and holds no credential. `toRows`:
 * the calls of an archive, as they are stored.
 */
export function sqlEvents(
  { db, events }: SqlDialect,
  toRows: (account: string, update: ArchiveUpdate) => Promise<ArchiveRows>,
): EventLog & { close(): Promise<void> } {
  const { append, listen } = events
  const waking = eventWaking({ pollMs: POLL_MS, ...(listen && { listen }) })

  return {
    async appendEvents({ archive, ...change }) {
      const calls = archive ? await toRows(change.account, archive) : null
      const positions = await append({ ...change, calls })
      if (positions && positions.length > 0) waking.wake()
      return positions
    },
    async eventStream(topic, stream) {
      const row = await db
        .selectFrom('event_streams')
        .selectAll()
        .where('topic', '=', topic)
        .where('stream', '=', stream)
        .executeTakeFirst()
      return row ? streamOf(row) : null
    },
    async openStreams(topic, account) {
      // Not by the index of accounts: nearly all streams of an account are closed.
      const ofAccount = account === undefined ? sql`` : sql`and account || '' = ${account}`
      // One statement sees states and bounds as they are at one moment.
      const { rows } = await sql<Bounds & (Selectable<EventStreamTable> | { topic: null })>`
        select * from (${selectBounds}) as bounds
        left join event_streams on topic = ${topic} and is_open = 1 ${ofAccount}`.execute(db)
      return {
        streams: rows.flatMap((row) => (row.topic === null ? [] : streamOf(row))),
        bounds: boundsOf(rows[0]!),
      }
    },
    async eventsAfter(position, atMost, topic) {
      const rows = await db
        .selectFrom('events')
        .selectAll()
        .where('position', '>', position)
        .$if(topic !== undefined, (query) => query.where('topic', '=', topic!))
        .$if(topic !== undefined && topic !== ARCHIVE, (query) => query.where(PASSES))
        .orderBy('position')
        .limit(atMost)
        .execute()
      return rows.map(eventOf)
    },
    async eventAt(position) {
      const row = await db.selectFrom('events').selectAll().where('position', '=', position).executeTakeFirst()
      return row ? eventOf(row) : null
    },
    async logBounds() {
      const { rows } = await sql<Bounds>`${selectBounds}`.execute(db)
      return boundsOf(rows[0]!)
    },
    async forgetEvents(before) {
      while (await forgetOldest(db, before));
      await forgetStreams(db, sql<SqlBool>`is_open = 0 and changed_at < ${Math.round(before)}`)
    },
    async forgetAccountEvents(account) {
      await forgetStreams(db, sql<SqlBool>`account = ${account}`)
      await deleteInParts(db, (within) =>
        within
          .deleteFrom('events')
          .where('position', 'in', (query) =>
            query.selectFrom('events').select('position').where('account', '=', account).limit(DELETED_AT_ONCE),
          )
          .executeTakeFirst(),
      )
      await deleteCalls(db, account)
    },
    wakeOnEvents: waking.wakeOnEvents,
    async close() {
      waking.close()
      await events.close?.()
    },
  }
}

/** As it stands in the index of the events that are forgotten by age. */
const PASSES = sql<SqlBool>`topic <> ${sql.lit(ARCHIVE)}`

interface Bounds {
  readonly last: number | string
  readonly forgotten: number | string
}

const selectBounds = sql`
  select
    max(case when name = 'last' then position end) as last,
    max(case when name = 'forgotten' then position end) as forgotten
  from event_log`

const boundsOf = ({ last, forgotten }: Bounds): LogBounds => ({ forgotten: Number(forgotten), last: Number(last) })

/** Deletes some of the oldest events; whether there may be more. */
async function forgetOldest(db: Kysely<Tables>, before: number): Promise<boolean> {
  const oldest = await db
    .selectFrom('events')
    .select(['position', 'at'])
    .where(PASSES)
    .orderBy('position')
    .limit(DELETED_AT_ONCE)
    .execute()
  const firstKept = oldest.findIndex(({ at }) => Number(at) >= before)
  const old = (firstKept < 0 ? oldest : oldest.slice(0, firstKept)).map(({ position }) => Number(position))
  const position = old.at(-1)
  if (position === undefined) return false
  await deleting(db, async (within) => {
    await within
      .updateTable('event_log')
      .set({ position })
      .where('name', '=', 'forgotten')
      .where('position', '<', position)
      .execute()
    await within.deleteFrom('events').where('position', 'in', old).execute()
  })
  return firstKept < 0
}

/** `which` is asked twice: a stream that is changed meanwhile stays. */
const forgetStreams = (db: Kysely<Tables>, which: ReturnType<typeof sql<SqlBool>>) =>
  deleteInParts(db, (within) =>
    within
      .deleteFrom('event_streams')
      .where(which)
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('topic', 'stream'),
          'in',
          selectFrom('event_streams')
            .select(['topic', 'stream'])
            .where(which)
            .limit(DELETED_AT_ONCE)
            .$asTuple('topic', 'stream'),
        ),
      )
      .executeTakeFirst(),
  )

const streamOf = (row: Selectable<EventStreamTable>): EventStream => ({
  topic: row.topic,
  stream: row.stream,
  workspace: row.workspace,
  account: row.account,
  revision: Number(row.revision),
  state: row.state,
  isOpen: row.is_open === 1,
  changedAt: Number(row.changed_at),
})

const eventOf = (row: Selectable<EventTable>): LoggedEvent => ({
  position: Number(row.position),
  topic: row.topic,
  stream: row.stream,
  workspace: row.workspace,
  account: row.account,
  body: row.body,
  at: Number(row.at),
})
