import { describe, expect, test } from '@jest/globals'

import { CallDirection, CallDisposition } from '../../../src/model/call-record.js'
import { globalId } from '../../../src/model/id.js'
import { SimulatedLog } from './simulated-log.js'
import { BEGINNING, call, calls, everything, ids, operation, page, type World } from './simulated-world.js'
import { accountId } from './walks.js'

const stream = (key: string, count: number, from = 0, pageSize = 10) =>
  new SimulatedLog(
    Array.from({ length: count }, (_, index) => call(key, `${index}`, BEGINNING + (from + index) * 1000)),
    { pageSize },
  )

describe('reading no more than is needed', () => {
  test('an account whose calls come later in the order is asked once, and not again while others fill the page', async () => {
    const [recent, old] = [stream('a', 100, 1000), stream('b', 100, 0)]
    const world: World = {
      logs: new Map([
        ['a', recent],
        ['b', old],
      ]),
    }
    const { sources } = await page(world, { first: 45 })
    expect(sources.map(({ upstreamRequests }) => upstreamRequests)).toEqual([5, 1])
  })

  test('whether there is more is asked of nobody when a call is in hand, or when nobody wants to know', async () => {
    const log = stream('a', 20)
    const world: World = { logs: new Map([['a', log]]) }
    expect((await page(world, { first: 9 })).pageInfo.hasNextPage).toBe(true)
    expect(log.requests).toHaveLength(1)
    await page(world, { first: 10, wantsMore: false })
    expect(log.requests).toHaveLength(2)
    expect((await page(world, { first: 10 })).pageInfo.hasNextPage).toBe(true)
    expect(log.requests).toHaveLength(4)
    expect((await page(world, { first: 20 })).pageInfo.hasNextPage).toBe(false)
  })

  test('a source is told how much is expected, where to begin, and what an earlier page said of the place', async () => {
    const log = stream('a', 50)
    const world: World = { logs: new Map([['a', log]]) }
    const { pageInfo, nodes } = await page(world, { first: 5 })
    await page(world, { first: 7, after: pageInfo.endCursor, wantsMore: false })
    const last = nodes.at(-1)!
    expect(log.queries).toMatchObject([
      { order: 'DESC', after: null, hint: null, expected: 6 },
      { order: 'DESC', after: { startedAt: last.startedAt, id: last.id }, hint: 'near 50', expected: 7 },
    ])
    await page(world, { last: 3, before: pageInfo.endCursor })
    expect(log.queries[2]).toMatchObject({ order: 'ASC', after: { id: last.id }, hint: null })
  })

  test('a range of time is walked from its end, not filtered from the beginning', async () => {
    const log = stream('a', 1000)
    const at = (second: number) => new Date(BEGINNING + second * 1000).toISOString()
    const world: World = { logs: new Map([['a', log]]) }
    const criteria = [{ startedAt: { from: at(100), until: at(120) } }]
    for (const order of ['DESC', 'ASC'] as const) {
      const { nodes, pageInfo, totalCount, countPrecision } = await page(world, { first: 50, order, criteria })
      expect(ids(nodes)).toEqual(
        ids(everything(world, order).filter(({ startedAt }) => startedAt >= at(100) && startedAt < at(120))),
      )
      expect(pageInfo.hasNextPage).toBe(false)
      expect({ totalCount, countPrecision }).toEqual({ totalCount: 20, countPrecision: 'EXACT' })
    }
    expect(log.requests).toHaveLength(6)
  })

  test('no reading is left open, however the page ended', async () => {
    const world: World = {
      logs: new Map([
        ['a', stream('a', 100)],
        ['b', stream('b', 3)],
      ]),
    }
    await page(world, { first: 20 })
    await page(world, { last: 50 })
    expect([...world.logs.values()].map((log) => log!.open)).toEqual([0, 0])
  })

  test('what was read in vain to find out whether there is more is not read again by the next page', async () => {
    const missed = { disposition: CallDisposition.MISSED }
    const log = new SimulatedLog(
      Array.from({ length: 1000 }, (_, index) =>
        call('a', `${index}`, BEGINNING + index * 1000, index % 100 === 0 ? missed : {}),
      ),
      { pageSize: 10 },
    )
    const world: World = { logs: new Map([['a', log]]) }
    const found: string[] = []
    let after: string | null = null
    do {
      const { nodes, pageInfo } = await page(world, {
        first: 1,
        criteria: [{ dispositions: [CallDisposition.MISSED] }],
        after,
      })
      found.push(...ids(nodes))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after)
    expect(found).toEqual(ids(everything(world, 'DESC', ({ disposition }) => disposition === 'MISSED')))
    // 100 provider pages, each once, and one more for each page to find its place again.
    expect(log.requests.length).toBeLessThanOrEqual(100 + 10)
  })
})

