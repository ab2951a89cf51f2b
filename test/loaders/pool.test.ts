import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { boundedPool } from '../../src/loaders/pool.js'

describe('a bounded pool', () => {
  test('never runs more than its size, starts tasks in order, and lets each fail alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() }), { maxLength: 30 }),
        async (size, tasks) => {
          const pool = boundedPool(size)
          const started: number[] = []
          let running = 0
          let peak = 0
          const results = await Promise.allSettled(
            tasks.map(({ turns, fails }, at) =>
              pool.run(async () => {
                started.push(at)
                peak = Math.max(peak, ++running)
                for (let turn = 0; turn < turns; turn += 1) await null
                running -= 1
                if (fails) throw new Error('no')
                return at
              }),
            ),
          )
          expect(peak).toBeLessThanOrEqual(size)
          expect(started).toEqual(tasks.map((_, at) => at))
          expect(results.map(({ status }) => status === 'rejected')).toEqual(tasks.map(({ fails }) => fails))
        },
      ),
    )
  })

  test('uses all its places', async () => {
    const pool = boundedPool(3)
    let running = 0
    let peak = 0
    const task = async () => {
      peak = Math.max(peak, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    await Promise.all(Array.from({ length: 10 }, () => pool.run(task)))
    expect(peak).toBe(3)
  })
})
