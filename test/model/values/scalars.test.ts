import { expect, test } from '@jest/globals'

import { DateTime } from '../../../src/model/values/scalars.js'

test.each([
  ['2026-02-11T11:31:07+03:00', '2026-02-11T08:31:07.000Z'],
  ['2026-02-11T08:31:07.1239Z', '2026-02-11T08:31:07.123Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('the moment %s is %s', (written, moment) => {
  expect(DateTime.parseValue(written)).toBe(moment)
})

test.each([
  ['a day that is on no calendar', '2026-02-30T00:00:00Z'],
  ['a leap day of a common year', '2026-02-29T00:00:00Z'],
  ['an hour that no day has', '2026-02-11T24:00:00Z'],
  ['a moment before the years that can be written', '0000-01-01T00:00:00+03:00'],
  ['a moment after them', '9999-12-31T23:59:59-03:00'],
  ['a moment without an offset', '2026-02-11T08:31:07'],
  ['a day', '2026-02-11'],
])('%s is refused: %s', (_what, written) => {
  expect(() => DateTime.parseValue(written)).toThrow('"DateTime" cannot read this value')
})
