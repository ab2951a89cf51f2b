import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { cover, type Covered } from '../../src/archive/archive-state.js'
import { CallDirection, CallDisposition, CallKind, type CallRecord } from '../../src/model/call-record.js'
import { globalId } from '../../src/model/id.js'
import { KEYS, NOW, startTwins, type Answered, type Key, type Twins } from './twins.js'

/** `npm run proof:archive-equality` asks more. */
const COUNT = Number(process.env['GENERATED'] ?? 12)
const SEED = Number(process.env['SEED'] ?? 1)

let twins: Twins
let ids: Readonly<Record<'did' | 'extension' | 'group', readonly string[]>>
beforeAll(async () => {
  twins = await startTwins()
  const { data } = await twins.plain.ask(
    '{ did: dids(first: 100) { nodes { id } } extension: extensions(first: 100) { nodes { id } } group: groups(first: 100) { nodes { id } } }',
  )
  const lists = Object.entries(data as unknown as Record<string, { nodes: { id: string }[] }>)
  ids = Object.fromEntries(lists.map(([name, { nodes }]) => [name, nodes.map(({ id }) => id)])) as never
})
afterAll(() => twins.close())

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: Readonly<Record<'hasNextPage' | 'hasPreviousPage', boolean>> &
    Readonly<Record<'startCursor' | 'endCursor', string | null>>
  readonly totalCount: number | null
  readonly countPrecision: string | null
  readonly sources: readonly { readonly state: string; readonly stalenessSeconds: number | null }[]
}

const PARTY = '{ number rawNumber displayName label }'
const CALL = `{ __typename id providerResourceId raw kind direction caller ${PARTY} callee ${PARTY} startedAt answeredAt
  endedAt durationSeconds waitSeconds talkSeconds disposition nativeDisposition nativeHangupCause hangupParty
  cost { amount currencyCode } did { id number } }`
const PAGE = `{ edges { cursor node ${CALL} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  totalCount countPrecision sources { state errorCode message pushedDown residual gap { from until } stalenessSeconds } }`
const IDS = '{ edges { node { id } } pageInfo { hasNextPage endCursor } }'
const PAGING = '$first: Int, $after: String, $last: Int, $before: String'
const TAKES = 'first: $first, after: $after, last: $last, before: $before'

/** Every place that lists calls, with what is asked of a page. */
const PLACES = {
  all: (page: string) => list('', `calls: callRecords(${OWN}) ${page}`),
  account: (page: string) => list(', $of: ID!', of('Account', page)),
  did: (page: string) => list(', $of: ID!', of('Did', page)),
  extension: (page: string) => list(', $of: ID!', of('Extension', page)),
  group: (page: string) => list(', $of: ID!', of('Group', page)),
  number: (page: string) =>
    `query (${PAGING}, $filter: CallRecordFilter, $of: PhoneNumber!) {
      it: phoneNumber(number: $of) { calls: callRecords(${TAKES}, filter: $filter) ${page} } }`,
}
type Place = keyof typeof PLACES

const OWN = `${TAKES}, filter: $filter, orderBy: { direction: $order }`
const of = (type: string, page: string) => `it: node(id: $of) { ... on ${type} { calls: callRecords(${OWN}) ${page} } }`
const list = (more: string, what: string) =>
  `query (${PAGING}, $filter: CallRecordFilter, $order: OrderDirection!${more}) { ${what} }`

const pageOf = ({ data }: Answered): Page => {
  const { it, calls } = data as unknown as { it?: { calls: Page }; calls?: Page }
  return calls ?? it!.calls
}

/** The answer without what may differ: how old it is, how many calls there are, and what only saves requests. */
function comparable(answer: Answered): string {
  const leftOut = new Set(['fetchedAt', 'stalenessSeconds', 'totalCount', 'countPrecision'])
  return JSON.stringify(answer, (name, value: unknown) => {
    if (leftOut.has(name)) return undefined
    if (typeof value !== 'string' || !/cursor$/i.test(name)) return value
    const [reading, position, top, , holes] = JSON.parse(
      Buffer.from(value, 'base64url').subarray(16).toString(),
    ) as readonly unknown[]
    return { reading, position, top, holes }
  })
}

