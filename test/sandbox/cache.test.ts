import { afterEach, describe, expect, test } from '@jest/globals'

import { startHarness, type Answer, type Harness, type HarnessOptions } from './harness.js'
import { workedReadings } from '../support/worked-operations.js'

let harness: Harness
afterEach(() => harness.close())
const start = async (options: HarnessOptions = {}) => {
  harness = await startHarness({ ...options, limits: { cacheBytes: 1024 * 1024, attempts: 1, ...options.limits } })
}

/** What an answer says of how it came about is left out: that differs on purpose. */
const lasting = (data: unknown): unknown =>
  JSON.parse(
    JSON.stringify(data, (name, value: unknown) =>
      ['upstreamRequests', 'stalenessSeconds', 'expiresAt', 'url', 'cursor'].includes(name) ? undefined : value,
    ),
  )

describe('each worked operation', () => {
  test('asks for nothing twice but lists of calls, and answers the same', async () => {
    await start()
    for (const [file, question] of workedReadings) await askTwice(file, question)
  })

  async function askTwice(file: string, question: string): Promise<void> {
    const first = await harness.query(question, {}, { 'cache-control': 'no-cache' })
    harness.clear()
    const again = await harness.query(question)
    expect(again.errors).toEqual(first.errors)
    expect(lasting(again.data)).toEqual(lasting(first.data))
    const asked = harness.requests().filter((line) => !/GET \S*\/(cdrs|calls)\?|fetchAllCdrs$/.test(line))
    expect({ file, asked }).toEqual({ file, asked: [] })
  }

  test('is answered for many callers at once with the requests of one', async () => {
    await start()
    const [[, question]] = workedReadings.filter(([file]) => file.includes('switchboard-overview')) as [
      [string, string],
    ]
    const answers = await Promise.all(Array.from({ length: 20 }, () => harness.query(question)))
    expect(new Set(answers.map(({ data }) => JSON.stringify(lasting(data)))).size).toBe(1)
    const requests = harness.requests()
    expect(requests.length).toBeGreaterThan(5)
    expect(new Set(requests).size).toBe(requests.length)
  })
})

const LISTS = `{
  dids(first: 3) { nodes { id fetchedAt } sources { ...source } }
  extensions(first: 3) { nodes { id fetchedAt registration } sources { ...source } }
}
fragment source on SourceStatus { account { key } state errorCode stalenessSeconds upstreamRequests message }`

interface Source {
  account: { key: string }
  state: string
  errorCode: string | null
  stalenessSeconds: number | null
  upstreamRequests: number
  message: string | null
}
interface Listed {
  nodes: { id: string; fetchedAt: string }[]
  sources: Source[]
}
type Lists = Record<'dids' | 'extensions', Listed>
interface Calls {
  account: { callRecords: Listed & { pageInfo: { endCursor: string } } }
}
const CALLS = `query ($after: String, $until: DateTime) {
  account(key: "izmir") {
    callRecords(first: 20, after: $after, filter: { startedAt: { until: $until } }) {
      nodes { id fetchedAt }
      pageInfo { endCursor }
      sources { ...source }
    }
  }
}
fragment source on SourceStatus { account { key } state errorCode stalenessSeconds upstreamRequests message }`
const of = ({ sources }: Pick<Listed, 'sources'>, key: string) => sources.find(({ account }) => account.key === key)!
const ACCOUNTS = { izmir: 'bulutfon/password', prague: 'ipex/password' }

