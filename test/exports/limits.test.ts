import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { exportFile } from '../../src/exports/file.js'
import { globalId } from '../../src/model/id.js'
import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { fill } from '../archive/filled.js'
import type { Twin } from '../archive/twins.js'
import { startHarness, type Harness } from '../sandbox/harness.js'
import { eventStores } from '../store/event-stores.js'
import { postgresUnavailable } from '../support/postgres.js'
import { begin, ended, exported, shown } from './exporting.js'
import { accountOf, ask, askerOf, FROM, KEY, LIMITS, longCalls, made, making, NOW } from './making.js'

const stores = eventStores()
const COVERED = [{ from: FROM, until: '2100-01-01T00:00:00.000Z' }]
async function filledStore(): Promise<Store> {
  const store = memoryStore(() => 0)
  await fill(store, { key: KEY, calls: longCalls(350), covered: COVERED, syncedAt: new Date(NOW).toISOString() })
  return store
}

/** A store in which an export stands still at its second chunk, until it is let go. */
function held(inner: Store, heldId: () => string | null) {
  let letGo = () => {}
  let tell = () => {}
  const stands = new Promise<void>((resolve) => (tell = resolve))
  const until = new Promise<void>((resolve) => (letGo = resolve))
  const changeExport: Store['changeExport'] = async (id, revision, change) => {
    if (id === heldId() && change.chunk?.position === 1) {
      tell()
      await until
    }
    return inner.changeExport(id, revision, change)
  }
  return { store: { ...inner, changeExport }, stands, letGo }
}

describe('limits.exports', () => {
  test('whoever wants to know hears when the first file is begun, and when none is made any more', async () => {
    const inner = await filledStore()
    let first: string | null = null
    const { store, stands, letGo } = held(inner, () => first)
    first = await ask(store)
    await ask(store)
    const heard: boolean[] = []
    const onMaking = (isMaking: boolean) => void heard.push(isMaking)
    const { exports, ended } = making(store, [accountOf()], { onMaking })
    const other = ended()
    exports.open()
    await Promise.all([stands, other])
    expect(heard).toEqual([true])
    const last = ended()
    letGo()
    await last
    await exports.close()
    expect(heard).toEqual([true, false])
  })

  test('running: of one workspace so many are made at once over all replicas, of another one, too', async () => {
    const inner = await filledStore()
    let first: string | null = null
    const { store, stands, letGo } = held(inner, () => first)
    first = await ask(store)
    const second = await ask(store)
    const other = await ask(store, {}, { workspace: 'other', accounts: [] })
    const limits = { ...LIMITS, running: 1 }
    const replicas = [making(store, [accountOf()], { limits }), making(store, [accountOf()], { limits })]
    const ends = replicas.map(({ ended }) => ended())
    for (const { exports } of replicas) exports.open()
    await stands
    await Promise.race(ends)
    const states = async () =>
      Promise.all([first!, second, other].map(async (id) => (await inner.storedExport(id))!.status))
    expect(await states()).toEqual(['RUNNING', 'RUNNING', 'COMPLETED'])
    for (const { exports } of replicas) exports.wake()
    await new Promise((done) => setTimeout(done, 30))
    expect((await inner.storedExport(second))!.revision).toBe(1)
    letGo()
    while ((await states()).includes('RUNNING')) {
      for (const { exports } of replicas) exports.wake()
      await new Promise((done) => setTimeout(done, 5))
    }
    await Promise.all(replicas.map(({ exports }) => exports.close()))
    expect(await states()).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED'])
    expect((await made(inner, first)).sha256).toBe((await made(inner, second)).sha256)
  })

  test('bytes: what grows larger fails with a code that says so, and its chunks are removed', async () => {
    const store = await filledStore()
    const id = await ask(store)
    const { exports, ended, troubles } = making(store, [accountOf()], { limits: { ...LIMITS, bytes: 20_000 } })
    const end = ended()
    exports.open()
    expect(await end).toBe('FAILED')
    await exports.close()
    const { chunks, ...one } = await made(store, id)
    expect(one).toMatchObject({ status: 'FAILED', error: 'OPERATION_TOO_COMPLEX', sha256: null })
    expect(chunks).toBeGreaterThan(0)
    expect([await store.exportChunks(id), troubles]).toEqual([[], []])
  })

  test('keptHours: the file is removed, and the export is known to have been there for a week', async () => {
    const inner = await filledStore()
    let swept = () => {}
    const store: Store = {
      ...inner,
      async forgetExports(before) {
        await inner.forgetExports(before)
        swept()
      },
    }
    let now = NOW
    const clock = { now: () => now, monotonic: () => now }
    const id = await ask(store)
    const { exports, ended } = making(store, [accountOf()], { clock, limits: { ...LIMITS, keptHours: 2 } })
    const end = ended()
    exports.open()
    await end
    const look = async () => {
      const sweep = new Promise<void>((resolve) => (swept = resolve))
      exports.wake()
      await sweep
      const stored = await store.storedExport(id)
      return [stored?.status, (await store.exportChunks(id)).length > 0, stored && exportFile(stored, store) !== null]
    }
    now += 2 * 3_600_000 - 1
    expect(await look()).toEqual(['COMPLETED', true, true])
    now += 60_001
    expect(await look()).toEqual(['EXPIRED', false, false])
    now += 7 * 24 * 3_600_000 + 60_000
    expect(await look()).toEqual([undefined, false, null])
    await exports.close()
  })

  const ifPostgres = postgresUnavailable ? test.skip : test
  ifPostgres('of fifty requests with one key at two replicas there is one export, and all are told of it', async () => {
    const url = await stores.url('postgres')
    const replicas = [await stores.open(url), await stores.open(url)]
    const ids = await Promise.all(
      Array.from({ length: 50 }, (_, at) => ask(replicas[at % 2]!, { idempotencyKey: 'once' })),
    )
    expect(new Set(ids).size).toBe(1)
    expect(await replicas[0]!.countExports('default')).toBe(1)
  })
})

