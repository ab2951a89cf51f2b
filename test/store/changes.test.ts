import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'

import { Secret } from '../../src/secret.js'
import { keyring } from '../../src/store/keyring.js'
import { openDialect } from '../../src/store/open-store.js'
import type { StoredChange, WriteStore } from '../../src/store/write-store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { eventStores, KEYS, STORES, type StoreName } from './event-stores.js'
import { C1, C2, claim, done, uuid, writtenChange } from './written-change.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)
const runnable = (name: StoreName) => (name === 'postgres' && postgresUnavailable ? test.skip : test)

describe.each(STORES)('a change at a provider, in the %s store', (name) => {
  const it = runnable(name)

  it('is UNKNOWN while it is under way, and then what became of it, for good', async () => {
    const store = await stores.fresh(name)
    const begun = writtenChange({ id: C1, targetId: null, at: 2_000 })
    expect(await store.change(C1)).toBeNull()
    expect(await store.beginChange({ ...begun, outcome: 'DONE' }, null)).toBe(true)
    expect(await store.change(C1)).toEqual(begun)
    await store.endChange(C1, { outcome: 'UNKNOWN', code: 'OUTCOME_UNKNOWN', targetId: null }, null)
    expect(await store.change(C1)).toEqual({ ...begun, code: 'OUTCOME_UNKNOWN' })
    await store.endChange(C1, done, null)
    expect(await store.change(C1)).toEqual({ ...begun, ...done })
    for (const outcome of ['UNKNOWN', 'REFUSED'] as const)
      await store.endChange(C1, { outcome, code: 'INVALID', targetId: null }, null)
    expect(await store.change(C1)).toEqual({ ...begun, ...done })
    await store.endChange(C2, done, null)
    expect(await store.change(C2)).toBeNull()
  })

  it('keeps why it was refused', async () => {
    const store = await stores.fresh(name)
    await store.beginChange(writtenChange({ id: C1, targetId: null, fields: [] }), null)
    await store.endChange(C1, { outcome: 'REFUSED', code: 'TAKEN', targetId: null }, null)
    expect(await store.change(C1)).toMatchObject({ outcome: 'REFUSED', code: 'TAKEN', targetId: null, fields: [] })
  })

  it('is listed with those of the accounts that are asked for, newest first and in pages, and counted', async () => {
    const store = await stores.fresh(name)
    const begin = async (change: Partial<StoredChange>) => void (await store.beginChange(writtenChange(change), null))
    for (const number of [3, 1, 5, 2, 4]) await begin({ id: uuid(number), at: number < 4 ? 1_000 : 2_000 })
    await begin({ id: uuid(6), account: 'prague', at: 1_500 })
    await begin({ id: uuid(7), workspace: 'other', at: 1_500 })
    await begin({ id: uuid(8), account: 'brno', at: 1_500 })
    const of = { workspace: 'default', accounts: ['izmir', 'prague'] }
    const expected = [5, 4, 6, 3, 2, 1].map(uuid)
    const listed = await store.changes({ ...of, before: null, atMost: 99 })
    expect(listed.map(({ id }) => id)).toEqual(expected)
    expect(listed[2]).toEqual(writtenChange({ id: uuid(6), account: 'prague', at: 1_500 }))
    for (const atMost of [1, 2, 4]) {
      const walked: StoredChange[] = []
      for (let page: readonly StoredChange[] = []; walked.length === 0 || page.length > 0; walked.push(...page))
        page = await store.changes({ ...of, before: walked.at(-1) ?? null, atMost })
      expect(walked.map(({ id }) => id)).toEqual(expected)
    }
    const all = async (workspace: string, accounts: string[]) => [
      await store.countChanges({ workspace, accounts }),
      (await store.changes({ workspace, accounts, before: null, atMost: 99 })).length,
    ]
    expect(await all('default', ['izmir', 'prague'])).toEqual([6, 6])
    expect(await all('other', ['izmir', 'prague'])).toEqual([1, 1])
    expect(await all('default', ['bulutfon'])).toEqual([0, 0])
    expect(await all('default', [])).toEqual([0, 0])
  })

  it('stays in the record when its account is unlinked', async () => {
    const store = await stores.fresh(name)
    const linked = { link: 'link', key: 'izmir', workspace: 'default', provider: 'ipex', label: 'Izmir' }
    await store.link({ ...linked, settings: new Secret('{}'), pendingUntil: null }, new Map(), 5, 0)
    await store.beginChange(writtenChange({ id: C1 }), null)
    expect(await store.unlink('link', () => [])).toBe(true)
    expect(await store.change(C1)).toEqual(writtenChange({ id: C1 }))
  })

  it('is forgotten when it is old enough, and a request when it has expired, however many they are', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    await fillRecord(name, url, store, 2_500)
    await store.beginChange(writtenChange({ id: C1, at: 1_000 }), null)
    await store.claimWrite(claim('one', { id: 'kept', expiresAt: 1_001 }), 0)
    const of = { workspace: 'default', accounts: ['izmir'] }
    await store.forgetChanges(0, 0)
    expect(await store.countChanges(of)).toBe(2_501)
    expect(await store.writeRequest('request 2499')).not.toBeNull()
    await Promise.all([store.forgetChanges(1_000, 1_000), store.forgetChanges(1_000, 1_000)])
    expect(await store.changes({ ...of, before: null, atMost: 9 })).toEqual([writtenChange({ id: C1 })])
    expect([await store.writeRequest('request 0'), await store.writeRequest('request 2499')]).toEqual([null, null])
    expect((await store.writeRequest('kept'))?.owner).toBe('one')
    await store.forgetChanges(1_001, 1_001)
    expect([await store.change(C1), await store.writeRequest('kept')]).toEqual([null, null])
  })
})

/** So many changes that began at 999, and requests that expire at 1,000. */
async function fillRecord(name: StoreName, url: string, store: WriteStore, rows: number): Promise<void> {
  const numbers = Array.from({ length: rows }, (_, number) => number)
  const change = (number: number) => writtenChange({ id: `change ${number}`, at: 999 })
  const request = (number: number) => claim('gone', { id: `request ${number}`, expiresAt: 1_000 })
  if (name === 'memory') {
    for (const number of numbers) {
      await store.beginChange(change(number), null)
      await store.claimWrite(request(number), 0)
    }
    return
  }
  // The first as the store writes it, the others as copies of it: one by one they would take long.
  await store.beginChange(change(0), null)
  await store.claimWrite(request(0), 0)
  const { db } = await openDialect(url)
  const numbered = sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${sql.lit(rows - 1)})`
  await sql`insert into changes (id, workspace, account, operation, target_id, actor, request_id, at, fields, outcome, code)
    ${numbered} select 'change ' || n, workspace, account, operation, target_id, actor, request_id, at, fields, outcome, code
    from numbers cross join changes`.execute(db)
  const { input } = await db.selectFrom('write_requests').select('input').executeTakeFirstOrThrow()
  await sql`insert into write_requests (id, owner, input, change_id, answer, expires_at)
    ${numbered} select 'request ' || n, 'gone', '', null, null, 1000 from numbers`.execute(db)
  const { keys, place } = { keys: keyring(KEYS), place: `write_requests input request ${rows - 1}` }
  await db
    .updateTable('write_requests')
    .set({ input: keys.seal(keys.open(input, 'write_requests input request 0'), place) })
    .where('id', '=', `request ${rows - 1}`)
    .execute()
  await db.destroy()
}
