import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'

import { keyring, SealBroken } from '../../src/store/keyring.js'
import { openDialect, openStore } from '../../src/store/open-store.js'
import { reencryptRows } from '../../src/store/sql/reencrypt.js'
import { postgresUnavailable } from '../support/postgres.js'
import { archivedCall, archiving, asking, at, idsOf } from './archived-calls.js'
import { eventStores, KEYS, STORES, type StoreName } from './event-stores.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)
const runnable = (name: StoreName) => (name === 'postgres' && postgresUnavailable ? test.skip : test)
const sealed = true
const newKey = () => randomBytes(32).toString('base64')

const numbers = { callerNumber: '+902320000001', calleeNumber: '+902320000002' }
const secretCall = (id: string) => ({
  ...archivedCall(id, at('09:00:00'), { ...numbers, durationSeconds: 7 }),
  record: JSON.stringify({ id, name: 'Canary', raw: 'a\u0000b', numbers }),
})

describe.each(STORES)('a sealed archive of the %s store', (name) => {
  const it = runnable(name)

  it('answers as one that is not, whenever its calls were sealed', async () => {
    const store = await stores.fresh(name)
    const put = ['before', 'sealed', 'moved'].map(secretCall)
    await store.appendEvents(archiving(0, { put: [put[0]!, put[2]!] }))
    await store.appendEvents(archiving(1, { put: put.slice(1), sealed }))
    expect(await store.archivedCall('izmir', 'sealed')).toEqual(put[1])
    const byId = [put[0], put[2], put[1]]
    expect(await store.archivedCalls(asking())).toEqual(byId)
    for (const query of [
      { numbers: ['+902320000001'] },
      { callerNumbers: ['+902320000001', '+1'] },
      { calleeNumbers: ['+902320000002'], minimumSeconds: 7, dispositions: ['ANSWERED'] },
    ]) {
      expect(await store.archivedCalls(asking(query))).toEqual(byId)
      expect(await store.countArchivedCalls(asking(query))).toBe(3)
    }
    expect(await store.countArchivedCalls(asking({ callerNumbers: ['+902320000002'] }))).toBe(0)
    await store.appendEvents(archiving(2, { put: [put[1]!] }))
    expect(await store.archivedCalls(asking({ numbers: ['+902320000001'] }))).toEqual(byId)
  })
})

describe.each(['sqlite', 'postgres'] as const)('what is sealed of an archive in the %s store', (name) => {
  const it = runnable(name)

  /** The database itself, beside the store. */
  async function rawly(url: string) {
    const dialect = await openDialect(url)
    stores.later(() => dialect.db.destroy())
    return dialect
  }

  it('is read in no row and no byte of the database; times, dispositions and durations are', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    await store.appendEvents(archiving(0, { put: [secretCall('one'), archivedCall('bare', at('10:00:00'))], sealed }))
    const { db } = await rawly(url)
    const rows = await db.selectFrom('archive_calls').selectAll().orderBy('started_at').execute()
    expect(rows).toMatchObject([
      { id: 'one', disposition: 'ANSWERED', direction: 'INBOUND', duration_seconds: 7 },
      { id: 'bare', caller_number: null, callee_number: null },
    ])
    expect(Number(rows[0]!.started_at)).toBe(Date.parse(at('09:00:00')))
    const bytes = name === 'sqlite' ? ['', '-wal'].map((end) => readFileSync(url.replace('sqlite:', '') + end)) : []
    for (const text of [JSON.stringify(rows), ...bytes.map((file) => file.toString('latin1'))])
      expect(text).not.toMatch(/Canary|2320000001|2320000002/)
    expect(bytes.some((file) => file.includes('ANSWERED'))).toBe(name === 'sqlite')
  })

  it('shows no number to be the same in two accounts', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    for (const account of ['izmir', 'prague'])
      await store.appendEvents(archiving(0, { put: [secretCall('one'), secretCall('two')], sealed }, { account }))
    const { db } = await rawly(url)
    const rows = await db.selectFrom('archive_calls').select(['account', 'caller_number', 'callee_number']).execute()
    expect(new Set(rows.map((row) => row.caller_number)).size).toBe(2)
    expect(new Set(rows.flatMap((row) => [row.caller_number, row.callee_number])).size).toBe(4)
  })

  it('is found by every process, also when the first two start together', async () => {
    const url = await stores.url(name)
    const [one, two] = [await stores.open(url), await stores.open(url)]
    // Both hash before either has written, where the database allows two at once.
    const put = (id: string, account: string) => archiving(0, { put: [secretCall(id)], sealed }, { account })
    const appends = [() => one.appendEvents(put('one', 'izmir')), () => two.appendEvents(put('two', 'prague'))]
    if (name === 'postgres') await Promise.all(appends.map((append) => append()))
    else for (const append of appends) await append()
    for (const store of [one, two, await stores.open(url)])
      for (const [account, id] of [
        ['izmir', 'one'],
        ['prague', 'two'],
      ] as const) {
        const found = await store.archivedCalls(asking({ account, callerNumbers: [numbers.callerNumber] }))
        expect(idsOf(found)).toEqual([id])
      }
  })

  it('moves to a new key, found by its numbers as before, and then opens with that key alone', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    const put = Array.from({ length: 45 }, (_, index) => secretCall(String(index).padStart(2, '0')))
    await store.appendEvents(archiving(0, { put, sealed }))
    await store.appendEvents(archiving(1, { put: [archivedCall('plain', at('12:00:00'), numbers)] }))
    await store.appendEvents(archiving(0, { put, sealed }, { account: 'prague' }))
    const [fresh] = [newKey()]
    const dialect = await rawly(url)
    const seen: number[] = []
    const keys = keyring([fresh, ...KEYS])
    // The calls of both, and the key of the hashes.
    expect(await reencryptRows(dialect, keys, ({ seen: rows, all }) => seen.push(rows / all))).toBe(91)
    expect([seen.length, seen.at(-1)]).toEqual([91, 1])
    expect(await reencryptRows(dialect, keys)).toBe(0)
    await expect(openStore(url, KEYS)).rejects.toThrow(SealBroken)
    const moved = await openStore(url, [fresh])
    stores.later(() => moved.close())
    for (const [account, calls] of [
      ['izmir', 46],
      ['prague', 45],
    ] as const) {
      const found = await moved.archivedCalls(asking({ account, numbers: [numbers.callerNumber] }))
      expect(found.slice(0, 45)).toEqual(put)
      expect(found).toHaveLength(calls)
    }
  })

  it('opens in its own place alone', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    await store.appendEvents(archiving(0, { put: [secretCall('one'), secretCall('two')], sealed }))
    const { db } = await rawly(url)
    const { record } = await db
      .selectFrom('archive_calls')
      .select('record')
      .where('id', '=', 'two')
      .executeTakeFirstOrThrow()
    await db.updateTable('archive_calls').set({ record }).where('id', '=', 'one').execute()
    await expect(store.archivedCall('izmir', 'one')).rejects.toThrow(SealBroken)
    expect(await store.archivedCall('izmir', 'two')).toEqual(secretCall('two'))
  })
})
