import { sql, type RawBuilder } from 'kysely'

import {
  ARCHIVE,
  type ArchiveFigures,
  type ArchivePosition,
  type ArchiveSelection,
  type ArchiveStore,
} from '../../archive-store.js'
import type { Keyring } from '../../keyring.js'
import type { SqlDialect } from '../dialect.js'
import { numberOrNull } from '../rows.js'
import { forgetCalls, removeArchive } from './forgetting.js'
import type { NumberHashes } from './number-hashes.js'
import { callOf, type CallRow } from './rows.js'
import { all, select, selectsNumbers } from './selection.js'

/** The archives in SQL. Their rows are written by `appendEvents`. */
export function sqlArchive({ db }: SqlDialect, keys: Keyring, hashes: NumberHashes): ArchiveStore {
  const hashOf = async (selection: ArchiveSelection) => (selectsNumbers(selection) ? hashes.existing() : null)
  const callsOf = async (query: RawBuilder<unknown>) =>
    (await sql<CallRow>`${query}`.execute(db)).rows.map((row) => callOf(row, keys))

  return {
    async archivedCalls({ order, after, atMost, ...selection }) {
      const { where, either } = select(selection, await hashOf(selection))
      const within = all([...where, ...(after ? [isAfter(after, order)] : [])])
      const direction = order === 'ASC' ? sql`asc` : sql`desc`
      const first = sql`order by started_at ${direction}, id ${direction} limit ${atMost}`
      if (!either) return callsOf(sql`select * from archive_calls where ${within} ${first}`)
      if (either.length === 0) return []
      const branches = either.map(
        (one) => sql`
          select * from (select started_at, id from archive_calls where ${within} and ${one} ${first}) as branch`,
      )
      // SQLite keeps to the order of a cross join.
      return callsOf(sql`
        select call.* from (select started_at, id from (${united(branches)}) as branches ${first}) as found
        cross join archive_calls as call
        where call.account = ${selection.account} and call.id = found.id
        order by found.started_at ${direction}, found.id ${direction}`)
    },
    async archivedCall(account, id) {
      const row = await db
        .selectFrom('archive_calls')
        .selectAll()
        .where('account', '=', account)
        .where('id', '=', id)
        .executeTakeFirst()
      return row ? callOf(row, keys) : null
    },
    async archivedCallsOf(account, ids) {
      if (ids.length === 0) return []
      const rows = await db
        .selectFrom('archive_calls')
        .selectAll()
        .where('account', '=', account)
        .where('id', 'in', ids)
        .execute()
      return rows.map((row) => callOf(row, keys))
    },
    async countArchivedCalls(selection) {
      const { where, either } = select(selection, await hashOf(selection))
      if (either?.length === 0) return 0
      const found = either
        ? united(either.map((one) => sql`select id from archive_calls where ${all([...where, one])}`))
        : sql`select 1 from archive_calls where ${all(where)}`
      const { rows } = await sql<{ calls: number | string }>`
        select count(*) as calls from (${found}) as found`.execute(db)
      return Number(rows[0]!.calls)
    },
    async archiveFigures(account) {
      const { rows } = await sql<Figures>`
        select
          (select count(*) from archive_calls where account = ${account}) as calls,
          (select min(started_at) from archive_calls where account = ${account}) as oldest,
          (select max(started_at) from archive_calls where account = ${account}) as newest`.execute(db)
      return figuresOf(rows[0]!)
    },
    async archiveChanges(accounts, after, atMost) {
      if (accounts.length === 0) return []
      const rows = await db
        .selectFrom('events')
        .select(['position', 'workspace', 'account', 'body', 'at'])
        // As it stands in the index of these events.
        .where('topic', '=', sql.lit(ARCHIVE))
        .where('account', 'in', accounts)
        .where('position', '>', after)
        .orderBy('position')
        .limit(atMost)
        .execute()
      return rows.map(({ position, at, ...change }) => ({ ...change, position: Number(position), at: Number(at) }))
    },
    forgetArchivedCalls: (account, before) => forgetCalls(db, account, before),
    removeArchive: (account) => removeArchive(db, account),
  }
}

/** Each row once. */
const united = (queries: readonly RawBuilder<unknown>[]) => sql.join(queries, sql` union `)

const isAfter = ({ startedAt, id }: ArchivePosition, order: 'ASC' | 'DESC') => {
  const position = sql`(${Date.parse(startedAt)}, ${id})`
  return order === 'ASC' ? sql<boolean>`(started_at, id) > ${position}` : sql<boolean>`(started_at, id) < ${position}`
}

interface Figures {
  readonly calls: number | string
  readonly oldest: number | string | null
  readonly newest: number | string | null
}

function figuresOf({ calls, oldest, newest }: Figures): ArchiveFigures {
  const text = (time: number | string | null) => {
    const ms = numberOrNull(time)
    return ms === null ? null : new Date(ms).toISOString()
  }
  return { calls: Number(calls), oldest: text(oldest), newest: text(newest) }
}
