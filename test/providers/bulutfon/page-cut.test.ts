import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { CallRecord } from '../../../src/model/call-record.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import type { BulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import { pageCut } from '../../../src/providers/bulutfon/page-cut.js'
import type { CallFilter, CallPage, CallQuery } from '../../../src/providers/provider.js'
import { createWorld, operation, type World, type WorldOptions } from '../../support/world.js'

const EVERY_CALL: CallFilter = {
  ...{ from: null, until: null, directions: null, dispositions: null, kinds: null },
  ...{ numbers: null, callerNumbers: null, calleeNumbers: null, extensionNumbers: null },
}
const MOST = 250

const query = (more: Partial<CallQuery>): CallQuery => ({
  ...{ order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 101 },
  ...more,
})

test('one page begins shortly before any place and holds all that is expected', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 110 }), (place, expected) => {
      const { size, number } = pageCut(query({ hint: `DESC ${place} 2000000`, expected }), MOST)
      const [first, end] = [(number - 1) * size, number * size]
      expect(size).toBeLessThanOrEqual(MOST)
      expect(first).toBeLessThanOrEqual(Math.max(0, place - 3))
      expect(end - place).toBeGreaterThanOrEqual(expected + 10)
    }),
  )
})

test('the same place is found from the other end, and what is no hint of ours is none', () => {
  const ascending = pageCut(query({ hint: 'DESC 900 1000', order: 'ASC', expected: 50 }), MOST)
  expect((ascending.number - 1) * ascending.size).toBeLessThanOrEqual(97)
  expect(ascending.number * ascending.size).toBeGreaterThanOrEqual(160)
  for (const hint of ['DESC', 'DESC 1 2 3 4', 'DESC -1 5', 'SIDEWAYS 1 2', '{"page":999999}'])
    expect(pageCut(query({ hint }), MOST)).toEqual({ size: 111, number: 1, largest: null })
})

describe('a walk by pages of a hundred', () => {
  let world: World<BulutfonEmulator>
  afterEach(() => world.close())

  /** Every page as a client asks for it: in an operation of its own, from where the last one stopped. */
  async function walk(options: WorldOptions, order: CallQuery['order'] = 'DESC') {
    world = await createWorld<BulutfonEmulator>(bulutfon, { now: Date.parse('2026-02-11T08:00:00Z'), ...options })
    const account = world.account('authorizationCode')
    await account.source(operation()).profile()
    const [calls, requests]: [CallRecord[], number[]] = [[], []]
    let [after, hint]: [CallRecord | null, string | null] = [null, null]
    for (;;) {
      world.emulator.journal.clear()
      const found: CallRecord[] = []
      let at: string | null = null
      const pages: AsyncIterable<CallPage> = account
        .source(operation())
        .callRecords!.pages(query({ after, hint, order }))
      for await (const page of pages) {
        found.push(...page.calls)
        // As a reader of one call more does, who tells by it whether there is another page.
        const last = found[Math.min(found.length, 100) - 1]
        at = last && page.calls.includes(last) ? page.hintAt!(last) : at
        if (found.length > 100) break
      }
      requests.push(world.emulator.journal.lines().length)
      calls.push(...found.slice(0, 100))
      if (found.length <= 100) return { calls, requests }
      ;[after, hint] = [calls.at(-1)!, at]
    }
  }
  const ids = (calls: readonly CallRecord[]) => calls.map(({ id }) => id)

  test.each(['DESC', 'ASC'] as const)(
    'costs one request a page where the provider gives what is asked for: %s',
    async (order) => {
      const { calls, requests } = await walk({ knobs: { maxLimit: 1_000 } }, order)
      expect(calls.length).toBeGreaterThan(500)
      expect(new Set(ids(calls)).size).toBe(calls.length)
      expect(requests).toEqual(requests.map(() => 1))
    },
  )

  test('costs two where the largest page of the provider is a hundred, and gives the same calls', async () => {
    const whole = await walk({ knobs: { maxLimit: 1_000 } })
    await world.close()
    const { calls, requests } = await walk({ knobs: { maxLimit: 100 } })
    expect(ids(calls)).toEqual(ids(whole.calls))
    expect(requests.reduce((sum, count) => sum + count, 0) / requests.length).toBeLessThan(2.2)
  })

  test('misses no call while calls are added with every page', async () => {
    const { calls: before } = await walk({ knobs: { maxLimit: 1_000 } })
    await world.close()
    const { calls, requests } = await walk({ knobs: { maxLimit: 1_000, callsPerPage: 3 } })
    const seen = new Set(ids(calls))
    expect(ids(before).filter((id) => !seen.has(id))).toEqual([])
    expect(seen.size).toBe(calls.length)
    expect(requests.reduce((sum, count) => sum + count, 0) / requests.length).toBeLessThan(1.5)
  })
})
