import fc from 'fast-check'

import { globalId } from '../../../src/model/id.js'
import { call, everything, ids, page, random, type PageRequest, type World } from './simulated-world.js'

/** How a log is walked from one end to the other. */
export interface WalkPlan {
  readonly seed: number
  readonly order: 'ASC' | 'DESC'
  readonly direction: 'forwards' | 'backwards'
  readonly largestPage: number
  /** New calls between two pages, in each account, up to this many. */
  readonly arrivals: number
}

export const walkPlan: fc.Arbitrary<WalkPlan> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  order: fc.constantFrom('ASC', 'DESC'),
  direction: fc.constantFrom('forwards', 'backwards'),
  largestPage: fc.integer({ min: 20, max: 100 }),
  arrivals: fc.integer({ min: 0, max: 5 }),
})

/** Small pages towards the living end would never reach it if more calls came than are read. */
const PAGES_WITH_ARRIVALS = 400

/**
 * Walks to the end, each page of another size and asked of another server. Newest first, the walk
 * is what was there when it began; oldest first it is also what has come until it reached the end.
 */
export async function walkEverything(
  world: World,
  plan: WalkPlan,
): Promise<{ walked: readonly string[]; expected: readonly string[]; pages: number }> {
  const next = random(plan.seed)
  let newest = everything(world, 'DESC')[0]!.startedAt
  const began = Date.parse(newest)
  let clock = began
  const living = { ...world, now: () => clock }
  let expected = ids(everything(world, plan.order))
  const walked: string[] = []
  let pages = 0
  const forwards = plan.direction === 'forwards'
  for (let cursor: string | null = null; ;) {
    const size = 1 + Math.floor(next() * plan.largestPage)
    const request: PageRequest = forwards ? { first: size, after: cursor } : { last: size, before: cursor }
    const { nodes, pageInfo } = await page(living, { order: plan.order, ...request })
    pages++
    if (forwards) walked.push(...ids(nodes))
    else walked.unshift(...ids(nodes))
    const goesOn = forwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage
    if (!goesOn) break
    cursor = forwards ? pageInfo.endCursor : pageInfo.startCursor
    if (pages > PAGES_WITH_ARRIVALS) continue
    clock = arrive(world, plan, next, Date.parse(newest))
    newest = new Date(clock).toISOString()
  }
  // Walked towards the living end of a list that starts with the oldest, new calls are found there.
  if (plan.order === 'ASC' && forwards) expected = ids(everything(world, plan.order))
  return { walked, expected, pages }
}

let arrived = 0

/** Calls newer than all before, several of them in one second. */
function arrive(world: World, { arrivals }: WalkPlan, next: () => number, newest: number): number {
  const moment = newest + 1000
  for (const [key, log] of world.logs) {
    const count = Math.floor(next() * (arrivals + 1))
    log?.arrive(...Array.from({ length: count }, () => call(key, `new-${arrived++}`, moment)))
  }
  return moment
}

export const accountId = (key: string) => globalId('Account', key)
