import { randomUUID } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'

import { ExportTooLarge, type ExportChange, type StoredExport } from '../../src/store/export-store.js'
import { SealBroken } from '../../src/store/keyring.js'
import { memoryExports } from '../../src/store/memory-exports.js'
import { openDialect } from '../../src/store/open-store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { eventStores, STORES, type StoreName } from './event-stores.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)
const runnable = (name: StoreName) => (name === 'postgres' && postgresUnavailable ? test.skip : test)

const made = (change: Partial<StoredExport> = {}): StoredExport => ({
  ...{ id: randomUUID(), workspace: 'default', accounts: ['izmir'], requestKey: null, status: 'RUNNING' },
  ...{ state: '{"filter":"+902322290000"}', revision: 1, createdAt: 1_000, endsAt: null },
  ...change,
})
const chunk = (position: number, packed = Buffer.from([position, 0xff, 0])): NonNullable<ExportChange['chunk']> => ({
  ...{ position, start: position * 10, length: 10, packedStart: position * 3, packedLength: packed.length, packed },
})
const step = (change: Partial<ExportChange> = {}): ExportChange => ({
  ...{ status: 'RUNNING', state: '{"at":1}', endsAt: null },
  ...change,
})

describe.each(STORES)('exports in the %s store', (name) => {
  const it = runnable(name)

  it('are kept as they were created, and a second one with the same key is the first', async () => {
    const store = await stores.fresh(name)
    const first = made({ requestKey: 'key' })
    expect(await store.createExport(first)).toBeNull()
    expect(await store.createExport(made({ requestKey: 'key', state: '{}' }))).toEqual(first)
    expect(await store.createExport(made())).toBeNull()
    expect(await store.createExport(made())).toBeNull()
    expect([await store.exportOfRequest('key'), await store.exportOfRequest('other')]).toEqual([first, null])
    expect(await store.storedExport(first.id)).toEqual(first)
    expect(await store.storedExport(randomUUID())).toBeNull()
  })

  it('grow by chunks, each with the state that it leads to, of whoever changed them last alone', async () => {
    const store = await stores.fresh(name)
    const one = made()
    await store.createExport(one)
    expect(await store.changeExport(one.id, 1, step({ chunk: chunk(0) }))).toBe(true)
    expect(await store.changeExport(one.id, 1, step({ state: '{"at":"another"}', chunk: chunk(1) }))).toBe(false)
    expect(await store.changeExport(one.id, 2, step({ state: '{"at":2}', chunk: chunk(1) }))).toBe(true)
    expect(await store.storedExport(one.id)).toMatchObject({ revision: 3, state: '{"at":2}' })
    const shown = [chunk(0), chunk(1)].map(({ packed: _, ...rest }) => rest)
    expect(await store.exportChunks(one.id)).toEqual(shown)
    expect(await store.exportChunk(one.id, 1)).toEqual(chunk(1).packed)
    expect(await store.exportChunk(one.id, 2)).toBeNull()
    expect(await store.changeExport(randomUUID(), 1, step())).toBe(false)
  })

  it('are one runner’s of many that change them together', async () => {
    const store = await stores.fresh(name)
    const one = made()
    await store.createExport(one)
    const changes = Array.from({ length: 10 }, () => store.changeExport(one.id, 1, step({ chunk: chunk(0) })))
    expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1)
    expect(await store.exportChunks(one.id)).toHaveLength(1)
  })

  it('keep their file when they are completed, and lose it when they are cancelled or have failed', async () => {
    const store = await stores.fresh(name)
    const kept = []
    for (const status of ['COMPLETED', 'COMPLETED_WITH_GAPS', 'CANCELLED', 'FAILED'] as const) {
      const one = made()
      await store.createExport(one)
      await store.changeExport(one.id, 1, step({ chunk: chunk(0) }))
      await store.changeExport(one.id, 2, step({ status, endsAt: 5_000 }))
      expect(await store.changeExport(one.id, 3, step({ chunk: chunk(1) }))).toBe(false)
      kept.push([status, (await store.exportChunks(one.id)).length])
    }
    expect(Object.fromEntries(kept)).toEqual({ COMPLETED: 1, COMPLETED_WITH_GAPS: 1, CANCELLED: 0, FAILED: 0 })
  })

  it('are listed while they run, the oldest first, and counted by workspace as long as they have a file', async () => {
    const store = await stores.fresh(name)
    const [late, early, done, other] = [
      made({ createdAt: 2_000 }),
      made({ createdAt: 500 }),
      made(),
      made({ workspace: 'other' }),
    ]
    for (const one of [late, early, done, other]) await store.createExport(one)
    await store.changeExport(done.id, 1, step({ status: 'COMPLETED', endsAt: 5_000, chunk: chunk(0) }))
    const running = (await store.runningExports()).map(({ id, workspace }) => [id, workspace])
    expect(running).toEqual([
      [early.id, 'default'],
      [other.id, 'other'],
      [late.id, 'default'],
    ])
    expect([await store.countExports('default'), await store.countExports('other')]).toEqual([3, 1])
    // A file may have no bytes at all.
    const empty = made({ workspace: 'other' })
    await store.createExport(empty)
    await store.changeExport(empty.id, 1, step({ status: 'COMPLETED_WITH_GAPS', endsAt: 5_000 }))
    expect(await store.countExports('other')).toBe(2)
    await store.expireExports(5_000)
    expect([await store.countExports('default'), await store.countExports('other')]).toEqual([2, 1])
  })

  it('expire: the file goes, and later all of it', async () => {
    const store = await stores.fresh(name)
    const [whole, failed, running] = [made(), made(), made()]
    for (const one of [whole, failed, running]) await store.createExport(one)
    await store.changeExport(whole.id, 1, step({ status: 'COMPLETED', endsAt: 5_000, chunk: chunk(0) }))
    await store.changeExport(failed.id, 1, step({ status: 'FAILED', endsAt: 5_000 }))
    await store.expireExports(4_999)
    expect((await store.storedExport(whole.id))?.status).toBe('COMPLETED')
    await store.expireExports(5_000)
    expect((await store.storedExport(whole.id))?.status).toBe('EXPIRED')
    expect((await store.storedExport(failed.id))?.status).toBe('FAILED')
    expect(await store.exportChunks(whole.id)).toEqual([])
    await store.forgetExports(5_000)
    expect(await store.storedExport(whole.id)).not.toBeNull()
    await store.forgetExports(5_001)
    expect([await store.storedExport(whole.id), await store.storedExport(failed.id)]).toEqual([null, null])
    expect(await store.storedExport(running.id)).not.toBeNull()
  })

  it('leave with an account that is in them, running or done', async () => {
    const store = await stores.fresh(name)
    const [mine, others] = [made({ accounts: ['prague', 'izmir'] }), made({ accounts: ['prague'] })]
    for (const one of [mine, others]) {
      await store.createExport(one)
      await store.changeExport(one.id, 1, step({ chunk: chunk(0) }))
    }
    await store.forgetAccountExports('izmir')
    expect([await store.storedExport(mine.id), await store.exportChunks(mine.id)]).toEqual([null, []])
    expect(await store.changeExport(mine.id, 2, step())).toBe(false)
    expect(await store.exportChunks(others.id)).toHaveLength(1)
  })
})

