import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { secondsBetween, toInstant } from '../../../src/model/values/date-time.js'
import { cases } from '../../support/proof.js'

describe('a time becomes an instant', () => {
  test.each([
    ['2017-03-15T09:46:06+03:00', 'Europe/Prague', '2017-03-15T06:46:06.000Z'],
    ['2020-09-13T12:26:40.496Z', 'UTC', '2020-09-13T12:26:40.496Z'],
    ['2026-02-11T09:31:07.000+01:00', 'UTC', '2026-02-11T08:31:07.000Z'],
    ['2026-02-11T09:31:07+0100', 'UTC', '2026-02-11T08:31:07.000Z'],
    ['2018-05-05T05:05:05.757123+03:00', 'UTC', '2018-05-05T02:05:05.757Z'],
    ['2026-02-11T09:31:07', 'Europe/Prague', '2026-02-11T08:31:07.000Z'],
    ['2026-07-11 09:31:07', 'Europe/Prague', '2026-07-11T07:31:07.000Z'],
    ['2026-07-11 09:31', 'Europe/Istanbul', '2026-07-11T06:31:00.000Z'],
    // A comma before the fraction, ISO 8601 (moment/moment #2596), and more digits than a clock has (standy/ts-date #16).
    ['2026-02-11T09:31:07,496+01:00', 'UTC', '2026-02-11T08:31:07.496Z'],
    ['2026-02-11T09:31:07.4961234567890Z', 'UTC', '2026-02-11T09:31:07.496Z'],
    // The minus sign that ISO 8601 prefers (chronotope/chrono #835).
    ['2026-02-11T09:31:07\u221203:00', 'UTC', '2026-02-11T12:31:07.000Z'],
    ['2026-02-11 09:31:07 \u22120330', 'UTC', '2026-02-11T13:01:07.000Z'],
    // As Ruby and databases print it (singer-io/singer-python PR 69: a zone in words after the time).
    ['2026-02-11 09:31:07 UTC', 'Europe/Istanbul', '2026-02-11T09:31:07.000Z'],
    ['2026-02-11T09:31:07 GMT', 'Europe/Istanbul', '2026-02-11T09:31:07.000Z'],
    // Turkey had +02:00 in winter until 2016, and keeps +03:00 since.
    ['2015-01-10T12:00:00', 'Europe/Istanbul', '2015-01-10T10:00:00.000Z'],
    // The last Sunday of March 2026 in Prague has no 02:30, the last of October has two.
    ['2026-03-29T01:59:59', 'Europe/Prague', '2026-03-29T00:59:59.000Z'],
    ['2026-03-29T02:30:00', 'Europe/Prague', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29T03:00:00', 'Europe/Prague', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25T01:59:59', 'Europe/Prague', '2026-10-24T23:59:59.000Z'],
    ['2026-10-25T02:30:00', 'Europe/Prague', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T03:00:00', 'Europe/Prague', '2026-10-25T02:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(toInstant(text, zone)).toBe(expected)
  })

  test.each([
    '2026-02-30T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T10:60:00Z',
    '2026-01-01T10:00:00+99:00',
    '2026-01-01',
    'yesterday',
    // A plus that became a space on its way, or another sign: the offset is not known.
    '2026-01-01T10:00:00 03:00',
    '2026-01-01T10:00:00\u00b103:00',
    '2026-01-01 10:00:00 Pacific Daylight Time',
    '',
    null,
    undefined,
    '1700000000',
  ])('%s is no time', (text) => {
    expect(toInstant(text, 'UTC')).toBeNull()
  })

  // What systems write where there is no time: the zeros of Unix, Go, .NET, SQL Server, Excel, and "never".
  test.each([
    '1970-01-01T00:00:00Z',
    '1970-01-01T02:00:00+02:00',
    '1970-01-01T01:00:00',
    '1969-12-31T19:00:00-05:00',
    '0001-01-01T00:00:00Z',
    '0001-01-01 00:00:00',
    '0000-01-01T00:00:00Z',
    '0000-00-00 00:00:00',
    '1753-01-01T00:00:00',
    '1899-12-30T00:00:00Z',
    '1900-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59Z',
    '9999-12-31 23:59:59',
    '9999-12-31T23:59:59-01:00',
    // The last second of 32 bits, as MySQL's TIMESTAMP and old clocks have it.
    '2038-01-19T03:14:07Z',
    '2038-01-19T06:14:07+03:00',
    '2038-01-19T04:14:07',
    '2038-01-19 03:14:07',
    '2106-02-07T06:28:15Z',
  ])('%s stands for no time', (text) => {
    expect(toInstant(text, 'Europe/Prague')).toBeNull()
  })

  test('every instant is a text of one length, so that texts are in the order of the instants', () => {
    const digits = (max: number, length = 2) =>
      fc.integer({ min: 0, max }).map((number) => String(number).padStart(length, '0'))
    const written = fc
      .tuple(
        digits(9999, 4),
        digits(13),
        digits(32),
        digits(24),
        digits(60),
        fc.constantFrom('', 'Z', '+14:00', '-12:00', ' 03:00', '\u221203:00'),
      )
      .map(([year, month, day, hour, minute, offset]) => `${year}-${month}-${day}T${hour}:${minute}:00${offset}`)
    fc.assert(
      fc.property(fc.tuple(written, written), (two) => {
        const [one, other] = two.map((text) => toInstant(text, 'Europe/Prague'))
        for (const instant of [one, other])
          if (instant != null) expect(instant).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/)
        if (one != null && other != null) expect(one < other).toBe(Date.parse(one) < Date.parse(other))
      }),
      { numRuns: cases(2_000) },
    )
  })

  test('the common spelling is read as carefully as every other', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'))
    const offset = fc.oneof(
      fc.constant('Z'),
      fc
        .tuple(fc.constantFrom('+', '-', '\u2212', ' ', '~'), two(16), two(61))
        .map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
    )
    fc.assert(
      fc.property(two(13), two(33), two(25), two(61), two(61), offset, (month, day, hour, minute, second, zone) => {
        const time = `${hour}:${minute}:${second}${zone}`
        expect(toInstant(`2024-${month}-${day}T${time}`, 'UTC')).toBe(toInstant(`2024-${month}-${day} ${time}`, 'UTC'))
      }),
      { numRuns: cases(2_000) },
    )
  })

  test('every instant is read back from what the clocks of a zone show, but for the hour that is shown twice', () => {
    const shown = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Prague',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse('2000-01-01') / 1000, max: Date.parse('2036-01-01') / 1000 }),
        (seconds) => {
          const read = Date.parse(toInstant(shown.format(seconds * 1000), 'Europe/Prague')!)
          expect([0, 3600]).toContain(seconds - read / 1000)
          expect(shown.format(read)).toBe(shown.format(seconds * 1000))
        },
      ),
    )
  })
})

test('seconds are counted forwards only', () => {
  expect(secondsBetween('2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.400Z')).toBe(60)
  expect(secondsBetween('2026-01-01T00:01:00.000Z', '2026-01-01T00:00:00.000Z')).toBeNull()
  expect(secondsBetween(null, '2026-01-01T00:00:00.000Z')).toBeNull()
  // More than a GraphQL Int holds.
  expect(secondsBetween('2026-01-01T00:00:00.000Z', '2094-01-19T03:14:07.000Z')).toBe(2 ** 31 - 1)
  expect(secondsBetween('2026-01-01T00:00:00.000Z', '2094-01-19T03:14:08.000Z')).toBeNull()
})
