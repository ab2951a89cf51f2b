import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { globalId } from '../../src/model/id.js'
import { compareCosts, explained } from '../support/explained.js'
import { startHarness, type Harness } from './harness.js'

const DESTINATIONS = `{ account(key: "izmir") { dids(first: 20) { nodes { number destination { ... on Extension { displayName } } } } } }`

describe('an operation that asks for it', () => {
  let harness: Harness
  afterEach(() => harness.close())

  test('is told what it cost: every read, its requests and logins, and the time of each phase', async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/authorizationCode' } })
    const { totals, phases, reads, tokenRequests } = await explained(harness, DESTINATIONS)
    expect(totals).toEqual({
      ...{ requests: 3, retries: 0, tokenRequests: 1, reads: 3 },
      ...{ cached: 0, stale: 0, shared: 0, revalidated: 0 },
    })
    const account = reads[0]!.account
    expect(tokenRequests).toEqual([{ account, provider: 'bulutfon', requests: 1 }])
    expect(reads.map(({ noun }) => noun).sort()).toEqual(['dids', 'extensions', 'groups'])
    expect(reads[0]).toEqual({
      ...{ account, provider: 'bulutfon', noun: 'dids', method: 'GET', keys: null, pushedDown: [] },
      ...{ from: 'PROVIDER', ageSeconds: null, readers: 1, requests: 1, retries: 0, status: '2xx', failure: null },
      ...{ waitedMs: expect.any(Number), durationMs: expect.any(Number) },
    })
    for (const phase of ['parseMs', 'validateMs', 'executeMs', 'totalMs'] as const)
      expect(phases[phase]).toBeGreaterThan(0)
    // What was parsed once is remembered.
    expect((await explained(harness, DESTINATIONS)).phases).toMatchObject({ parseMs: null, validateMs: null })
  })

  test('is told of details by how many objects, and of filters by who evaluated them', async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/password', prague: 'ipex/password' } })
    const { reads } = await explained(
      harness,
      `{ callRecords(first: 2, filter: { numbers: ["+902322290000"], startedAt: { from: "2026-01-01T00:00:00Z" } }) { nodes { id } } }`,
    )
    const calls = reads.filter(({ noun }) => noun === 'callRecords')
    expect(Object.fromEntries(calls.map(({ provider, pushedDown }) => [provider, pushedDown]))).toEqual({
      bulutfon: ['numbers'],
      ipex: ['from', 'numbers'],
    })
    const ways = await explained(harness, '{ callRecords(first: 10) { nodes { legs { action } } } }')
    const details = ways.reads.filter(({ keys }) => keys !== null)
    expect(new Set(details.map(({ noun, keys }) => `${noun} ${keys}`))).toEqual(
      new Set(['callRecord 1', 'callEvents 1']),
    )
  })

  test('is told what came from the cache, how old it was, and what another operation paid', async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/password' }, limits: { cacheBytes: 1024 * 1024 } })
    const both = await Promise.all([explained(harness, DESTINATIONS), explained(harness, DESTINATIONS)])
    expect(both.map(({ totals }) => totals.requests).sort()).toEqual([0, 3])
    expect(both.map(({ totals }) => totals.shared).sort()).toEqual([0, 3])
    harness.advance(5)
    const later = await explained(harness, DESTINATIONS)
    expect(later.totals).toMatchObject({ requests: 0, reads: 3, cached: 3 })
    expect(later.reads.map(({ from, ageSeconds }) => ({ from, ageSeconds }))).toEqual(
      Array(3).fill({ from: 'CACHE', ageSeconds: 5 }),
    )
    harness.advance(600)
    harness.clear()
    harness.emulators.bulutfon.faults.next({ status: 503, times: Infinity })
    const stale = await explained(harness, DESTINATIONS)
    expect(stale.totals).toMatchObject({ stale: 3 })
    expect(stale.totals.requests).toBe(harness.requests().length)
    expect(stale.reads[0]).toMatchObject({
      from: 'STALE',
      ageSeconds: 605,
      status: '5xx',
      failure: 'PROVIDER_UNAVAILABLE',
    })
  })

  test('is not told of logins that are renewed ahead of their end: it does not wait for them', async () => {
    harness = await startHarness({ accounts: { lists: 'postacell/login' } })
    const lists = '{ account(key: "lists") { groups { totalCount } } }'
    expect((await explained(harness, lists)).totals).toMatchObject({ requests: 1, tokenRequests: 1 })
    harness.advance(290)
    harness.clear()
    expect((await explained(harness, lists)).totals).toMatchObject({ requests: 1, tokenRequests: 0 })
    while (!harness.tokenRequests().postacell) await new Promise((resolve) => setImmediate(resolve))
  })

  test('is told of what failed, and of what had to be asked again', async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/password' }, limits: { attempts: 3, retryPauseMs: 1 } })
    harness.emulators.bulutfon.faults.next({ status: 503 })
    const { totals, reads } = await explained(harness, '{ account(key: "izmir") { profile { name } } }')
    expect(totals).toMatchObject({ requests: 2, retries: 1 })
    expect(reads).toMatchObject([{ requests: 2, retries: 1, status: '2xx', from: 'PROVIDER' }])
    harness.emulators.bulutfon.faults.next({ status: 422 })
    const refused = await explained(harness, '{ account(key: "izmir") { dids { totalCount } } }')
    expect(refused.reads).toMatchObject([{ requests: 1, status: '4xx', from: null, failure: 'PROVIDER_REJECTED' }])
  })

  test('is told nothing that a number, an address or a credential could be read from', async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken', prague: 'ipex/password' } })
    const told = JSON.stringify(
      await explained(
        harness,
        `{ callRecords(first: 3, filter: { numbers: ["+902322290000"] }) { nodes { legs { action } } } }`,
      ),
    )
    expect(told).not.toMatch(/2322290000|http|\?|access_token|@|\/cdrs/)
  })

  test('is told of a write with its status, between what was read before and after it, and of one that was refused', async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken', prague: 'ipex/password' } })
    const update = `mutation { extensionUpdate(input: { id: "${globalId('Extension', 'izmir', '301')}", displayName: "Defne" }) { extension { displayName } } }`
    const writes = (reads: Awaited<ReturnType<typeof explained>>['reads']) =>
      reads.map(({ method, requests, status, failure }) => [method, requests, status, failure])
    const done = await explained(harness, update)
    expect(writes(done.reads)).toEqual([
      ['GET', 1, '2xx', null],
      ['PUT', 1, '2xx', null],
      ['GET', 1, '2xx', null],
      ['GET', 1, '2xx', null],
    ])
    expect(done.totals.requests).toBe(harness.requests().length)
    harness.clear()
    harness.emulators.bulutfon.faults.next({ method: 'PUT', status: 422, body: '{}' })
    expect(writes((await explained(harness, update)).reads)).toEqual([
      ['GET', 1, '2xx', null],
      ['PUT', 1, '4xx', 'PROVIDER_REJECTED'],
    ])
    harness.clear()
    const call = `mutation { callOriginate(input: { fromExtensionId: "${globalId('Extension', 'prague', '9301')}", to: "+420222333444", idempotencyKey: "1" }) { accepted } }`
    const { reads, totals } = await explained(harness, call)
    expect(reads.filter(({ method }) => method !== 'GET')).toMatchObject([
      { method: 'POST', provider: 'ipex', requests: 1, status: '2xx', failure: null },
    ])
    expect(totals.requests).toBe(harness.requests().length)
    // The same key again: nothing was read, and nothing sent.
    expect((await explained(harness, call)).reads).toEqual([])
  })

  test('is the only one: others are told nothing, and cost the same', async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/password' } })
    for (const header of ['0', 'true', ''])
      expect((await harness.query(DESTINATIONS, {}, { 'x-dialgraph-explain': header })).extensions).toBeUndefined()
    harness.clear()
    const plain = await harness.query(DESTINATIONS)
    const requests = harness.requests()
    harness.clear()
    const told = await harness.query(DESTINATIONS, {}, { 'x-dialgraph-explain': '1' })
    expect(told.data).toEqual(plain.data)
    expect(harness.requests()).toEqual(requests)
  })

  test('is told so too when it is not even executed', async () => {
    harness = await startHarness({ accounts: {} })
    expect((await explained(harness, '{ nothing }')).totals).toMatchObject({ requests: 0, reads: 0 })
  })
})

describe('what answers say of their cost is what the providers count', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness({ limits: { cacheBytes: 4 * 1024 * 1024 } })
  })
  afterAll(() => harness.close())

  test('for forty generated operations, five at once, with a cache and tokens that run out', async () => {
    let requests = 0
    for await (const { seeds, reported, counted } of compareCosts(harness, 40, 5)) {
      expect({ seeds, ...reported }).toEqual({ seeds, ...counted })
      requests += counted.requests
    }
    expect(requests).toBeGreaterThan(40)
  })
})
