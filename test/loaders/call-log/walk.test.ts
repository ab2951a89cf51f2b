import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { SimulatedLog } from './simulated-log.js'
import { calls, everything, ids, page, type World } from './simulated-world.js'
import { walkEverything, walkPlan } from './walks.js'

const fourAccounts = (count: number, seconds: number, seed: number): World => ({
  logs: new Map(
    ['ankara', 'brno', 'izmir', 'praha'].map((key, index) => [
      key,
      new SimulatedLog(calls(key, count, seconds, seed + index), { pageSize: 20 + index * 30 }),
    ]),
  ),
})

describe('the merged log', () => {
  test('is one order of time over all accounts, with thousands of ties, whichever way it is walked, while calls arrive and the server restarts', async () => {
    await fc.assert(
      fc.asyncProperty(walkPlan, async (plan) => {
        const world = fourAccounts(1_000, 250, plan.seed)
        const { walked, expected } = await walkEverything(world, plan)
        expect(walked).toEqual(expected)
      }),
      { numRuns: 16 },
    )
  })

  test('gives the first page for one request to each account', async () => {
    const world = fourAccounts(1_000, 500, 5)
    for (const log of world.logs.values()) Object.assign(log!.behaviour, { pageSize: 100 })
    const { nodes, sources } = await page(world, { first: 50 })
    expect(ids(nodes)).toEqual(ids(everything(world, 'DESC').slice(0, 50)))
    expect(sources.map(({ upstreamRequests }) => upstreamRequests)).toEqual([1, 1, 1, 1])
    for (const log of world.logs.values()) expect(log!.requests).toEqual(['page'])
  })
})
