import { setMaxListeners } from 'node:events'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { Bulkhead, BulkheadFull } from '../src/bulkhead.js'

describe('a bulkhead', () => {
  test('never runs more than its size, starts tasks in order, and lets each fail alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() }), { maxLength: 30 }),
        async (size, tasks) => {
          const bulkhead = new Bulkhead(size)
          const started: number[] = []
          let running = 0
          let peak = 0
          const results = await Promise.allSettled(
            tasks.map(({ turns, fails }, at) =>
              bulkhead.run(async () => {
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
    const bulkhead = new Bulkhead(3)
    let running = 0
    let peak = 0
    const task = async () => {
      peak = Math.max(peak, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    await Promise.all(Array.from({ length: 10 }, () => bulkhead.run(task)))
    expect(peak).toBe(3)
  })

  test('gives a place that is given back to whoever waits longest, and to nobody who comes by', () => {
    const bulkhead = new Bulkhead(2)
    const begun: string[] = []
    expect([bulkhead.enter(), bulkhead.enter(), bulkhead.enter()]).toEqual([true, true, false])
    const [, leave] = ['first', 'second', 'third'].map((name) => bulkhead.queue(() => void begun.push(name)))
    leave!()
    bulkhead.leave()
    expect(bulkhead.enter()).toBe(false)
    bulkhead.leave()
    expect(begun).toEqual(['first', 'third'])
    expect(bulkhead).toMatchObject({ running: 2, waiting: 0 })
    bulkhead.leave()
    expect(bulkhead.enter()).toBe(true)
  })

  test('moves on past tasks that throw at once, thousands of them', async () => {
    const bulkhead = new Bulkhead(1, 20_000)
    const thrown = Array.from({ length: 20_000 }, () =>
      bulkhead.run(() => {
        throw new Error('at once')
      }),
    )
    const last = bulkhead.run(async () => 'last')
    expect((await Promise.allSettled(thrown)).every(({ status }) => status === 'rejected')).toBe(true)
    expect(await last).toBe('last')
    expect(bulkhead).toMatchObject({ running: 0, waiting: 0 })
  })

  test('has room again for others as soon as somebody leaves the queue', async () => {
    const bulkhead = new Bulkhead(1, 1)
    const ending = new AbortController()
    const first = bulkhead.run(() => new Promise((resolve) => setImmediate(resolve, 'first')))
    const left = bulkhead.run(async () => 'left', ending.signal)
    ending.abort()
    await expect(left).rejects.toBe(ending.signal.reason)
    expect(await Promise.all([first, bulkhead.run(async () => 'second')])).toEqual(['first', 'second'])
  })

  test('refuses what neither runs nor may wait', async () => {
    const bulkhead = new Bulkhead(1, 2)
    const tasks = Array.from({ length: 4 }, (_, at) => bulkhead.run(async () => at))
    expect(bulkhead).toMatchObject({ running: 1, waiting: 2 })
    await expect(tasks[3]).rejects.toThrow(BulkheadFull)
    expect(await Promise.all(tasks.slice(0, 3))).toEqual([0, 1, 2])
    expect(bulkhead).toMatchObject({ running: 0, waiting: 0 })
  })

  test('lets those go that give up waiting, thousands of them, and moves on past them', async () => {
    const bulkhead = new Bulkhead(1)
    const ending = new AbortController()
    setMaxListeners(0, ending.signal)
    let release = () => {}
    const first = bulkhead.run(() => new Promise<void>((resolve) => (release = resolve)))
    let begun = 0
    const leaving = Array.from({ length: 20_000 }, () => bulkhead.run(async () => void (begun += 1), ending.signal))
    const last = bulkhead.run(async () => 'last')
    ending.abort()
    expect((await Promise.allSettled(leaving)).every(({ status }) => status === 'rejected')).toBe(true)
    release()
    await first
    expect(await last).toBe('last')
    expect(begun).toBe(0)
    expect(bulkhead).toMatchObject({ running: 0, waiting: 0 })
  })

  test('does not end what runs already when its signal is aborted', async () => {
    const bulkhead = new Bulkhead(1)
    const ending = new AbortController()
    const [first, second] = [1, 2].map((turn) =>
      bulkhead.run(async () => {
        await new Promise((resolve) => setImmediate(resolve))
        if (turn === 2) ending.abort()
        await new Promise((resolve) => setImmediate(resolve))
        return turn
      }, ending.signal),
    )
    expect(await Promise.all([first, second])).toEqual([1, 2])
  })
})
