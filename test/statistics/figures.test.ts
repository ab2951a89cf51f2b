import { describe, expect, test } from '@jest/globals'

import { callClass } from '../../src/statistics/call-class.js'
import { Figures } from '../../src/statistics/figures.js'

const ANSWERED = callClass('VOICE INBOUND ANSWERED')
const MISSED = callClass('VOICE INBOUND MISSED')

/** Answered calls that waited so many seconds each. */
function waited(...waits: readonly number[]): Figures {
  const figures = new Figures()
  for (const wait of waits)
    figures.add(ANSWERED, 1, (sum) => sum.addCall({ waitMs: wait * 1_000, talkMs: null, cost: null }))
  return figures
}

describe('a percentile of waits', () => {
  test.each([
    [0, 1],
    [1, 1],
    [10, 1],
    [11, 2],
    [50, 5],
    [51, 6],
    [90, 9],
    [91, 10],
    [99, 10],
    [100, 10],
  ])('of ten calls: %i', (percentile, seconds) => {
    expect(waited(3, 1, 2, 10, 9, 8, 4, 5, 7, 6).waitSeconds(percentile)).toBe(seconds)
  })

  test.each([
    [33, 1],
    [34, 2],
    [66, 2],
    [67, 3],
  ])('of three calls: %i', (percentile, seconds) => {
    expect(waited(1, 2, 3).waitSeconds(percentile)).toBe(seconds)
  })

  test('counts a wait as often as there were calls that waited so long', () => {
    const figures = waited(1, 1, 1, 7)
    expect([74, 75, 76].map((one) => figures.waitSeconds(one))).toEqual([1, 1, 7])
  })

  test('is that of all, once more calls are added', () => {
    const figures = waited(1)
    expect(figures.waitSeconds(100)).toBe(1)
    figures.addFigures(waited(5))
    expect([figures.waitSeconds(100), figures.longestWaitSeconds, figures.averageWaitSeconds]).toEqual([5, 5, 3])
  })
})

test('of calls that are others’ it is counted how many they are, and how many were missed, and nothing else', () => {
  const figures = waited(4)
  figures.addOthers(MISSED, 2)
  figures.addOthers(ANSWERED, 3)
  const all = new Figures()
  all.addFigures(figures)
  for (const one of [figures, all])
    expect([one.calls, one.answered, one.missed, one.averageWaitSeconds, one.serviceLevel(4)]).toEqual([6, 1, 2, 4, 1])
})
