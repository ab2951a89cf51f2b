import { setImmediate as othersHadTheirTurn } from 'node:timers/promises'

import type { Kysely, Selectable } from 'kysely'

import { Secret } from '../../../secret.js'
import type { ExportStore, StoredExport } from '../../export-store.js'
import type { Keyring } from '../../keyring.js'
import { hasNoFile } from '../../memory-exports.js'
import type { SqlDialect } from '../dialect.js'
import { count, numberOrNull, rowSeal, whole } from '../rows.js'
import { placeOf, type ExportTable, type Tables } from '../tables.js'

/** Chunks deleted by one statement: each is some hundred kilobytes. */
const CHUNKS_DELETED_AT_ONCE = 20

/** Exports in SQL: what they ask for and their files are always sealed. */
export function sqlExports({ db }: SqlDialect, keys: Keyring): ExportStore {
  const sealState = (id: string, state: string) => rowSeal(keys, 'exports', id).seal('state', new Secret(state))
  const chunkPlace = (id: string, position: number) => placeOf('export_chunks', 'body', id, String(position))

  function exportOf(row: Selectable<ExportTable>): StoredExport {
    return {
      id: row.id,
      workspace: row.workspace,
      accounts: JSON.parse(row.accounts) as string[],
      requestKey: row.request_key,
      status: row.status,
      state: rowSeal(keys, 'exports', row.id).open('state', row.state).reveal(),
      revision: Number(row.revision),
      createdAt: Number(row.created_at),
      endsAt: numberOrNull(row.ends_at),
    }
  }

  async function ofRequest(requestKey: string): Promise<StoredExport | null> {
    const row = await db.selectFrom('exports').selectAll().where('request_key', '=', requestKey).executeTakeFirst()
    return row ? exportOf(row) : null
  }

  const remove = async (id: string) => {
    await db.deleteFrom('exports').where('id', '=', id).execute()
    await deleteChunks(db, id)
  }

  return {
    async createExport({ id, accounts, requestKey, state, createdAt, endsAt, ...created }) {
      for (;;) {
        const result = await db
          .insertInto('exports')
          .values({
            ...{ ...created, id, accounts: JSON.stringify(accounts), request_key: requestKey },
            ...{ state: sealState(id, state), created_at: Math.round(createdAt), ends_at: whole(endsAt) },
          })
          .onConflict((conflict) => conflict.column('request_key').doNothing())
          .executeTakeFirst()
        if (count(result) === 1) return null
        const standing = requestKey === null ? null : await ofRequest(requestKey)
        // Otherwise it was removed meanwhile.
        if (standing) return standing
      }
    },
    exportOfRequest: ofRequest,
    async storedExport(id) {
      const row = await db.selectFrom('exports').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? exportOf(row) : null
    },
    runningExports: () =>
      db
        .selectFrom('exports')
        .select(['id', 'workspace'])
        .where('status', '=', 'RUNNING')
        .orderBy('created_at')
        .orderBy('id')
        .execute(),
    async countExports(workspace) {
      const { all } = await db
        .selectFrom('exports')
        .select(({ fn }) => fn.countAll<number | string>().as('all'))
        .where('workspace', '=', workspace)
        .where('status', 'in', ['RUNNING', 'COMPLETED', 'COMPLETED_WITH_GAPS'])
        .executeTakeFirstOrThrow()
      return Number(all)
    },
    async changeExport(id, revision, { status, state, endsAt, chunk }) {
      const row = { status, state: sealState(id, state), ends_at: whole(endsAt), revision: revision + 1 }
      const body = chunk && keys.sealBytes(chunk.packed, chunkPlace(id, chunk.position))
      const isChanged = await db.transaction().execute(async (within) => {
        const result = await within
          .updateTable('exports')
          .set(row)
          .where('id', '=', id)
          .where('revision', '=', revision)
          .where('status', '=', 'RUNNING')
          .executeTakeFirst()
        if (count(result) === 0) return false
        if (chunk && body)
          await within
            .insertInto('export_chunks')
            .values({
              ...{ export: id, position: chunk.position, start: chunk.start, length: chunk.length },
              ...{ packed_start: chunk.packedStart, packed_length: chunk.packedLength, body },
            })
            .execute()
        return true
      })
      if (isChanged && hasNoFile(status)) await deleteChunks(db, id)
      return isChanged
    },
    async exportChunks(id) {
      const rows = await db
        .selectFrom('export_chunks')
        .select(['position', 'start', 'length', 'packed_start', 'packed_length'])
        .where('export', '=', id)
        .orderBy('position')
        .execute()
      return rows.map((row) => ({
        position: Number(row.position),
        start: Number(row.start),
        length: Number(row.length),
        packedStart: Number(row.packed_start),
        packedLength: Number(row.packed_length),
      }))
    },
    async exportChunk(id, position) {
      const row = await db
        .selectFrom('export_chunks')
        .select('body')
        .where('export', '=', id)
        .where('position', '=', position)
        .executeTakeFirst()
      return row ? keys.openBytes(row.body, chunkPlace(id, position)) : null
    },
    async expireExports(now) {
      const ended = await db
        .selectFrom('exports')
        .select(['id', 'revision'])
        .where('ends_at', '<=', Math.round(now))
        .where('status', 'in', ['COMPLETED', 'COMPLETED_WITH_GAPS'])
        .execute()
      for (const { id, revision } of ended) {
        await db
          .updateTable('exports')
          .set({ status: 'EXPIRED', revision: Number(revision) + 1 })
          .where('id', '=', id)
          .where('revision', '=', revision)
          .execute()
        await deleteChunks(db, id)
      }
      await deleteOrphans(db)
    },
    async forgetExports(before) {
      const old = await db.selectFrom('exports').select('id').where('ends_at', '<', Math.round(before)).execute()
      for (const { id } of old) await remove(id)
    },
    async forgetAccountExports(account) {
      const all = await db.selectFrom('exports').select(['id', 'accounts']).execute()
      for (const { id, accounts } of all) if ((JSON.parse(accounts) as string[]).includes(account)) await remove(id)
    },
  }
}

async function deleteChunks(db: Kysely<Tables>, id: string): Promise<void> {
  for (;;) {
    const result = await db
      .deleteFrom('export_chunks')
      .where('export', '=', id)
      .where('position', 'in', (query) =>
        query.selectFrom('export_chunks').select('position').where('export', '=', id).limit(CHUNKS_DELETED_AT_ONCE),
      )
      .executeTakeFirst()
    if (count(result) < CHUNKS_DELETED_AT_ONCE) return
    // SQLite's driver never waits: part after part, nothing else in this process would go on.
    await othersHadTheirTurn()
  }
}

/** What a process that was killed while it removed an export has left. */
async function deleteOrphans(db: Kysely<Tables>): Promise<void> {
  const orphans = await db
    .selectFrom('export_chunks')
    .select('export')
    .distinct()
    .where('export', 'not in', (query) =>
      query.selectFrom('exports').select('id').where('status', 'in', ['RUNNING', 'COMPLETED', 'COMPLETED_WITH_GAPS']),
    )
    .execute()
  for (const { export: id } of orphans) await deleteChunks(db, id)
}