describe('time', () => {
  test('has each kind of answer read anew when its own time is over', async () => {
    await start({ accounts: ACCOUNTS })
    const first = await harness.data<Lists>(LISTS)
    expect(of(first.extensions, 'izmir')).toMatchObject({
      state: 'COMPLETE',
      stalenessSeconds: null,
      upstreamRequests: 1,
    })
    harness.clear()
    harness.advance(9)
    const second = await harness.data<Lists>(LISTS)
    expect(of(second.extensions, 'izmir')).toMatchObject({
      state: 'COMPLETE',
      stalenessSeconds: 9,
      upstreamRequests: 0,
    })
    expect(harness.requests()).toEqual([])
    // Registrations are told of this moment, numbers are not.
    harness.advance(1)
    const third = await harness.data<Lists>(LISTS)
    expect(harness.requests()).toEqual(['bulutfon GET /extensions'])
    expect(third.dids.nodes[0]!.fetchedAt).toBe(first.dids.nodes[0]!.fetchedAt)
    expect(Date.parse(third.extensions.nodes[0]!.fetchedAt) - Date.parse(first.extensions.nodes[0]!.fetchedAt)).toBe(
      10_000,
    )
    harness.clear()
    harness.advance(290)
    await harness.data(LISTS)
    expect(harness.requests()).toEqual([
      'bulutfon GET /dids',
      'bulutfon GET /extensions',
      'ipex GET /ipbxapi/numbers',
      'ipex GET /ipbxapi/pbx/users',
    ])
  })

  test('does not change a call that has long ended, and may change one that has not', async () => {
    await start({ accounts: ACCOUNTS })
    const ways = '{ callRecords(first: 20) { nodes { endedAt legs { action } } } }'
    const { callRecords } = await harness.data<{ callRecords: { nodes: { endedAt: string }[] } }>(ways)
    const settled = callRecords.nodes.every(({ endedAt }) => harness.clock.now() - Date.parse(endedAt) > 600_000)
    expect(settled).toBe(true)
    harness.clear()
    harness.advance(3_600)
    await harness.data(ways)
    expect(harness.requests().filter((line) => /cdrs\/|\/detail/.test(line))).toEqual([])
    const { uuid } = harness.emulators.bulutfon.addCall({ startedAt: harness.clock.now() - 60_000 })
    const newest = '{ account(key: "izmir") { callRecords(first: 1) { nodes { id legs { action } } } } }'
    harness.clear()
    await harness.data(newest)
    await harness.data(newest)
    expect(harness.requests().filter((line) => line.includes(`/cdrs/${uuid}`))).toHaveLength(2)
  })

  test('lets all who open a call log within five seconds see the same, and nobody who reads on or asks for a time', async () => {
    await start({ accounts: ACCOUNTS })
    const opening = await harness.data<Calls>(CALLS)
    const theirs = harness.requests().filter((line) => line.startsWith('bulutfon'))
    expect(theirs).toHaveLength(1)
    harness.emulators.bulutfon.addCall({ startedAt: harness.clock.now() - 60_000 })
    harness.clear()
    harness.advance(4)
    const again = await harness.data<Calls>(CALLS)
    expect(again.account.callRecords.nodes).toEqual(opening.account.callRecords.nodes)
    expect(of(again.account.callRecords, 'izmir')).toMatchObject({
      ...{ state: 'COMPLETE', stalenessSeconds: 4, upstreamRequests: 0 },
    })
    expect(harness.requests()).toEqual([])
    const after = { after: opening.account.callRecords.pageInfo.endCursor }
    const until = new Date(harness.clock.now()).toISOString()
    for (const variables of [after, after, { until }, { until }]) {
      harness.clear()
      const { account } = await harness.data<Calls>(CALLS, variables)
      expect(of(account.callRecords, 'izmir').stalenessSeconds).toBeNull()
      expect(harness.requests().length).toBeGreaterThan(0)
    }
    harness.advance(1)
    harness.clear()
    const anew = await harness.data<Calls>(CALLS)
    expect(harness.requests()).toEqual(theirs)
    expect(anew.account.callRecords.nodes[1]!.id).toBe(opening.account.callRecords.nodes[0]!.id)
    harness.emulators.bulutfon.faults.next({ status: 503, times: Infinity })
    harness.advance(60)
    const stale = await harness.data<Calls>(CALLS)
    expect(stale.account.callRecords.nodes).toEqual(anew.account.callRecords.nodes)
    expect(of(stale.account.callRecords, 'izmir')).toMatchObject({ state: 'STALE', stalenessSeconds: 60 })
    const beyond = await harness.query<Calls>(CALLS, { after: stale.account.callRecords.pageInfo.endCursor })
    expect(beyond.data).toEqual({ account: { callRecords: null } })
    expect(beyond.errors).toMatchObject([{ extensions: { code: 'PROVIDER_UNAVAILABLE' } }])
  })

  test('is asked of Rails with what it gave to recognise its answer by', async () => {
    await start({ accounts: { desk: 'rails-api-v1/password' } })
    const profile = '{ account(key: "desk") { profile { name email } } }'
    const first = await harness.data(profile)
    harness.advance(301)
    harness.clear()
    expect(await harness.data(profile)).toEqual(first)
    expect(harness.emulators['rails-api-v1'].journal.apiRequests.map(({ status }) => status)).toEqual([304])
    harness.clear()
    await harness.data(profile)
    expect(harness.requests()).toEqual([])
  })
})

