import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import type { ExportedFrom } from '../../src/exports/export-services.js'
import { sourcesOf } from '../../src/exports/sources.js'
import { parseGlobalId } from '../../src/model/id.js'
import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { ipex } from '../../src/providers/ipex/index.js'
import { memoryStore } from '../../src/store/memory.js'
import { fill } from '../archive/filled.js'
import type { Twin } from '../archive/twins.js'
import { startHarness, type Harness } from '../sandbox/harness.js'
import { createWorld, type World } from '../support/world.js'
import { dyingStore } from './dying-store.js'
import { exported, linesIn } from './exporting.js'
import { accountOf, ask, FROM, KEY, longCalls, made, making, NOW } from './making.js'

const idsIn = (file: Buffer) => linesIn(file).map((line) => String(line['id']))
interface Missing {
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
}
const byAccount = (ids: readonly string[], key: string) => ids.filter((id) => parseGlobalId(id)?.account === key)

describe('a provider whose answers cannot be read from some page on', () => {
  let harness: Harness
  const query = ((...given: [string, object?, object?]) =>
    harness.query(given[0], given[1], given[2] as Record<string, string>)) as unknown as Twin['ask']
  beforeAll(async () => {
    harness = await startHarness({
      accounts: { izmir: { of: 'bulutfon/masterToken', options: { pageSize: 20 } }, prague: 'ipex/password' },
      limits: { attempts: 1, pageSize: 1_000 },
    })
  }, 60_000)
  afterAll(() => harness.close())

  test('is a gap behind what was read before, which callRecordGap fetches exactly; the others are whole', async () => {
    const input = { filter: {}, fields: ['id'], fromProvider: true }
    const whole = idsIn((await exported(query, input)).file)
    harness.clear()
    harness.emulators.bulutfon.faults.next({
      ...{ path: /\/cdrs$/, when: ({ query: asked }) => asked.get('page') === '3', html: true, times: Infinity },
    })
    const one = await exported(query, input)
    const ids = idsIn(one.file)
    expect({ status: one.status, recordCount: one.recordCount }).toEqual({
      ...{ status: 'COMPLETED_WITH_GAPS', recordCount: ids.length },
    })
    const [izmir, prague] = one.sources
    expect(izmir).toMatchObject({ account: { key: 'izmir' }, state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE' })
    expect(prague).toMatchObject({ account: { key: 'prague' }, state: 'COMPLETE', gap: null })
    expect(byAccount(ids, 'prague')).toEqual(byAccount(whole, 'prague'))
    // Two pages were read; calls of the second one's last moment may be on the third, too.
    expect(byAccount(ids, 'izmir').length).toBeGreaterThan(35)
    // No such failure may be over a second later: it is not asked again.
    const asked = harness.requests().filter((line) => line.includes('page=3'))
    expect(asked.filter((line) => line.startsWith('bulutfon'))).toHaveLength(1)
    harness.clear()
    expect([...byAccount(ids, 'izmir'), ...(await fetched(izmir!.gap!.retryCursor))]).toEqual(byAccount(whole, 'izmir'))
  })

  async function fetched(cursor: string): Promise<readonly string[]> {
    const ids: string[] = []
    for (let after: string | null = null; ;) {
      const { callRecordGap }: { readonly callRecordGap: Missing } = await harness.data(
        `query ($cursor: String!, $after: String) {
          callRecordGap(cursor: $cursor, first: 500, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
        }`,
        { cursor, after },
      )
      ids.push(...callRecordGap.nodes.map(({ id }) => id))
      if (!callRecordGap.pageInfo.hasNextPage) return ids
      after = callRecordGap.pageInfo.endCursor
    }
  }
})

describe('a provider that fails for a while', () => {
  let office: World
  let other: World
  const accounts = () =>
    [office.account('masterToken', 'izmir'), other.account('password', 'prague')].map((account) => ({
      ...account,
      ...{ archive: null, live: { webhook: false, pollSeconds: 0, always: false }, isCrowded: () => false },
    })) as unknown as readonly ExportedFrom[]
  beforeAll(async () => {
    office = await createWorld(bulutfon, { scale: 0.02, limits: { attempts: 1 } })
    other = await createWorld(ipex, { scale: 0.02, limits: { attempts: 1 } })
  }, 60_000)
  afterAll(() => Promise.all([office.close(), other.close()]))

  /** One export from its question to its end, and how long it paused between. */
  async function walked() {
    const store = memoryStore(() => 0)
    const pauses: number[] = []
    const { exports, ended, troubles } = making(store, accounts(), {
      pause: async (milliseconds) => {
        pauses.push(milliseconds)
        office.clock.advance(milliseconds / 1_000)
      },
    })
    const id = await ask(store, { fromProvider: true, fields: ['id'] }, { accounts: ['izmir', 'prague'] })
    const end = ended()
    exports.open()
    await end
    await exports.close()
    expect(troubles).toEqual([])
    const sources = sourcesOf((await store.storedExport(id))!)
    const { bytes, status } = await made(store, id)
    return { pauses, status, ids: idsIn(bytes), states: sources.map(({ state, errorCode }) => [state, errorCode]) }
  }
  const failing = () => office.emulator.journal.entries.filter(({ status }) => status === 503 || status === 429).length
  const secondPage = { path: /\/cdrs$/, when: ({ query }: { query: URLSearchParams }) => query.get('page') === '2' }

  test('leaves no gap once it has recovered: each call is there once', async () => {
    const before = await walked()
    expect(before).toMatchObject({ pauses: [], status: 'COMPLETED' })
    // Nothing of it may come from the cache.
    office.clock.advance(7 * 24 * 3_600)
    office.emulator.journal.clear()
    office.emulator.faults.next({ ...secondPage, status: 503, times: 2 })
    const { pauses, status, ids } = await walked()
    expect({ pauses, status, failing: failing() }).toEqual({ pauses: [2_000, 4_000], status: 'COMPLETED', failing: 2 })
    expect(ids).toEqual(before.ids)
  })

  test('is waited for as long as it asks', async () => {
    office.clock.advance(7 * 24 * 3_600)
    office.emulator.faults.next({ ...secondPage, status: 429, headers: { 'retry-after': '7' }, times: 1 })
    const { pauses, status } = await walked()
    expect({ pauses, status }).toEqual({ pauses: [7_000], status: 'COMPLETED' })
  })

  test('is given up after three more attempts, a named gap', async () => {
    office.clock.advance(7 * 24 * 3_600)
    office.emulator.journal.clear()
    office.emulator.faults.next({ path: /\/cdrs$/, status: 503, times: Infinity })
    const { pauses, status, ids, states } = await walked()
    office.emulator.faults.clear()
    expect({ pauses, status, failing: failing() }).toEqual({
      ...{ pauses: [2_000, 4_000, 8_000], status: 'COMPLETED_WITH_GAPS', failing: 4 },
    })
    expect(states).toEqual([
      ['FAILED', 'PROVIDER_UNAVAILABLE'],
      ['COMPLETE', null],
    ])
    expect([byAccount(ids, 'izmir').length, byAccount(ids, 'prague').length > 0]).toEqual([0, true])
  })
})

describe('an account that is not there', () => {
  test('any more when its calls are to be read is a named gap', async () => {
    const store = memoryStore(() => 0)
    const { exports, ended } = making(store, [])
    const id = await ask(store, { fromProvider: true }, { accounts: ['izmir'] })
    const end = ended()
    exports.open()
    await end
    await exports.close()
    expect(sourcesOf((await store.storedExport(id))!)).toMatchObject([{ state: 'FAILED', errorCode: 'NOT_FOUND' }])
    expect(await made(store, id)).toMatchObject({ status: 'COMPLETED_WITH_GAPS', records: 0 })
  })

  test('when another process goes on is a gap from the last chunk on, which is kept', async () => {
    let time = 0
    const store = memoryStore(() => time)
    const covered = [{ from: FROM, until: '2100-01-01T00:00:00.000Z' }]
    const calls = longCalls(250)
    await fill(store, { key: KEY, calls, covered, syncedAt: new Date(NOW).toISOString() })
    const id = await ask(store)
    const dying = dyingStore(store, 10, true)
    making(dying.store, [accountOf()]).exports.open()
    await dying.died
    time += 21_000
    const before = await made(store, id)
    expect(before.chunks).toBeGreaterThan(0)
    const { exports, ended } = making(store, [])
    const end = ended()
    exports.open()
    await end
    await exports.close()
    const { status, records, gaps } = await made(store, id)
    expect({ status, records, gaps }).toMatchObject({
      ...{ status: 'COMPLETED_WITH_GAPS', records: before.records },
      gaps: [{ account: KEY, start: before.reached, end: null, code: 'NOT_FOUND' }],
    })
  })
})