/** A moment of the story, the later the likelier; whole hours, so that some coincide. */
const HOURS = 45 * 24
const daysAgo = fc.integer({ min: 1, max: HOURS }).map((hours) => Math.floor(hours ** 2 / HOURS))
const moment = daysAgo.map((hours) => iso(NOW - hours * 3_600_000))

const walks = () => {
  const all = KEYS.flatMap((key) => twins.calls[key])
  const numbers = [...new Set(all.flatMap(({ caller, callee }) => [caller.number, callee.number]))].filter(
    (number) => number !== null,
  )
  const some = <T>(values: readonly T[], most = 3) =>
    fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most })
  const filter = fc.record(
    {
      startedAt: fc.record({ from: moment, until: moment }, { requiredKeys: ['from'] }),
      accountKeys: some(KEYS),
      kinds: some(Object.values(CallKind)),
      directions: some(Object.values(CallDirection)),
      dispositions: some(Object.values(CallDisposition), 5),
      numbers: some(numbers),
      callerNumbers: some(numbers),
      calleeNumbers: some(numbers),
      durationSeconds: fc.record({ min: fc.nat(60), max: fc.integer({ min: 30, max: 600 }) }, { requiredKeys: [] }),
      hasRecording: fc.boolean(),
      didIds: some(ids.did),
    },
    { requiredKeys: [] },
  )
  const object = (place: 'did' | 'extension' | 'group') =>
    fc.constantFrom(...ids[place]).map((one) => ({ place, of: one }))
  // Who took part in a call, and whether it is recorded, may be in its detail alone: a request a call.
  const places: readonly fc.WeightedArbitrary<{ readonly place: Place; readonly of: string | null }>[] = [
    { arbitrary: fc.constant({ place: 'all', of: null }), weight: 5 },
    {
      arbitrary: fc.constantFrom(...KEYS).map((key) => ({ place: 'account', of: globalId('Account', key) })),
      weight: 4,
    },
    { arbitrary: fc.constantFrom(...numbers).map((number) => ({ place: 'number', of: number })), weight: 4 },
    { arbitrary: object('did'), weight: 3 },
    { arbitrary: object('extension'), weight: 1 },
    { arbitrary: object('group'), weight: 1 },
  ]
  const ranges = fc.array(fc.tuple(moment, moment), { minLength: 1, maxLength: 3 })
  const whole = moment.map((until): [string, string][] => [[LONG_AGO, until]])
  const isWhole = fc.record({ izmir: whole, prague: whole })
  const covered = fc.oneof(isWhole, fc.record({ izmir: ranges, prague: ranges }))
  return fc.record({
    where: fc.oneof(...places),
    filter: fc
      .tuple(filter, fc.subarray(FIELDS, { maxLength: 2 }), fc.constantFrom(['startedAt'], ['startedAt'], []))
      .map(([values, kept, time]) =>
        Object.fromEntries(Object.entries(values).filter(([name]) => [...kept, ...time].includes(name))),
      ),
    covered,
    order: fc.constantFrom('ASC', 'DESC'),
    forwards: fc.boolean(),
    sizes: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
    swaps: fc.infiniteStream(fc.boolean()),
  })
}
const LONG_AGO = '2000-01-01T00:00:00.000Z'
const FIELDS = [
  ...['accountKeys', 'kinds', 'directions', 'dispositions', 'numbers', 'callerNumbers', 'calleeNumbers'],
  ...['durationSeconds', 'hasRecording', 'didIds'],
]

function iso(moment: number): string {
  return new Date(moment).toISOString()
}

const rangesOf = (pairs: readonly (readonly [string, string])[]) =>
  pairs.reduce<readonly Covered[]>((sum, [from, until]) => cover(sum, { from, until }), [])