describe('an export that is no longer wanted', () => {
  test.each([
    ['is cancelled', async (store: Store, id: string) => void (await askerOf(store).cancel(idOf(id))), 'CANCELLED'],
    ['has lost an account', async (store: Store) => store.forgetAccountExports(KEY), undefined],
  ])('and %s while it is made leaves no chunk behind', async (_what, end, status) => {
    const inner = await filledStore()
    let id: string | null = null
    const { store, stands, letGo } = held(inner, () => id)
    id = await ask(store)
    const { exports, troubles } = making(store, [accountOf()])
    exports.open()
    await stands
    expect(await inner.exportChunks(id)).toHaveLength(1)
    await end(inner, id)
    letGo()
    await exports.close()
    const stored = await inner.storedExport(id)
    expect([stored?.status, await inner.exportChunks(id), troubles]).toEqual([status, [], []])
    expect(stored && exportFile(stored, inner)).toBeNull()
  })

  const idOf = (id: string) => globalId('CallRecordExport', '', id)
})

describe('a server with limits of exports', () => {
  let harness: Harness
  const query = ((...given: [string, object?]) => harness.query(...given)) as unknown as Twin['ask']
  beforeAll(async () => {
    const limits = { exports: { kept: 3, keptHours: 1 } } as unknown as Record<string, number>
    harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken' }, limits })
  }, 60_000)
  afterAll(() => harness.close())

  test('removes a file when its time is over: there is no link any more, and the one of before is nothing', async () => {
    const first = await exported(query, { ...FIRST, idempotencyKey: 'first' })
    expect((await fetch(first.link!.url)).status).toBe(200)
    harness.advance(3_601)
    // When there is something to be made, it looks what has expired.
    await exported(query, { filter: {}, idempotencyKey: 'second' })
    expect(await shown(query, first.id)).toMatchObject({ status: 'EXPIRED', link: null })
    expect((await fetch(first.link!.url)).status).toBe(404)
  })

  test('refuses more than are kept, also when they are asked for all at once', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => begin(query, { filter: {}, format: 'CSV' })))
    const refused = all.filter((one) => one.export === null)
    expect(refused).toHaveLength(48)
    expect(refused[0]!.userErrors).toMatchObject([{ field: null, code: 'INVALID' }])
    // Who asks for the same once more is not refused.
    expect((await begin(query, { filter: {}, idempotencyKey: 'second' })).userErrors).toEqual([])
    for (const one of all) if (one.export) await ended(query, one.export.id)
  })

  const FIRST = { filter: {}, fields: ['id'], fromProvider: true }
})
