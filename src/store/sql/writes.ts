import type { Selectable } from 'kysely'

import { Secret } from '../../secret.js'
import type { Keyring } from '../keyring.js'
import type { StoredChange, WriteRequest, WriteStore } from '../write-store.js'
import { DELETED_AT_ONCE, deleteInParts } from './deleting.js'
import type { SqlDialect } from './dialect.js'
import { count, rowSeal } from './rows.js'
import type { ChangeTable, WriteRequestTable } from './tables.js'

/**
 * The record of writes. What a request asks for and its answer are sealed: they hold names and
 * numbers of people.
 */
export function sqlWrites({ db }: SqlDialect, keys: Keyring): WriteStore {
  const sealOf = (id: string) => rowSeal(keys, 'write_requests', id)

  function openRequest(row: Selectable<WriteRequestTable>): WriteRequest {
    const { open, openOrNull } = sealOf(row.id)
    return {
      id: row.id,
      owner: row.owner,
      input: open('input', row.input).reveal(),
      changeId: row.change_id,
      answer: openOrNull('answer', row.answer)?.reveal() ?? null,
      expiresAt: Number(row.expires_at),
    }
  }

  async function writeRequest(id: string): Promise<WriteRequest | null> {
    const row = await db.selectFrom('write_requests').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? openRequest(row) : null
  }

  return {
    async claimWrite({ id, owner, input, expiresAt }, now) {
      for (;;) {
        const claimed = {
          owner,
          input: sealOf(id).seal('input', new Secret(input)),
          change_id: null,
          answer: null,
          expires_at: Math.round(expiresAt),
        }
        const result = await db
          .insertInto('write_requests')
          .values({ id, ...claimed })
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet(claimed).where('write_requests.expires_at', '<=', Math.round(now)),
          )
          .executeTakeFirst()
        if (count(result) === 1) return null
        const standing = await writeRequest(id)
        // Otherwise it was dropped meanwhile, and can be claimed.
        if (standing) return standing
      }
    },
    writeRequest,
    async takeOverWrite(id, from, to) {
      const result = await db
        .updateTable('write_requests')
        .set({ owner: to })
        .where('id', '=', id)
        .where('owner', '=', from)
        .where('answer', 'is', null)
        .executeTakeFirst()
      return count(result) === 1
    },
    async dropWrite(id, owner) {
      await db
        .deleteFrom('write_requests')
        .where('id', '=', id)
        .where('owner', '=', owner)
        .where('change_id', 'is', null)
        .execute()
    },
    beginChange: (change, request) =>
      db.transaction().execute(async (within) => {
        if (request) {
          const sends = await within
            .updateTable('write_requests')
            .set({ change_id: change.id })
            .where('id', '=', request.id)
            .where('owner', '=', request.owner)
            .where('change_id', 'is', null)
            .executeTakeFirst()
          if (count(sends) === 0) return false
        }
        await within.insertInto('changes').values(rowOf(change)).execute()
        return true
      }),
    endChange: (id, { outcome, code, targetId }, answered) =>
      db.transaction().execute(async (within) => {
        const change = within.updateTable('changes').where('id', '=', id)
        await change.set({ outcome, code }).where('outcome', '=', 'UNKNOWN').execute()
        if (targetId !== null) await change.set({ target_id: targetId }).where('target_id', 'is', null).execute()
        if (!answered) return
        const { request, answer } = answered
        // Its change is another one when this request expired and was replaced meanwhile.
        if (answer === null)
          await within
            .deleteFrom('write_requests')
            .where('id', '=', request)
            .where('change_id', '=', id)
            .where('answer', 'is', null)
            .execute()
        else
          await within
            .updateTable('write_requests')
            .set({ answer: sealOf(request).seal('answer', new Secret(answer)) })
            .where('id', '=', request)
            .where('change_id', '=', id)
            .where('answer', 'is', null)
            .execute()
      }),
    async changes({ workspace, accounts, before, atMost }) {
      if (accounts.length === 0) return []
      const rows = await db
        .selectFrom('changes')
        .selectAll()
        .where('workspace', '=', workspace)
        .where('account', 'in', accounts)
        .$if(before !== null, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('at', 'id'), '<', tuple(Math.round(before!.at), before!.id)),
          ),
        )
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(atMost)
        .execute()
      return rows.map(changeOf)
    },
    async countChanges({ workspace, accounts }) {
      if (accounts.length === 0) return 0
      const { all } = await db
        .selectFrom('changes')
        .select(({ fn }) => fn.countAll<number | string>().as('all'))
        .where('workspace', '=', workspace)
        .where('account', 'in', accounts)
        .executeTakeFirstOrThrow()
      return Number(all)
    },
    async change(id) {
      const row = await db.selectFrom('changes').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? changeOf(row) : null
    },
    async forgetChanges(before, now) {
      await deleteInParts(db, (within) =>
        within
          .deleteFrom('changes')
          .where('id', 'in', (query) =>
            query.selectFrom('changes').select('id').where('at', '<', Math.round(before)).limit(DELETED_AT_ONCE),
          )
          .executeTakeFirst(),
      )
      const expired = Math.round(now)
      await deleteInParts(db, (within) =>
        within
          .deleteFrom('write_requests')
          // Asked twice: one that is claimed anew meanwhile stays.
          .where('expires_at', '<=', expired)
          .where('id', 'in', (query) =>
            query.selectFrom('write_requests').select('id').where('expires_at', '<=', expired).limit(DELETED_AT_ONCE),
          )
          .executeTakeFirst(),
      )
    },
  }
}

const rowOf = (change: StoredChange): Selectable<ChangeTable> => ({
  id: change.id,
  workspace: change.workspace,
  account: change.account,
  operation: change.operation,
  target_id: change.targetId,
  actor: change.actor,
  request_id: change.requestId,
  at: Math.round(change.at),
  fields: JSON.stringify(change.fields),
  outcome: 'UNKNOWN',
  code: change.code,
})

const changeOf = (row: Selectable<ChangeTable>): StoredChange => ({
  id: row.id,
  workspace: row.workspace,
  account: row.account,
  operation: row.operation,
  targetId: row.target_id,
  actor: row.actor,
  requestId: row.request_id,
  at: Number(row.at),
  fields: JSON.parse(row.fields) as string[],
  outcome: row.outcome,
  code: row.code,
})
