import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import type { PrefetchDecision } from '../../../src/graphql/context.js'
import { globalId } from '../../../src/model/id.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'
import { startTwins, type Twins } from '../execution/two-executors.js'

/** Twenty numbers of one account, each with the name of its destination. */
const NUMBERS = `query ($first: Int = 20) { account(key: "izmir") {
  profile { name }
  dids(first: $first) { nodes { number destination { ... on Extension { displayName } ... on Group { name } } } }
} }`
const FIRST_READS = ['bulutfon GET /dids', 'bulutfon GET /me']
const ALL_READS = ['bulutfon GET /dids', 'bulutfon GET /extensions', 'bulutfon GET /groups', 'bulutfon GET /me']

const rejections: unknown[] = []
const onRejection = (error: unknown) => void rejections.push(error)

let harness: Harness
let twins: Twins<'one'> | undefined
beforeAll(() => void process.on('unhandledRejection', onRejection))
beforeEach(async () => {
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/masterToken' },
    // The second time the provider answers nothing, so every request seen was sent without waiting
    // for an answer.
    limits: { providerTimeoutMs: 1_000, breakerFailures: 1_000 },
  })
})
afterEach(async () => {
  await harness.close()
  await twins?.close()
  twins = undefined
})
afterAll(() => {
  process.off('unhandledRejection', onRejection)
  expect(rejections).toEqual([])
})

async function decisions(query: string, variables: object = {}): Promise<readonly Omit<PrefetchDecision, 'account'>[]> {
  const { extensions } = await harness.query(query, variables, { 'x-dialgraph-explain': '1' })
  const { prefetch } = (extensions as { explain: { prefetch: readonly PrefetchDecision[] } }).explain
  return prefetch.map(({ account, ...decision }) => {
    expect(account).toBe(globalId('Account', 'izmir'))
    return decision
  })
}

const reasons = async (query: string, variables: object = {}) =>
  (await decisions(query, variables)).map(({ noun, reason }) => `${noun} ${reason}`)

describe('lists that the items of another list lead to', () => {
  test('are asked for without waiting for that list, once it is known where it leads', async () => {
    await harness.data(NUMBERS)
    harness.clear()
    harness.emulators.bulutfon.faults.next({ hang: true, times: Infinity })
    await harness.query(NUMBERS)
    expect(harness.requests()).toEqual(ALL_READS)
  })

  test('wait for it as long as that is not known', async () => {
    harness.emulators.bulutfon.faults.next({ hang: true, times: Infinity })
    await harness.query(NUMBERS)
    expect(harness.requests()).toEqual(FIRST_READS)
    harness.clear()
    expect(await decisions(NUMBERS)).toEqual([
      { noun: 'extensions', edge: 'Did.destination', started: false, reason: 'NOT_KNOWN' },
      { noun: 'groups', edge: 'Did.destination', started: false, reason: 'NOT_KNOWN' },
    ])
  })

  test('are asked for by pages that reach that far, and by no other', async () => {
    const { account } = await harness.data<{ account: { dids: { nodes: { destination: object | null }[] } } }>(NUMBERS)
    const kinds = account.dids.nodes.map(({ destination }) => Object.keys(destination ?? {}).join())
    const first = { extensions: kinds.indexOf('displayName'), groups: kinds.indexOf('name') }
    expect(Math.min(first.extensions, first.groups)).toBeGreaterThanOrEqual(0)
    for (let size = 1; size <= kinds.length; size += 1) {
      const expected = Object.entries(first).map(([noun, at]) => `${noun} ${size > at ? 'NEEDED' : 'NOT_NEEDED'}`)
      expect(await reasons(NUMBERS, { first: size })).toEqual(expected)
    }
  })

  test('are found through fragments, aliases and edges, and not where conditions leave them out', async () => {
    await harness.data(NUMBERS)
    const asked = `query ($with: Boolean!) { mine: accounts { edges { node { ...Lines } } } }
      fragment Lines on Account { numbers: dids { edges { node { ... on ProviderResource { ... on Did {
        where: destination @include(if: $with) { __typename } } } } } } }`
    expect(await reasons(asked, { with: true })).toEqual(['extensions NEEDED', 'groups NEEDED'])
    expect(await reasons(asked, { with: false })).toEqual([])
    expect(await reasons(asked, { with: true })).toEqual(['extensions NEEDED', 'groups NEEDED'])
  })

  test('are left alone where only reading tells which items are meant', async () => {
    await harness.data(NUMBERS)
    const page = (given: string) => `{ dids(${given}) { nodes { destination { __typename } } pageInfo { endCursor } } }`
    const { dids } = await harness.data<{ dids: { pageInfo: { endCursor: string } } }>(page('first: 1'))
    const unsure = ['extensions UNSURE', 'groups UNSURE']
    expect(await reasons(page(`after: "${dids.pageInfo.endCursor}"`))).toEqual(unsure)
    expect(await reasons(page('filter: { statuses: [ACTIVE] }'))).toEqual(unsure)
    expect(await reasons(page('first: 1, orderBy: { field: NUMBER }'))).toEqual(unsure)
    // A page that holds every item needs the list in any order.
    expect(await reasons(page('orderBy: { field: NUMBER }'))).toEqual(['extensions NEEDED', 'groups NEEDED'])
    expect(await reasons(page('first: 0'))).toEqual([])
  })

  test('are left alone where the caller may not read', async () => {
    const key = (name: string, scope: string) => ({ name, key: `the-key-of-${name}-1234`, scopes: [scope] })
    const callers = { apiKeys: [key('reader', 'telephony:read'), key('listener', 'recordings:read')] }
    twins = await startTwins({ one: {} }, { callers })
    const ask = (name: string) =>
      twins!.ask(
        'one',
        NUMBERS,
        {},
        {},
        { authorization: `Bearer the-key-of-${name}-1234`, 'x-dialgraph-explain': '1' },
      )
    await ask('reader')
    expect((await ask('reader')).text).toContain('NEEDED')
    twins.requests()
    expect(JSON.parse((await ask('listener')).text)).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
      extensions: { explain: { prefetch: [] } },
    })
    expect(twins.requests()).toEqual([])
  })
})

describe('an account in trouble is asked for nothing ahead', () => {
  beforeEach(() => harness.data(NUMBERS).then(() => harness.clear()))

  test('while its provider limits us, and until it has answered again', async () => {
    harness.advance(1)
    harness.emulators.bulutfon.faults.next({ status: 429, headers: { 'retry-after': '17' } })
    await harness.query('{ account(key: "izmir") { profile { name } } }')
    expect(await reasons(NUMBERS)).toEqual(['extensions RATE_LIMITED', 'groups RATE_LIMITED'])
    harness.advance(18)
    expect(await reasons(NUMBERS)).toEqual(['extensions FAILING', 'groups FAILING'])
    expect(await reasons(NUMBERS)).toEqual(['extensions NEEDED', 'groups NEEDED'])
  })

  test('what was begun ahead and fails is told by the field that needs it, and nowhere else', async () => {
    harness.emulators.bulutfon.faults.next({ path: /extensions/, status: 500, times: Infinity })
    const { data, errors } = await harness.query<{ account: { profile: object; dids: { nodes: unknown[] } } }>(NUMBERS)
    expect(data.account.profile).not.toBeNull()
    expect(data.account.dids.nodes.length).toBeGreaterThan(0)
    expect(new Set(errors!.map(({ path }) => path!.at(-1)))).toEqual(new Set(['destination']))
    expect(new Set(errors!.map(({ extensions }) => extensions.code))).toEqual(new Set(['PROVIDER_UNAVAILABLE']))
  })
})
