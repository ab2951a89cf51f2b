import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { Covered } from '../../src/archive/archive-state.js'
import { MOST_GAPS, planExport } from '../../src/exports/plan.js'
import type { ExportRequest } from '../../src/exports/state.js'
import { memoryStore } from '../../src/store/memory.js'
import { fill } from '../archive/filled.js'
import { operation } from '../support/world.js'
import { accountOf, FROM, KEY, NOW } from './making.js'

const HOUR = 3_600_000
const time = (at: number) => new Date(at).toISOString()
const UNTIL = time(NOW)

/** What is planned where the archive covers these hours of its first year and no other time of it. */
async function planOf(hours: readonly number[], change: Partial<ExportRequest> = {}) {
  const store = memoryStore(() => 0)
  const covered: Covered[] = hours.map((hour) => ({
    from: time(Date.parse(FROM) + hour * HOUR),
    until: time(Date.parse(FROM) + (hour + 0.5) * HOUR),
  }))
  await fill(store, { key: KEY, calls: [], covered, syncedAt: UNTIL, unreadable: 1 })
  const request = {
    ...{ filter: { startedAt: { from: FROM, until: UNTIL } }, format: 'JSONL', members: ['id'], timeZone: null },
    ...{ fromProvider: false, includeManifest: false, own: null, ...change },
  } as ExportRequest
  const { gaps } = await planExport({ accounts: [accountOf()], request, store, operation: operation(), now: () => NOW })
  return { covered, gaps }
}
const range = ({ start, end }: { start: { startedAt: string } | null; end: { startedAt: string } | null }) => ({
  from: end?.startedAt ?? null,
  until: start?.startedAt ?? null,
})

describe('the holes of an archive', () => {
  test('are named one by one while they are few', async () => {
    const { gaps, covered } = await planOf([5, 3, 1])
    expect(gaps.map(range)).toEqual([
      // The newest call of an archive may have others beside it.
      { from: time(Date.parse(covered[0]!.until) + 1), until: UNTIL },
      { from: covered[1]!.until, until: covered[0]!.from },
      { from: covered[2]!.until, until: covered[1]!.from },
      { from: FROM, until: covered[2]!.from },
    ])
  })

  test('are named by a handful of gaps however many there are: none is left out, and the widest calls between stay apart', async () => {
    const hours = fc.uniqueArray(fc.nat(5_000), { minLength: 1, maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(hours, async (some) => {
        const sorted = some.toSorted((left, right) => right - left).filter((hour, at, all) => hour !== all[at - 1])
        const { covered, gaps } = await planOf(sorted)
        const ranges = gaps.map(range)
        expect(gaps.length).toBeLessThanOrEqual(MOST_GAPS)
        // Newest first, and apart.
        ranges.slice(1).forEach(({ until }, at) => expect(until! < ranges[at]!.from!).toBe(true))
        const isNamed = (moment: string) => ranges.some(({ from, until }) => from! <= moment && moment < until!)
        const missing = covered.map(({ until }, at) => (at === 0 ? time(Date.parse(until) + 1) : until))
        expect(missing.filter((moment) => !isNamed(moment))).toEqual([])
        expect(isNamed(FROM)).toBe(!covered.some(({ from }) => from === FROM))
        if (covered.length <= MOST_GAPS) return
        // More was named only where it had to be.
        expect(gaps.length).toBe(MOST_GAPS)
        expect(gaps.filter(({ message }) => message.includes('which are in the file')).length).toBeGreaterThan(0)
      }),
      { numRuns: 30 },
    )
  })

  test('are told to the hour to who sees one line alone: where an archive ends is the time of some call', async () => {
    const own = { accountKey: KEY, number: '1001' }
    const { gaps } = await planOf([5.25], { own })
    expect(gaps.map(range)).toEqual([
      { from: time(Date.parse(FROM) + 5 * HOUR), until: UNTIL },
      { from: FROM, until: time(Date.parse(FROM) + 6 * HOUR) },
    ])
  })
})