describe('an export at rest', () => {
  test('shows nothing of what it asks for and of its file, and opens in its own place alone', async () => {
    const url = await stores.url('sqlite')
    const store = await stores.open(url)
    const [one, two] = [made(), made()]
    for (const { id } of [one, two]) {
      await store.createExport(id === one.id ? one : two)
      await store.changeExport(id, 1, step({ state: one.state, chunk: chunk(0, Buffer.from('+902322290000')) }))
    }
    const { db } = await openDialect(url)
    const rows = JSON.stringify(await db.selectFrom('exports').selectAll().execute())
    const chunks = await db.selectFrom('export_chunks').selectAll().execute()
    expect(rows + JSON.stringify(chunks)).not.toMatch(/90232|2322290000/)
    const body = chunks.find((row) => row.export === one.id)!.body
    await db.updateTable('export_chunks').set({ body }).where('export', '=', two.id).execute()
    await db.destroy()
    expect(String(await store.exportChunk(one.id, 0))).toBe('+902322290000')
    await expect(store.exportChunk(two.id, 0)).rejects.toThrow(SealBroken)
  })

  test('in memory has a bound that all share, and what does not fit changes nothing', async () => {
    const store = memoryExports(5)
    const one = made()
    await store.createExport(one)
    await store.changeExport(one.id, 1, step({ chunk: chunk(0) }))
    await expect(store.changeExport(one.id, 2, step({ chunk: chunk(1) }))).rejects.toThrow(ExportTooLarge)
    expect((await store.storedExport(one.id))?.revision).toBe(2)
    await store.forgetAccountExports('izmir')
    await store.createExport(one)
    expect(await store.changeExport(one.id, 1, step({ chunk: chunk(0) }))).toBe(true)
  })
})
