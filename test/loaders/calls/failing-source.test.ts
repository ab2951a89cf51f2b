import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { failingPlan, walkWithFailures } from './failing-walks.js'
import { SimulatedLog } from './simulated-log.js'
import { BEGINNING, call, calls, everything, gapPage, ids, page, type World } from './simulated-world.js'

const world = (seed: number): World => ({
  logs: new Map(
    ['ankara', 'brno', 'izmir', 'praha'].map((key, index) => [
      key,
      new SimulatedLog(calls(key, 250, 60, seed + index), { pageSize: 10 + index * 15 }),
    ]),
  ),
})

describe('a walk on which accounts break off', () => {
  test('with its retries gives every call exactly once, and its pages stay in order', async () => {
    let gaps = 0
    await fc.assert(
      fc.asyncProperty(failingPlan, async (plan) => {
        const result = await walkWithFailures(world(plan.seed), plan)
        gaps += result.gaps
        expect([...result.walked, ...result.retried].sort()).toEqual([...result.expected].sort())
        const places = new Map(result.expected.map((id, index) => [id, index]))
        const walked = result.walked.map((id) => places.get(id)!)
        expect(walked).toEqual([...walked].sort((left, right) => left - right))
      }),
      { numRuns: 30 },
    )
    expect(gaps).toBeGreaterThan(100)
  })
})

/** Two accounts, a call in each every second: a0 b0 a1 b1 …, oldest first. */
function two(count = 100): World & { a: SimulatedLog; b: SimulatedLog } {
  const made = (key: string) =>
    Array.from({ length: count }, (_, index) => call(key, `${index}`, BEGINNING + index * 1000))
  const [a, b] = [new SimulatedLog(made('a'), { pageSize: 10 }), new SimulatedLog(made('b'), { pageSize: 10 })]
  return {
    logs: new Map([
      ['a', a],
      ['b', b],
    ]),
    a,
    b,
  }
}

describe('an account that cannot answer', () => {
  test('leaves the others alone, and its part of the page is a gap bounded by the page', async () => {
    const world = two()
    world.a.behaviour.fails = () => true
    const { nodes, sources, pageInfo } = await page(world, { first: 5 })
    expect(ids(nodes)).toEqual(ids([...world.b.calls].reverse().slice(0, 5)))
    expect(pageInfo.hasNextPage).toBe(true)
    expect(sources[0]).toMatchObject({
      accountKey: 'a',
      state: 'FAILED',
      errorCode: 'PROVIDER_UNAVAILABLE',
      upstreamRequests: 1,
    })
    expect(sources[0]!.gap).toMatchObject({ from: world.b.calls[95]!.startedAt })
    expect(sources[1]).toMatchObject({ accountKey: 'b', state: 'COMPLETE', errorCode: null, gap: null })
  })

  test('goes on from the end of the page when it is back, and the next page says that something is missing before it', async () => {
    const world = two()
    world.a.behaviour.fails = () => true
    const broken = await page(world, { first: 5 })
    world.a.behaviour.fails = () => false
    const next = await page(world, { first: 6, after: broken.pageInfo.endCursor })
    expect(ids(next.nodes)).toEqual(ids(everything(world, 'DESC').slice(9, 15)))
    expect(next.sources[0]).toMatchObject({
      state: 'COMPLETE',
      gap: null,
      message: expect.stringContaining('earlier page'),
    })
    expect(next.sources[1]).toMatchObject({ state: 'COMPLETE', message: null })

    const retried = await gapPage(world, broken.sources[0]!.gap!.retryCursor)
    expect(ids(retried.nodes)).toEqual(ids([...world.a.calls].reverse().slice(0, 4)))
    expect(retried.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
    expect(retried.sources.map(({ accountKey }) => accountKey)).toEqual(['a'])
  })

  test('that fails on a later provider page has a gap from its last call on', async () => {
    const world = two()
    let requests = 0
    world.a.behaviour.fails = () => ++requests > 1
    const { nodes, sources } = await page(world, { first: 40 })
    expect(nodes).toHaveLength(40)
    expect(nodes.filter(({ accountKey }) => accountKey === 'a')).toHaveLength(10)
    expect(sources[0]).toMatchObject({ state: 'PARTIAL', errorCode: 'PROVIDER_UNAVAILABLE' })
    expect(sources[0]!.gap).toMatchObject({ until: world.a.calls[90]!.startedAt, from: nodes.at(-1)!.startedAt })
  })

  test('that fails beyond the end of the page is not missed on it', async () => {
    const { a } = two()
    let requests = 0
    a.behaviour.fails = () => ++requests > 1
    const { nodes, sources, pageInfo } = await page({ logs: new Map([['a', a]]) }, { first: 10 })
    expect(nodes).toHaveLength(10)
    expect(requests).toBe(2)
    requests = 0
    expect((await page({ logs: new Map([['a', a]]) }, { first: 10, onSourceFailure: 'FAIL' })).nodes).toHaveLength(10)
    expect(requests).toBe(2)
    expect(sources).toMatchObject([{ state: 'COMPLETE', errorCode: null, gap: null }])
    expect(pageInfo.hasNextPage).toBe(true)
  })

  test('alone leaves an empty page, whose retry cursor begins the list', async () => {
    const { a } = two()
    a.behaviour.fails = () => true
    const world: World = { logs: new Map([['a', a]]) }
    const broken = await page(world, { first: 5 })
    expect(broken).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
      totalCount: null,
    })
    const { retryCursor } = broken.sources[0]!.gap!
    await expect(gapPage(world, retryCursor, { first: 5 })).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    a.behaviour.fails = () => false
    const retried = await gapPage(world, retryCursor, { first: 5 })
    expect(ids(retried.nodes)).toEqual(ids([...a.calls].reverse().slice(0, 5)))
    expect(retried.pageInfo.hasNextPage).toBe(true)
  })

  test('fails the field where the caller wants that, with its own error, and no reading is left open', async () => {
    const world = two()
    world.b.behaviour.fails = () => true
    await expect(page(world, { first: 5, onSourceFailure: 'FAIL' })).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
    })
    expect([world.a.open, world.b.open]).toEqual([0, 0])
  })

  test('by a fault of this server is masked in the answer and told to the log', async () => {
    const world = two()
    const defect = new TypeError('secret of the house')
    world.a.behaviour.fails = () => {
      throw defect
    }
    const reported: unknown[] = []
    const { sources } = await page({ ...world, onDefect: (error) => reported.push(error) }, { first: 5 })
    expect(sources[0]).toMatchObject({ state: 'FAILED', errorCode: 'INTERNAL_SERVER_ERROR' })
    expect(JSON.stringify(sources)).not.toContain('secret')
    expect(reported).toEqual([defect])
  })

  test('newer calls that come while it is down are not in the walk, nor in its retry', async () => {
    const world = two()
    world.a.behaviour.fails = () => true
    const clock = BEGINNING + 99_500
    const broken = await page({ ...world, now: () => clock }, { first: 5 })
    world.a.behaviour.fails = () => false
    world.a.arrive(call('a', 'late', BEGINNING + 200_000))
    const retried = await gapPage(world, broken.sources[0]!.gap!.retryCursor)
    expect(ids(retried.nodes)).toEqual(ids(world.a.calls.slice(96, 100).reverse()))
  })
})
