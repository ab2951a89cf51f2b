import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { Waits } from '../../src/statistics/waits.js'

const seconds = fc.oneof(
  { weight: 6, arbitrary: fc.nat(200).map((whole) => whole * 1_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 5_000 }).map((whole) => whole * 1_000) },
)
const countsOf = (wait: fc.Arbitrary<number>) =>
  fc.array(fc.tuple(wait, fc.integer({ min: 1, max: 1_000 })), { maxLength: 200 })
/** Few and many, in whole seconds or not. */
const counts = fc.oneof(countsOf(seconds), countsOf(fc.oneof(seconds, fc.integer({ min: -5_000, max: 2_000_000 }))))

/** As they are stored, in the order of their lengths. */
const pairsOf = (list: readonly (readonly [number, number])[], unit: number) => {
  let before = 0
  return list.flatMap(([ms, times]) => {
    const pair = [ms / unit - before, times]
    before = ms / unit
    return pair
  })
}

test('waits are counted exactly, however they come: one by one, as they are stored, or from others', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('add', 'pairs', 'all'), counts), { maxLength: 6 }), (steps) => {
      const waits = new Waits()
      const expected = new Map<number, number>()
      for (const [how, list] of steps) {
        for (const [ms, times] of list) expected.set(ms, (expected.get(ms) ?? 0) + times)
        if (how === 'add') for (const [ms, times] of list) waits.add(ms, times)
        if (how === 'pairs') {
          const sorted = [...list].sort(([one], [other]) => one - other)
          const unit = sorted.every(([ms]) => ms % 1_000 === 0) ? 1_000 : 1
          waits.addPairs(pairsOf(sorted, unit), unit)
        }
        if (how === 'all') {
          const others = new Waits()
          for (const [ms, times] of list) others.add(ms, times)
          waits.addAll(others)
        }
      }
      expect(waits.counts()).toEqual([...expected].sort(([one], [other]) => one - other))
    }),
  )
})