describe('a server with archives', () => {
  test(
    `answers ${COUNT} generated walks as one without does, and goes on from its cursors`,
    async () => {
      let [pages, calls, exact, wasNotExact] = [0, 0, 0, 0]
      await fc.assert(
        fc.asyncProperty(walks(), async ({ where, filter, covered, order, forwards, sizes, swaps }) => {
          for (const key of KEYS) await twins.cover(key, rangesOf(covered[key]), iso(NOW), true)
          const query = PLACES[where.place](PAGE)
          const variables = { of: where.of, filter, order }
          let cursors: readonly [string | null, string | null] = [null, null]
          for (const size of sizes) {
            const swapped = swaps.next().value ? cursors.toReversed() : cursors
            const page = (cursor: string | null) =>
              forwards ? { first: size, after: cursor } : { last: size, before: cursor }
            const [plain, archived] = await Promise.all([
              twins.plain.ask(query, { ...variables, ...page(swapped[0]!) }),
              twins.archived.ask(query, { ...variables, ...page(swapped[1]!) }),
            ])
            expect(comparable(archived)).toBe(comparable(plain))
            expect(plain.errors).toBeUndefined()
            const [own, others] = [pageOf(archived), pageOf(plain)]
            if (others.countPrecision === 'EXACT' && own.countPrecision === 'EXACT')
              expect(own.totalCount).toBe(others.totalCount)
            else if (own.countPrecision === 'EXACT') {
              expect({ totalCount: own.totalCount, filter, where }).toEqual({
                ...{ totalCount: await numberOf(where.place, variables), filter, where },
              })
              wasNotExact += 1
            } else if (others.countPrecision === 'EXACT')
              // It has not read on where another account's calls come first, and has not all to count.
              expect(KEYS.some((key) => covered[key][0]![0] !== LONG_AGO) || !filter['startedAt']).toBe(true)
            pages += 1
            calls += own.edges.length
            exact += own.countPrecision === 'EXACT' ? 1 : 0
            const goesOn = forwards ? own.pageInfo.hasNextPage : own.pageInfo.hasPreviousPage
            if (!goesOn) break
            const ends = [others, own].map(({ pageInfo }) => (forwards ? pageInfo.endCursor : pageInfo.startCursor))
            cursors = ends as [string, string]
          }
        }),
        { numRuns: COUNT, seed: SEED, endOnFailure: true },
      )
      if (COUNT >= 500)
        process.stdout.write(`archive equality: ${JSON.stringify({ pages, calls, exact, wasNotExact })}\n`)
      expect(calls).toBeGreaterThan(2 * COUNT)
      expect(wasNotExact).toBeGreaterThan(COUNT / 30)
    },
    60_000 + COUNT * 1_000,
  )
})

/** How many calls there are, by reading them all without archive. */
async function numberOf(place: Place, variables: object): Promise<number> {
  let calls = 0
  for (let after: string | null = null; ;) {
    const { edges, pageInfo } = pageOf(await twins.plain.ask(PLACES[place](IDS), { ...variables, first: 200, after }))
    calls += edges.length
    if (!pageInfo.hasNextPage) return calls
    after = pageInfo.endCursor
  }
}

