import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { SimulatedLog } from './simulated-log.js'
import { CallDisposition } from '../../../src/model/call-record.js'
import { BEGINNING, call, calls, everything, ids, page, random, type World } from './simulated-world.js'
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

  test('is the same list back and forth, from any edge, filtered or not, and newer calls stay out of it', async () => {
    const scenario = fc.record({ seed: fc.integer({ min: 1, max: 1_000_000 }), isFiltered: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(scenario, async ({ seed, isFiltered }) => {
        const next = random(seed)
        const world = fourAccounts(150, 40, seed)
        for (const log of world.logs.values()) log!.behaviour.pageSize = 5 + Math.floor(next() * 20)
        const matches = ({ disposition }: { disposition: CallDisposition }) =>
          !isFiltered || disposition === CallDisposition.BUSY
        const criteria = isFiltered ? [{ dispositions: [CallDisposition.BUSY] }] : []
        const all = ids(everything(world, 'DESC', matches))
        let edges = (await page(world, { first: 1 + Math.floor(next() * 40), criteria })).edges
        for (let move = 0; move < 12 && edges.length > 0; move++) {
          const { cursor, node } = edges[Math.floor(next() * edges.length)]!
          const [from, size, forwards] = [all.indexOf(node.id), 1 + Math.floor(next() * 40), next() < 0.5]
          world.logs
            .get('izmir')!
            .arrive(call('izmir', `new-${move}`, BEGINNING + 100_000 + move, { disposition: CallDisposition.BUSY }))
          const moved = await page(world, {
            criteria,
            ...(forwards ? { first: size, after: cursor } : { last: size, before: cursor }),
          })
          const expected = forwards ? all.slice(from + 1, from + 1 + size) : all.slice(Math.max(0, from - size), from)
          expect(ids(moved.nodes)).toEqual(expected)
          expect(moved.pageInfo).toMatchObject({
            hasPreviousPage: forwards || from > size,
            hasNextPage: !forwards || from + 1 + size < all.length,
          })
          edges = moved.edges
        }
      }),
      { numRuns: 40 },
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
