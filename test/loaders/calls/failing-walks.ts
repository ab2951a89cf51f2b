import fc from 'fast-check'

import { ProviderError } from '../../../src/errors.js'
import type { CallRecordPage } from '../../../src/loaders/calls/request.js'
import { everything, gapPage, ids, page, random, type PageRequest, type World } from './simulated-world.js'

/** A walk on which accounts break off now and then. */
export interface FailingPlan {
  readonly seed: number
  readonly order: 'ASC' | 'DESC'
  readonly direction: 'forwards' | 'backwards'
  readonly largestPage: number
  /** How many of 1,000 provider requests fail. */
  readonly failures: number
}

export const failingPlan: fc.Arbitrary<FailingPlan> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  order: fc.constantFrom('ASC', 'DESC'),
  direction: fc.constantFrom('forwards', 'backwards'),
  largestPage: fc.integer({ min: 20, max: 100 }),
  failures: fc.integer({ min: 20, max: 300 }),
})

export interface FailingWalk {
  /** Pages in the order of the list, without what was fetched later. */
  readonly walked: readonly string[]
  /** What the retry cursors gave, retried until they were through. */
  readonly retried: readonly string[]
  readonly expected: readonly string[]
  readonly gaps: number
  readonly retries: number
}

/** Walks to the end as if nothing were missing, then fetches every slice that was. */
export async function walkWithFailures(
  world: World,
  plan: FailingPlan,
  filter: PageRequest = {},
): Promise<FailingWalk> {
  const next = random(plan.seed)
  for (const log of world.logs.values()) log!.behaviour.fails = () => next() * 1000 < plan.failures
  const expected = ids(everything(world, plan.order))
  const forwards = plan.direction === 'forwards'
  const walked: string[] = []
  const missing: string[] = []
  for (let cursor: string | null = null; ;) {
    const size = 1 + Math.floor(next() * plan.largestPage)
    const request: PageRequest = forwards ? { first: size, after: cursor } : { last: size, before: cursor }
    const { nodes, pageInfo, sources } = await page(world, { ...filter, order: plan.order, ...request })
    if (forwards) walked.push(...ids(nodes))
    else walked.unshift(...ids(nodes))
    missing.push(...retryCursors(sources))
    if (!(forwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break
    cursor = forwards ? pageInfo.endCursor : pageInfo.startCursor
  }
  const gaps = missing.length
  const retried: string[] = []
  let retries = 0
  while (missing.length > 0) {
    const gap = missing.pop()!
    for (let after: string | null = null, isOver = false; !isOver;) {
      retries++
      const request = { first: 1 + Math.floor(next() * plan.largestPage), after }
      const answer = await gapPage(world, gap, request).catch((error: unknown) => error)
      // It has failed again, and is asked for once more.
      if (answer instanceof ProviderError) continue
      const { nodes, pageInfo, sources } = answer as CallRecordPage
      retried.push(...ids(nodes))
      missing.push(...retryCursors(sources))
      isOver = !pageInfo.hasNextPage
      after = pageInfo.endCursor
    }
  }
  return { walked, retried, expected, gaps, retries }
}

const retryCursors = (sources: CallRecordPage['sources']) => sources.flatMap(({ gap }) => gap?.retryCursor ?? [])
