import { randomBytes } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'

import { keyring, SealBroken } from '../../src/store/keyring.js'
import { openDialect, openStore } from '../../src/store/open-store.js'
import { reencryptRows } from '../../src/store/sql/reencrypt.js'
import { postgresUnavailable } from '../support/postgres.js'
import { eventStores, KEYS, type StoreName } from './event-stores.js'
import { killChange } from './killed-change.js'
import { answered, C1, C2, claim, done, standing, writtenChange } from './written-change.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)
const runnable = (name: StoreName) => (name === 'postgres' && postgresUnavailable ? test.skip : test)

describe.each(['sqlite', 'postgres'] as const)('the record of writes in the %s store', (name) => {
  const it = runnable(name)
  const newKey = () => randomBytes(32).toString('base64')

  it('shows a write whose process was killed after it was begun as UNKNOWN, and its request as sent', async () => {
    const url = await stores.url(name)
    expect(
      await killChange({ store: url, keys: KEYS, change: writtenChange({ id: C1 }), request: claim('killed') }),
    ).toBe('SIGKILL')
    const store = await stores.open(url)
    expect(await store.change(C1)).toEqual(writtenChange({ id: C1 }))
    expect(await store.claimWrite(claim('next'), 0)).toEqual(standing('killed', { changeId: C1 }))
    expect(await store.takeOverWrite('request', 'killed', 'next')).toBe(true)
    expect(await store.beginChange(writtenChange({ id: C2 }), { id: 'request', owner: 'next' })).toBe(false)
    await store.endChange(C1, done, answered())
    expect([await store.change(C1), await store.writeRequest('request')]).toMatchObject([
      done,
      { answer: answered().answer },
    ])
  })

  it('ends a change and answers its request together or not at all', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    await store.claimWrite(claim('one'), 0)
    await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'one' })
    const { db } = await openDialect(url)
    stores.later(() => db.destroy())
    await sql`alter table write_requests rename to away`.execute(db)
    await expect(store.endChange(C1, done, answered())).rejects.toThrow()
    await sql`alter table away rename to write_requests`.execute(db)
    expect((await store.change(C1))?.outcome).toBe('UNKNOWN')
  })

  it('holds what is asked for and what was answered encrypted', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    await store.claimWrite(claim('one'), 0)
    await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'one' })
    await store.endChange(C1, done, answered())
    const { db } = await openDialect(url)
    stores.later(() => db.destroy())
    const rows = await db.selectFrom('write_requests').selectAll().execute()
    expect(rows).toMatchObject([{ id: 'request', owner: 'one', change_id: C1 }])
    expect(JSON.stringify(rows)).not.toMatch(/Canary/)
  })

  it('claims no request that does not open, until it has expired: it may have been sent', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    for (const id of ['request', 'other']) {
      await store.claimWrite(claim('one', { id }), 0)
      await store.beginChange(writtenChange({ id: `change of ${id}` }), { id, owner: 'one' })
      await store.endChange(`change of ${id}`, done, { request: id, answer: '{}' })
    }
    const { db } = await openDialect(url)
    stores.later(() => db.destroy())
    const row = async (id: string) =>
      db.selectFrom('write_requests').select(['input', 'answer']).where('id', '=', id).executeTakeFirstOrThrow()
    const [mine, other] = [await row('request'), await row('other')]
    for (const broken of [
      other,
      { ...mine, answer: other.answer },
      { ...mine, answer: mine.input },
      { ...mine, input: '' },
    ]) {
      await db.updateTable('write_requests').set(broken).where('id', '=', 'request').execute()
      await expect(store.claimWrite(claim('two'), 0)).rejects.toThrow(SealBroken)
      await expect(store.writeRequest('request')).rejects.toThrow(SealBroken)
    }
    expect(await store.claimWrite(claim('two', { expiresAt: 9_000 }), 5_000)).toBeNull()
    expect(await store.writeRequest('request')).toEqual(standing('two', { expiresAt: 9_000 }))
  })

  it('moves to a new key, requests under way and answered ones', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    await store.claimWrite(claim('one', { id: 'under way' }), 0)
    await store.claimWrite(claim('one'), 0)
    await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'one' })
    await store.endChange(C1, done, answered())
    const both = [newKey(), ...KEYS]
    const dialect = await openDialect(url)
    expect(await reencryptRows(dialect, keyring(both))).toBe(2)
    expect(await reencryptRows(dialect, keyring(both))).toBe(0)
    await dialect.db.destroy()
    const moved = await openStore(url, both.slice(0, 1))
    stores.later(() => moved.close())
    expect(await moved.writeRequest('under way')).toEqual(standing('one', { id: 'under way' }))
    expect(await moved.writeRequest('request')).toEqual(standing('one', { changeId: C1, answer: answered().answer }))
  })
})
