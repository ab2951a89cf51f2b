import { expect, test } from '@jest/globals'

import { seldom } from '../../../src/server/observing/seldom.js'

test('what fails all the time is told once a minute, and at once when it fails again later', () => {
  let now = 5
  const told: number[] = []
  const tell = seldom({ monotonic: () => now }, () => told.push(now))
  for (; now <= 130_005; now += 5_000) tell()
  expect(told).toEqual([5, 60_005, 120_005])
  now = 1_000_000
  tell()
  expect(told).toHaveLength(4)
})
