import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { isoTime } from '../src/clock.js'

describe('times as text', () => {
  test('are what Date makes of them, one after the other, whichever came before', () => {
    const far = fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true })
    const near = fc.double({ min: 1_796_205_629_000, max: 1_796_205_632_000, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.oneof(far, near, fc.integer({ min: -2_000, max: 2_000 })), { maxLength: 20 }),
        (times) => {
          expect(times.map((time) => isoTime(time))).toEqual(times.map((time) => new Date(time).toISOString()))
        },
      ),
    )
  })

  test('are refused where there is no such time, and null stays null', () => {
    expect(() => isoTime(NaN)).toThrow(RangeError)
    expect(() => isoTime(9e15)).toThrow(RangeError)
    expect(isoTime(null)).toBeNull()
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z')
  })
})
