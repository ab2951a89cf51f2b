import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { toE164 } from '../../../src/model/values/phone-number.js'
import { DateTime, PhoneNumber } from '../../../src/model/values/scalars.js'
import { cases } from '../../support/proof.js'

describe('a moment that a caller gives', () => {
  test.each([
    ['2026-02-11T09:31:07+01:00', '2026-02-11T08:31:07.000Z'],
    ['2026-02-11T09:31:07.25Z', '2026-02-11T09:31:07.250Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    // Far bounds mean "everything"; beyond four digits of a year texts have no order.
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['0000-01-01T00:00:00+14:00', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59-01:00', '9999-12-31T23:59:59.999Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999Z'],
    // The next millisecond: whatever is written in milliseconds lies on the same side of it.
    ['2026-02-11T09:31:07.123456Z', '2026-02-11T09:31:07.124Z'],
    ['2026-02-11T09:31:07.123000Z', '2026-02-11T09:31:07.123Z'],
    ['2026-12-31T23:59:59.9999Z', '2027-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, canonical) => {
    expect(DateTime.parseValue(text)).toBe(canonical)
  })

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00+02:00',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '+010000-01-01T00:00:00Z',
    ' 2026-01-01T00:00:00Z',
    'tomorrow',
    1_770_000_000,
    null,
  ])('%j is refused', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('"DateTime" cannot read this value')
  })

  test('keeps every call that is written in milliseconds on its side of the bound', () => {
    const fraction = fc.integer({ min: 0, max: 999_999_999 }).map((number) => String(number).padStart(9, '0'))
    fc.assert(
      fc.property(fraction, fc.integer({ min: 0, max: 1_999 }), (digits, millisecond) => {
        const bound = DateTime.parseValue(`2026-02-11T09:31:07.${digits}Z`)
        const call = new Date(Date.parse('2026-02-11T09:31:07Z') + millisecond).toISOString()
        expect(call >= bound).toBe(millisecond * 1_000_000 >= Number(digits))
      }),
    )
  })
})

describe('a number that a caller gives', () => {
  test.each([
    ['+420910000341', '+420910000341'],
    ['+420 910 000 341', '+420910000341'],
    ['+420 (0) 910000341', '+420910000341'],
    ['+90 (0)232 229 00 00', '+902322290000'],
    ['+44 (0) 20 7946 0018', '+442079460018'],
    ['+420\u00a0910\u2011000\u2013341', '+420910000341'],
    ['tel:+420-910-000-341', '+420910000341'],
    // As a contact is copied from a phone.
    ['\u202a+420910000341\u202c', '+420910000341'],
    // As it is written in Italy, where the zero belongs to the number.
    ['+39 06 6982 0000', '+390669820000'],
  ])('%s is %s', (text, number) => {
    expect(PhoneNumber.parseValue(text)).toBe(number)
  })

  test.each([
    '+420910000341;ext=5',
    '+420910000341 home',
    '+420910000341 / 2',
    '+420910000341/2',
    '+420910000341 x5',
    '+420910000341, +420910000342',
    '+420910000341 +420910000342',
    '+420910000341910000341',
    '420910000341',
    '00420910000341',
    '+',
    '+1001',
    'tel:+420910000341;ext=5',
    '',
    420910000341,
  ])('%j is refused', (value) => {
    expect(() => PhoneNumber.parseValue(value)).toThrow('"PhoneNumber" cannot read this value')
  })

  test('is read by the rule for what providers send', () => {
    const text = fc.stringMatching(/^\+[0-9 ()./-]{4,20}( [a-z]{1,5})?$/)
    fc.assert(
      fc.property(text, (written) => {
        const number = toE164(written, 'CZ')
        if (number === null) expect(() => PhoneNumber.parseValue(written)).toThrow()
        else expect(PhoneNumber.parseValue(written)).toBe(number)
      }),
      { numRuns: cases(2_000) },
    )
  })
})
