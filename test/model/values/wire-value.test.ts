import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import * as read from '../../../src/model/values/wire-value.js'

describe('reading what a provider sent', () => {
  test('never throws, whatever JSON it is', () => {
    const readers = Object.values(read).filter((reader) => reader.length === 1) as ((value: unknown) => unknown)[]
    expect(readers.length).toBeGreaterThan(3)
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constant({ toString: 0 }), fc.constant([[{}]])), (value) => {
        for (const reader of readers) reader(value)
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    [true, true],
    ['true', true],
    ['FALSE', false],
    [1, true],
    ['0', false],
    ['', null],
    [null, null],
    [{ toString: 0 }, null],
    [['true'], null],
  ])('takes %j for the flag %j', (value, flag) => {
    expect(read.flag(value)).toBe(flag)
  })
})