describe('a provider that is down', () => {
  test('has its lists given as they were, which they say, until the bound', async () => {
    await start({ accounts: ACCOUNTS, limits: { staleMs: 600_000 } })
    const first = await harness.data<Lists>(LISTS)
    harness.emulators.bulutfon.faults.next({ status: 503, times: Infinity })
    harness.advance(400)
    const { data, errors, extensions } = await harness.query<Lists>(LISTS)
    expect(errors).toBeUndefined()
    expect(data.dids.nodes).toEqual(first.dids.nodes)
    expect(of(data.dids, 'izmir')).toMatchObject({
      ...{ state: 'STALE', errorCode: 'PROVIDER_UNAVAILABLE', stalenessSeconds: 400, upstreamRequests: 1 },
      message: expect.stringMatching(/^As it was 400 seconds ago\. GET .*503/),
    })
    expect(of(data.dids, 'prague')).toMatchObject({ state: 'COMPLETE', stalenessSeconds: null })
    const { account } = await harness.data<{ account: { id: string } }>('{ account(key: "izmir") { id } }')
    expect(extensions).toEqual({ stale: [{ accountId: account.id, ageSeconds: 400 }] })
    // Numbers were good for 300 seconds, extensions for 10.
    harness.advance(210)
    const later = await harness.query<Lists>(LISTS)
    expect(of(later.data.dids, 'izmir').state).toBe('STALE')
    expect(of(later.data.extensions, 'izmir')).toMatchObject({ state: 'FAILED', errorCode: 'PROVIDER_UNAVAILABLE' })
    harness.advance(290)
    const last = await harness.query<Lists>(LISTS)
    expect(of(last.data.dids, 'izmir')).toMatchObject({ state: 'FAILED', stalenessSeconds: null })
    const failed = { accountId: account.id, accountKey: 'izmir', code: 'PROVIDER_UNAVAILABLE' }
    expect(last.extensions).toEqual({ partial: ['dids', 'extensions'].map((list) => ({ ...failed, path: [list] })) })
  })

  test('is asked again each time, and heals without a trace', async () => {
    await start({ accounts: ACCOUNTS })
    await harness.data(LISTS)
    harness.emulators.bulutfon.faults.next({ status: 503, times: 2 })
    harness.advance(400)
    expect(of((await harness.data<Lists>(LISTS)).dids, 'izmir').state).toBe('STALE')
    const healed = await harness.query<Lists>(LISTS)
    expect(of(healed.data.dids, 'izmir')).toMatchObject({ state: 'COMPLETE', stalenessSeconds: null, errorCode: null })
    expect(healed.extensions).toBeUndefined()
  })

  test('never has something old given without a word, also where a field has no place for it', async () => {
    await start({ accounts: { izmir: 'bulutfon/password' }, limits: { providerTimeoutMs: 500 } })
    const profile = '{ account(key: "izmir") { profile { name } } }'
    const first = await harness.data(profile)
    harness.emulators.bulutfon.faults.next({ hang: true })
    harness.advance(121)
    const answer = await harness.query(profile)
    expect(answer.data).toEqual(first)
    expect(answer.extensions).toEqual({ stale: [{ accountId: expect.any(String), ageSeconds: 121 }] })
  })

  test('is one thing, a login that is dead another: that shows nothing', async () => {
    await start({ accounts: { user: 'ipex/impersonating' } })
    await harness.data(LISTS)
    harness.emulators.ipex.endSessions()
    harness.emulators.ipex.changePassword()
    harness.advance(301)
    const { data } = await harness.query<Lists>(LISTS)
    expect(of(data.dids, 'user')).toMatchObject({ state: 'FAILED', errorCode: 'REAUTHORIZATION_REQUIRED' })
    expect(data.dids.nodes).toEqual([])
  })

  test('and a login that died shows nothing either of what would still be fresh', async () => {
    await start({ accounts: { user: 'ipex/impersonating' } })
    await harness.data(LISTS)
    harness.emulators.ipex.endSessions()
    harness.emulators.ipex.changePassword()
    // Only this asks anybody: the lists are fresh, but by now whose they are is nobody.
    await harness.query('{ account(key: "user") { callRecords(first: 1) { nodes { id } } } }')
    const { data } = await harness.query<Lists>(LISTS)
    expect(of(data.dids, 'user')).toMatchObject({ state: 'FAILED', errorCode: 'REAUTHORIZATION_REQUIRED' })
  })
})