describe('what is told of the sources', () => {
  test('which fields each provider evaluated, and which were evaluated here', async () => {
    const able = new SimulatedLog(calls('a', 50, 50, 1), {
      pushdown: ['from', 'until', 'directions', 'numbers', 'extensionNumbers'],
    })
    const half = new SimulatedLog(calls('b', 50, 50, 2), { pushdown: ['from'] })
    const world: World = {
      logs: new Map([
        ['a', able],
        ['b', half],
      ]),
    }
    const { sources } = await page(world, {
      first: 5,
      criteria: [
        {
          accountIds: [accountId('a'), accountId('b')],
          startedAt: { from: new Date(BEGINNING).toISOString(), until: new Date(BEGINNING + 9e6).toISOString() },
          directions: [CallDirection.INBOUND],
          extensionIds: [globalId('Extension', 'a', 'x1001'), globalId('Extension', 'b', 'x1001')],
          durationSeconds: { min: 1 },
        },
      ],
    })
    expect(sources).toMatchObject([
      { accountKey: 'a', pushedDown: ['startedAt', 'directions', 'extensionIds'], residual: ['durationSeconds'] },
      { accountKey: 'b', pushedDown: [], residual: ['startedAt', 'directions', 'extensionIds', 'durationSeconds'] },
    ])
  })

  test('an account without calls is UNSUPPORTED, in its own words, and is asked nothing', async () => {
    const world: World = {
      logs: new Map([
        ['a', stream('a', 5)],
        ['b', null],
      ]),
    }
    const { nodes, sources, totalCount, countPrecision } = await page(world, { first: 5 })
    expect(nodes).toHaveLength(5)
    expect(sources[1]).toMatchObject({
      accountKey: 'b',
      state: 'UNSUPPORTED',
      errorCode: 'CAPABILITY_UNSUPPORTED',
      message: 'Provider of b has no call records.',
      upstreamRequests: 0,
      gap: null,
    })
    expect([totalCount, countPrecision]).toEqual([5, 'EXACT'])
  })

  test('an account that none of the ids belongs to is complete without a request; ids from elsewhere are as good as none', async () => {
    const [a, b] = [new SimulatedLog(calls('a', 80, 50, 1)), new SimulatedLog(calls('b', 80, 50, 2))]
    const world: World = {
      logs: new Map([
        ['a', a],
        ['b', b],
      ]),
    }
    const criteria = [
      { groupIds: [globalId('Group', 'a', 'g101'), globalId('Group', 'elsewhere', 'g101'), 'made up', accountId('b')] },
    ]
    const { nodes, sources } = await page(world, { first: 100, criteria })
    expect(nodes.length).toBeGreaterThan(0)
    expect(nodes.every(({ accountKey }) => accountKey === 'a')).toBe(true)
    expect(sources).toMatchObject([
      { state: 'COMPLETE', upstreamRequests: 1 },
      { state: 'COMPLETE', upstreamRequests: 0 },
    ])
    expect(b.requests).toEqual([])
  })

  test.each([
    ['an id that does not exist', { extensionIds: [globalId('Extension', 'a', 'x9999')] }],
    ['an empty list', { directions: [] }],
    [
      'an empty stretch of time',
      { startedAt: { from: new Date(BEGINNING + 1).toISOString(), until: new Date(BEGINNING).toISOString() } },
    ],
    ['an empty range of seconds', { durationSeconds: { min: 5, max: 4 } }],
  ])('%s costs no request and finds nothing, for certain', async (_, one) => {
    const log = stream('a', 50)
    const { nodes, totalCount, countPrecision } = await page(
      { logs: new Map([['a', log]]) },
      { first: 5, criteria: [one] },
    )
    expect(nodes).toEqual([])
    expect({ totalCount, countPrecision }).toEqual({ totalCount: 0, countPrecision: 'EXACT' })
    expect(log.requests).toEqual([])
  })

  test('calls that could not be read are told, and then nobody claims to know how many there are', async () => {
    const log = stream('a', 5)
    const open = log.log.bind(log)
    log.log = (onRequest) => {
      const simulated = open(onRequest)
      return {
        ...simulated,
        async *pages(query) {
          for await (const one of simulated.pages(query)) yield { ...one, unreadable: 2 }
        },
      }
    }
    const { sources, countPrecision } = await page({ logs: new Map([['a', log]]) }, { first: 50 })
    expect(sources).toMatchObject([{ state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE', gap: null }])
    expect(countPrecision).not.toBe('EXACT')
  })
})

test('an account none of whose calls could be read has FAILED, and fails a page that is all or nothing', async () => {
  const log = stream('a', 0)
  const open = log.log.bind(log)
  log.log = (onRequest) => ({
    ...open(onRequest),
    async *pages() {
      yield { calls: [], totalCount: null, hint: null, unreadable: 4 }
    },
  })
  const world: World = { logs: new Map([['a', log]]) }
  const { sources } = await page(world, { first: 5 })
  expect(sources).toMatchObject([{ state: 'FAILED', errorCode: 'PROVIDER_BAD_RESPONSE', gap: null }])
  await expect(page(world, { first: 5, onSourceFailure: 'FAIL' })).rejects.toMatchObject({
    code: 'PROVIDER_BAD_RESPONSE',
    source: { accountId: accountId('a') },
  })
})

describe('how many there are', () => {
  const counting = (key: string, count: number) => {
    const log = stream(key, count)
    log.behaviour.counts = true
    return log
  }

  test('is EXACT when every provider counts, AT_LEAST when one does not or fails, and null when nobody knows', async () => {
    const count = async (world: World) => {
      const { totalCount, countPrecision } = await page(world, { first: 4 })
      return [totalCount, countPrecision]
    }
    const [a, b, silent, down] = [counting('a', 100), counting('b', 50), stream('b', 50), counting('b', 50)]
    down.behaviour.fails = () => true
    expect(
      await count({
        logs: new Map([
          ['a', a],
          ['b', b],
        ]),
      }),
    ).toEqual([150, 'EXACT'])
    expect(
      await count({
        logs: new Map([
          ['a', a],
          ['b', silent],
        ]),
      }),
    ).toEqual([101, 'AT_LEAST'])
    expect(
      await count({
        logs: new Map([
          ['a', a],
          ['b', down],
        ]),
      }),
    ).toEqual([100, 'AT_LEAST'])
    expect(await count({ logs: new Map([['b', silent]]) })).toEqual([null, null])
  })

  test('is known without a counting provider when everything was read', async () => {
    expect(await page({ logs: new Map([['a', stream('a', 7)]]) }, { first: 10 })).toMatchObject({
      totalCount: 7,
      countPrecision: 'EXACT',
    })
  })

  test('is no more than the page shows where part of the filter is evaluated here, though every call read so far matches', async () => {
    const made = Array.from({ length: 40 }, (_, index) =>
      call('a', `${index}`, BEGINNING + index * 1000, index < 20 ? { direction: CallDirection.OUTBOUND } : {}),
    )
    const log = new SimulatedLog(made, { counts: true, pageSize: 10 })
    const criteria = [{ directions: [CallDirection.INBOUND] }]
    const { totalCount, countPrecision } = await page({ logs: new Map([['a', log]]) }, { first: 5, criteria })
    expect({ totalCount, countPrecision }).toEqual({ totalCount: 6, countPrecision: 'AT_LEAST' })
  })

  test('is not believed when the provider gives calls that do not match', async () => {
    const log = new SimulatedLog(calls('a', 200, 50, 1), { counts: true, pageSize: 20 })
    const claims = log.log.bind(log)
    log.log = (onRequest) => ({ ...claims(onRequest), pushdown: () => ['directions'] })
    const criteria = [{ directions: [CallDirection.INTERNAL] }]
    expect(await page({ logs: new Map([['a', log]]) }, { first: 5, criteria })).toMatchObject({
      totalCount: null,
      countPrecision: null,
    })
  })
})

describe('a page size', () => {
  test.each([
    [{}, 'neither'],
    [{ first: 5, last: 5 }, 'both'],
    [{ first: 0 }, '`first`'],
    [{ first: 101 }, '`first`'],
    [{ last: -1 }, '`last`'],
  ])('of %j is refused, saying which argument is wrong', async (request, named) => {
    const log = stream('a', 5)
    const refused = page({ logs: new Map([['a', log]]) }, request)
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining(named) })
    expect(log.requests).toEqual([])
  })
})

describe('one call', () => {
  test('is read by its id once an operation, and is null where there is none', async () => {
    const log = stream('a', 5)
    const loader = operation({
      logs: new Map([
        ['a', log],
        ['b', null],
      ]),
    })
    const found = await Promise.all([loader.byId('a', '3'), loader.byId('a', '3')])
    expect(found.map((one) => one?.providerResourceId)).toEqual(['3', '3'])
    expect(log.requests).toHaveLength(1)
    expect(await loader.byId('a', 'unknown')).toBeNull()
    expect(await loader.byId('b', '3')).toBeNull()
    expect(await loader.byId('elsewhere', '3')).toBeNull()
  })

  test('has its detail read once, whoever asks', async () => {
    const log = new SimulatedLog(calls('a', 20, 50, 1), { keepsParticipantsApart: true })
    const loader = operation({ logs: new Map([['a', log]]) })
    const criteria = [{ groupIds: [globalId('Group', 'a', 'g101')] }]
    const { nodes } = await loader.connection({
      first: 3,
      criteria,
      order: 'DESC',
      onSourceFailure: 'PARTIAL',
      wantsMore: false,
    })
    const before = log.requests.length
    const details = await Promise.all([...nodes, ...nodes].map((one) => loader.detail(one)))
    expect(details.every(({ groupRefs }) => groupRefs !== undefined)).toBe(true)
    expect(log.requests).toHaveLength(before)
  })
})