describe('what the provider is asked', () => {
  const MINUTE = 60_000
  /** Three calls have come since the archives have looked, a minute ago. */
  const began = [50, 40, 40].map((secondsAgo) => NOW - secondsAgo * 1000)
  let now: Readonly<Record<Key, readonly CallRecord[]>>
  const from = (key: Key) => twins.calls[key].at(-1)!.startedAt
  const yesterday = { from: iso(NOW - 36 * 60 * MINUTE), until: iso(NOW - 12 * 60 * MINUTE) }

  beforeAll(async () => {
    for (const key of KEYS) {
      await twins.cover(key, [{ from: from(key), until: twins.calls[key][0]!.startedAt }], iso(NOW - MINUTE))
      for (const startedAt of began) twins.arrive(key, startedAt, startedAt + 10_000)
    }
    now = { izmir: await twins.log('izmir'), prague: await twins.log('prague') }
    for (const key of KEYS) expect(now[key]).toHaveLength(twins.calls[key].length + began.length)
  })
  const question = (key: Key, filter: string, more = 'totalCount countPrecision') =>
    `{ account(key: "${key}") { callRecords(first: 30, filter: { ${filter} }) {
      nodes { id } ${more} sources { state errorCode stalenessSeconds upstreamRequests } } } }`
  const asked = async (key: Key, filter: string, headers = {}, more?: string) => {
    twins.requests(key)
    const answer = await twins.archived.ask(question(key, filter, more), {}, headers)
    const { data, errors } = answer as unknown as {
      data: {
        account: {
          callRecords: { nodes: { id: string }[]; totalCount: number; countPrecision: string; sources: object[] }
        }
      }
      errors?: { extensions: { code: string } }[]
    }
    return { ...data.account.callRecords, requests: twins.requests(key), code: errors?.[0]?.extensions.code }
  }
  const idsOf = (calls: readonly { readonly id: string }[]) => calls.map(({ id }) => id)
  const first30 = (calls: readonly CallRecord[]) => idsOf(calls.slice(0, 30))

  test.each(KEYS)('nothing, about yesterday, of %s', async (key) => {
    const calls = now[key].filter(({ startedAt }) => startedAt >= yesterday.from && startedAt < yesterday.until)
    expect(calls.length).toBeGreaterThan(0)
    const { nodes, requests, totalCount, countPrecision, sources } = await asked(
      key,
      `startedAt: { from: "${yesterday.from}", until: "${yesterday.until}" }`,
    )
    expect(idsOf(nodes)).toEqual(first30(calls))
    expect({ totalCount, countPrecision, requests, sources }).toEqual({
      ...{ totalCount: calls.length, countPrecision: 'EXACT', requests: [] },
      sources: [{ state: 'COMPLETE', errorCode: null, stalenessSeconds: 60, upstreamRequests: 0 }],
    })
  })

  test.each(KEYS)('once, about all that is archived and since, with the number of calls, of %s', async (key) => {
    const { nodes, requests, totalCount, countPrecision, sources } = await asked(
      key,
      `startedAt: { from: "${from(key)}" }`,
    )
    expect(idsOf(nodes)).toEqual(first30(now[key]))
    expect(requests).toHaveLength(1)
    expect({ totalCount, countPrecision, sources }).toEqual({
      ...{ totalCount: now[key].length, countPrecision: 'EXACT' },
      // The first page is the provider's, and nothing of it is old.
      sources: [{ state: 'COMPLETE', errorCode: null, stalenessSeconds: null, upstreamRequests: 1 }],
    })
  })

  test.each(KEYS)('once, where nobody asks for the number, of %s', async (key) => {
    const { nodes, requests } = await asked(key, '', {}, '')
    expect(idsOf(nodes)).toEqual(first30(now[key]))
    expect(requests).toHaveLength(1)
  })

  test.each(KEYS)('all of it, with no-cache, of %s', async (key) => {
    const filter = `startedAt: { from: "${yesterday.from}", until: "${yesterday.until}" }`
    const { requests, sources } = await asked(key, filter, { 'cache-control': 'no-cache' })
    expect(requests.length).toBeGreaterThan(0)
    expect(sources).toEqual([expect.objectContaining({ state: 'COMPLETE', stalenessSeconds: null })])
  })

  describe.each(KEYS)('while the provider of %s is down', (key) => {
    beforeAll(() => {
      twins.emulator(key).faults.next({ status: 503, times: Infinity })
    })
    afterAll(() => twins.emulator(key).faults.clear())

    test('the archive answers with the calls it has, stale', async () => {
      const had = twins.calls[key]
      const { nodes, totalCount, countPrecision, sources, code } = await asked(
        key,
        `startedAt: { from: "${from(key)}" }`,
      )
      expect(code).toBeUndefined()
      expect(idsOf(nodes)).toEqual(first30(had))
      expect({ totalCount, countPrecision }).toEqual({ totalCount: had.length, countPrecision: 'EXACT' })
      expect(sources).toEqual([
        expect.objectContaining({ state: 'STALE', errorCode: 'PROVIDER_UNAVAILABLE', stalenessSeconds: 60 }),
      ])
    })

    test('with no-cache it fails as without archive', async () => {
      const filter = `startedAt: { from: "${yesterday.from}" }`
      const answers = await Promise.all(
        [twins.plain, twins.archived].map((twin) =>
          twin.ask(question(key, filter, ''), {}, { 'cache-control': 'no-cache' }),
        ),
      )
      expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(Array(2).fill('PROVIDER_UNAVAILABLE'))
    })

    test('a call by id is answered, too', async () => {
      const { id } = twins.calls[key][25]!
      const answer = await twins.archived.ask(`{ node(id: "${id}") { ... on CallRecord { id startedAt } } }`)
      expect(answer).toMatchObject({
        data: { node: { id } },
        extensions: { stale: [{ accountId: globalId('Account', key), ageSeconds: 60 }] },
      })
    })
  })
})