describe('a caller', () => {
  const asking = async (cacheControl: string): Promise<Answer<Lists>> => {
    harness.clear()
    return harness.query<Lists>(LISTS, {}, { 'cache-control': cacheControl })
  }

  test('may ask for what is fresh by the header every browser knows', async () => {
    await start({ accounts: ACCOUNTS })
    await harness.data(LISTS)
    harness.advance(5)
    await asking('max-age=6')
    expect(harness.requests()).toEqual([])
    const answer = await asking('max-age=5')
    expect(harness.requests()).toHaveLength(4)
    expect(of(answer.data.dids, 'izmir')).toMatchObject({ stalenessSeconds: null, upstreamRequests: 1 })
    await asking('no-cache')
    expect(harness.requests()).toHaveLength(4)
    await asking('max-age=0')
    expect(harness.requests()).toHaveLength(4)
  })

  test('who does is given nothing stale in its place, unless it says that this will do', async () => {
    await start({ accounts: ACCOUNTS })
    await harness.data(LISTS)
    harness.advance(5)
    const down = () => harness.emulators.bulutfon.faults.next({ status: 503, times: Infinity })
    harness.clear()
    down()
    const strict = await harness.query<Lists>(LISTS, {}, { 'cache-control': 'no-cache' })
    expect(of(strict.data.dids, 'izmir')).toMatchObject({ state: 'FAILED' })
    const lenient = await harness.query<Lists>(LISTS, {}, { 'cache-control': 'no-cache, stale-if-error=60' })
    expect(of(lenient.data.dids, 'izmir')).toMatchObject({ state: 'STALE', stalenessSeconds: 5 })
  })
})

describe('two workspaces with accounts at one provider', () => {
  const KEYS = { ours: 'key-of-our-own-workspace', theirs: 'key-of-their-own-workspace' }
  const scopes = ['telephony:read', 'recordings:read', 'telephony:raw']
  const EVERYTHING = `{
    accounts { nodes { key profile { name email } } }
    dids(first: 50) { nodes { id number raw account { key } } }
    extensions(first: 50) { nodes { id number displayName email account { key } } }
    groups(first: 50) { nodes { id name memberCount dids(first: 5) { nodes { id } } } }
    callRecords(first: 5) { nodes { id legs { action } } }
  }`

  test('never see what the other one read, although the addresses that are asked are the same', async () => {
    const accounts = {
      office: { of: 'bulutfon/masterToken', workspace: 'ours' },
      shop: { of: 'bulutfon/other', workspace: 'theirs' },
      praha: { of: 'ipex/password', workspace: 'ours' },
      vorlik: { of: 'ipex/other', workspace: 'theirs' },
    }
    const apiKeys = Object.entries(KEYS).map(([workspace, key]) => ({ name: workspace, key, workspace, scopes }))
    const ask = (who: keyof typeof KEYS, headers = {}) =>
      harness.query(EVERYTHING, {}, { authorization: `Bearer ${KEYS[who]}`, ...headers })
    await start({
      accounts,
      config: { callers: { apiKeys } },
      limits: { requestsPerSecond: 10_000, requestBurst: 10_000 },
    })
    // What each sees when nothing is kept from before.
    const alone = {
      ours: await ask('ours', { 'cache-control': 'no-store' }),
      theirs: await ask('theirs', { 'cache-control': 'no-store' }),
    }
    expect(alone.ours.errors).toBeUndefined()
    expect(alone.theirs.errors).toBeUndefined()
    expect(alone.ours.text).not.toBe(alone.theirs.text)
    harness.clear()
    const turns = Array.from({ length: 16 }, (_, turn) => (turn % 3 === 0 ? 'theirs' : 'ours') as keyof typeof KEYS)
    const answers = await Promise.all(
      turns.map(async (who, turn) => {
        await new Promise((resolve) => setTimeout(resolve, turn))
        return { who, answer: await ask(who) }
      }),
    )
    for (const { who, answer } of answers) expect(answer.data).toEqual(alone[who].data)
    // It was a cache that answered: 16 times everything would be a hundred requests and more.
    expect(harness.requests().filter((line) => !/\/(cdrs|calls)\?/.test(line)).length).toBeLessThan(40)
  })
})
