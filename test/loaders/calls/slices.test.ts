import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { SimulatedLog } from './simulated-log.js'
import { calls, everything, ids, page, random, type World } from './simulated-world.js'
import { cases } from '../../support/proof.js'

/** A log of several accounts, and the slice of it that is walked. */
const slice = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  counts: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 3 }),
  /** The fewer the seconds, the more calls begin at one moment. */
  seconds: fc.integer({ min: 1, max: 60 }),
  providerPage: fc.integer({ min: 1, max: 12 }),
  order: fc.constantFrom('ASC' as const, 'DESC' as const),
  forwards: fc.boolean(),
  bounds: fc.constantFrom('both' as const, 'after' as const, 'before' as const, 'none' as const),
})

type Slice = typeof slice extends fc.Arbitrary<infer Value> ? Value : never

function worldOf({ seed, counts, seconds, providerPage }: Slice): World {
  const logs = counts.map((count, at): [string, SimulatedLog] => [
    `account-${at}`,
    new SimulatedLog(calls(`account-${at}`, count, seconds, seed + at), { pageSize: providerPage }),
  ])
  return { logs: new Map(logs) }
}

/** The cursor of each call, in the order of the list. */
async function cursorsOf(world: World, order: 'ASC' | 'DESC'): Promise<readonly string[]> {
  const cursors: string[] = []
  for (let after: string | null = null; ;) {
    const { edges, pageInfo } = await page(world, { order, first: 50, after })
    cursors.push(...edges.map(({ cursor }) => cursor))
    if (!pageInfo.hasNextPage) return cursors
    after = pageInfo.endCursor
  }
}

describe('a walk between two cursors', () => {
  test('gives exactly the calls between them, page by page, and ends; no page is empty and says that there is more', async () => {
    let walks = 0
    await fc.assert(
      fc.asyncProperty(slice, async (plan) => {
        const { order, forwards, bounds } = plan
        const world = worldOf(plan)
        const next = random(plan.seed)
        const all = ids(everything(world, order))
        const cursors = await cursorsOf(world, order)
        const [one, other] = [Math.floor(next() * all.length), Math.floor(next() * all.length)].sort((a, b) => a - b)
        const after = bounds === 'both' || bounds === 'after' ? (cursors[one!] ?? null) : null
        const before = bounds === 'both' || bounds === 'before' ? (cursors[other!] ?? null) : null
        const expected = all.slice(after ? one! + 1 : 0, before ? other : undefined)

        const walked: string[] = []
        let place = forwards ? after : before
        for (let pages = 1; ; pages += 1) {
          expect(pages).toBeLessThanOrEqual(all.length + 1)
          const size = 1 + Math.floor(next() * 9)
          const { nodes, pageInfo } = await page(
            world,
            forwards ? { order, first: size, after: place, before } : { order, last: size, before: place, after },
          )
          if (forwards) walked.push(...ids(nodes))
          else walked.unshift(...ids(nodes))
          const hasMore = forwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage
          expect(hasMore).toBe(walked.length < expected.length)
          // Beyond the cursor the walk began at lies at least that cursor's own call.
          expect(forwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage).toBe(place !== null)
          if (nodes.length === 0) expect([hasMore, pageInfo.endCursor]).toEqual([false, null])
          if (!hasMore) break
          place = forwards ? pageInfo.endCursor : pageInfo.startCursor
          walks += 1
        }
        expect(walked).toEqual(expected)
      }),
      { numRuns: cases(150) },
    )
    expect(walks).toBeGreaterThan(100)
  })
})
