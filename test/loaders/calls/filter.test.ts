import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { filteredPlan, walkFiltered } from './filters.js'
import { cases } from '../../support/proof.js'

describe('any filter, over any providers', () => {
  test('finds exactly what brute force finds, however little a provider evaluates and however few requests it may cost', async () => {
    const seen = { exact: 0, atLeast: 0, nonEmpty: 0, stopped: 0 }
    await fc.assert(
      fc.asyncProperty(filteredPlan, async (plan) => {
        const { found, expected, counts, stops } = await walkFiltered(plan)
        expect([...found].sort()).toEqual([...expected].sort())
        if (stops === 0) expect(found).toEqual(expected)
        for (const { totalCount, countPrecision } of counts) {
          expect(totalCount === null).toBe(countPrecision === null)
          if (countPrecision === 'EXACT') expect(totalCount).toBe(expected.length)
          if (countPrecision === 'AT_LEAST') expect(totalCount).toBeLessThanOrEqual(expected.length)
        }
        seen.exact += counts.some(({ countPrecision }) => countPrecision === 'EXACT') ? 1 : 0
        seen.atLeast += counts.some(({ countPrecision }) => countPrecision === 'AT_LEAST') ? 1 : 0
        seen.nonEmpty += expected.length > 0 ? 1 : 0
        seen.stopped += stops > 0 ? 1 : 0
      }),
      { numRuns: cases(100) },
    )
    // A property that is always met by nothing would be no property.
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0)
  })
})
