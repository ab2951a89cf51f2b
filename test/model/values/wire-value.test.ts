import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import * as read from '../../../src/model/values/wire-value.js'
import { cases } from '../../support/proof.js'

describe('reading what a provider sent', () => {
  test('never throws, whatever JSON it is', () => {
    const readers = Object.values(read).filter((reader) => reader.length === 1) as ((value: unknown) => unknown)[]
    expect(readers.length).toBeGreaterThan(3)
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constant({ toString: 0 }), fc.constant([[{}]])), (value) => {
        for (const reader of readers) reader(value)
      }),
      { numRuns: cases(2_000) },
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
    [' true ', true],
    // A word we do not know says nothing: not false.
    ['yes', null],
  ])('takes %j for the flag %j', (value, flag) => {
    expect(read.flag(value)).toBe(flag)
  })

  // Columns of a fixed width (OpenInformix/IfxPy #64) and what is copied (FreePBX/issue-tracker #768).
  test.each([
    ['101  ', '101'],
    [' 101', '101'],
    ['Deniz Kaya\u00a0', 'Deniz Kaya'],
    ['\u3000', null],
    ['a b', 'a b'],
    ['', null],
    [101, '101'],
    // A float has lost what it was.
    [1770798667.501, null],
  ])('reads %j as the text %j', (value, text) => {
    expect(read.text(value)).toBe(text)
  })
})
