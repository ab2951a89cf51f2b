/**
 * The long form of the call log's model tests, minutes long and so not part of `npm test`: `npm run proof:call-log`.
 * Every run prints its seed; `PROOF_SEED=… npm run proof:call-log` repeats it.
 */
import { afterAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { failingPlan, walkWithFailures } from '../loaders/calls/failing-walks.js'
import { filteredPlan, walkFiltered } from '../loaders/calls/filters.js'
import { SimulatedLog } from '../loaders/calls/simulated-log.js'
import { calls, random, type World } from '../loaders/calls/simulated-world.js'
import { walkEverything, walkPlan } from '../loaders/calls/walks.js'

const KEYS = ['ankara', 'brno', 'izmir', 'praha']
const HOURS = 3_600_000
const seed = Number(process.env.PROOF_SEED ?? Date.now() % 2 ** 31)
const lines: string[] = [`seed ${seed}`]
const runs = (count: number) => ({ numRuns: Number(process.env.PROOF_RUNS ?? count), seed, endOnFailure: true })

afterAll(() => {
  process.stdout.write(`${lines.map((line) => `call log: ${line}`).join('\n')}\n`)
})

/** Four providers' worth: 25,000 calls each, of which thousands begin in the same second as others. */
const told = KEYS.map((key, index) => calls(key, 25_000, 20_000, seed + index))
const world = (planSeed: number): World => {
  const next = random(planSeed)
  const pageSize = () => 20 + Math.floor(next() * 480)
  return { logs: new Map(KEYS.map((key, index) => [key, new SimulatedLog(told[index]!, { pageSize: pageSize() })])) }
}

describe('the merged log, at length', () => {
  test(
    '500 walks over 4 × 25,000 calls while 20 arrive a second and the server restarts between pages',
    async () => {
      let [walks, pages, walkedCalls] = [0, 0, 0]
      await fc.assert(
        fc.asyncProperty(walkPlan, async (plan) => {
          // 20 a second over four accounts, a second from page to page.
          const result = await walkEverything(world(plan.seed), { ...plan, arrivals: 10 })
          walks++
          pages += result.pages
          walkedCalls += result.walked.length
          assertSame(result.walked, result.expected)
        }),
        runs(500),
      )
      lines.push(`${walks} walks, ${pages} pages, ${walkedCalls} calls: each as by brute force`)
    },
    2 * HOURS,
  )

  test(
    '200 walks on which accounts break off: pages and retries together give everything once',
    async () => {
      let [walks, gaps, retries] = [0, 0, 0]
      await fc.assert(
        fc.asyncProperty(failingPlan, async (plan) => {
          const small: World = {
            logs: new Map(
              KEYS.map((key, index) => [
                key,
                new SimulatedLog(calls(key, 2_500, 500, plan.seed + index), { pageSize: 10 + index * 40 }),
              ]),
            ),
          }
          const { walked, retried, expected, ...counts } = await walkWithFailures(small, plan)
          walks++
          gaps += counts.gaps
          retries += counts.retries
          assertSame([...walked, ...retried].sort(), [...expected].sort())
        }),
        runs(200),
      )
      lines.push(`${walks} failing walks, ${gaps} gaps, ${retries} retries: everything, nothing twice`)
    },
    HOURS,
  )

  test(
    '1,000 random filters, and no wrong EXACT',
    async () => {
      let [filters, exact, atLeast, unknown, found] = [0, 0, 0, 0, 0]
      await fc.assert(
        fc.asyncProperty(filteredPlan, async (plan) => {
          const result = await walkFiltered(plan, 1_000)
          filters++
          found += result.found.length
          assertSame([...result.found].sort(), [...result.expected].sort())
          for (const { totalCount, countPrecision } of result.counts) {
            if (countPrecision === 'EXACT') expect(totalCount).toBe(result.expected.length)
            if (countPrecision === 'AT_LEAST') expect(totalCount).toBeLessThanOrEqual(result.expected.length)
            exact += countPrecision === 'EXACT' ? 1 : 0
            atLeast += countPrecision === 'AT_LEAST' ? 1 : 0
            unknown += countPrecision === null ? 1 : 0
          }
        }),
        runs(1_000),
      )
      lines.push(
        `${filters} filters, ${found} calls found; counts: ${exact} EXACT, ${atLeast} AT_LEAST, ${unknown} unknown, none wrong`,
      )
    },
    HOURS,
  )
})

/** `expect` would print a hundred thousand ids; where two walks part says more. */
function assertSame(walked: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((id, index) => walked[index] !== id)
  expect({ length: walked.length, firstDifference: at }).toEqual({ length: expected.length, firstDifference: -1 })
}
