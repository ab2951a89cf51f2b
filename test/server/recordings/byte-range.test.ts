import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import {
  boundsIn,
  lengthOf,
  parseContentRange,
  parseLength,
  parseRange,
  parseUnsatisfied,
  printRange,
} from '../../../src/server/recordings/byte-range.js'

describe('a Range header', () => {
  test.each([
    ['bytes=0-9', { first: 0, last: 9 }],
    ['bytes=5-', { first: 5, last: null }],
    ['bytes=-5', { first: null, last: 5 }],
    ['Bytes=3-3', { first: 3, last: 3 }],
    ['bytes=0-1,3-4', 'several'],
    ['bytes=0-1, -4', 'several'],
    [undefined, null],
    ['', null],
    ['bytes=-', null],
    ['bytes=9-0', null],
    ['bytes=1-x', null],
    ['lines=1-2', null],
    ['bytes=1-2\nbytes=3-4', null],
    [`bytes=${'9'.repeat(16)}-`, null],
  ] as const)('%j is read as %j', (header, read) => {
    expect(parseRange(header)).toEqual(read)
  })

  test('is written as it is read, and nothing else is ever sent on', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,17}-\d{0,17}$/)), (header) => {
        const read = parseRange(header)
        if (read === null || read === 'several') return
        expect(printRange(read)).toMatch(/^bytes=(\d+-\d*|-\d+)$/)
        expect(parseRange(printRange(read))).toEqual(read)
      }),
    )
  })
})

test('bounds lie in the whole, are what was asked for, and are null only when nothing of it is there', () => {
  const position = fc.option(fc.nat(50))
  fc.assert(
    fc.property(position, position, fc.integer({ min: 1, max: 40 }), (first, last, length) => {
      fc.pre((first !== null || last !== null) && (first === null || last === null || first <= last))
      const all = Array.from({ length }, (_, index) => index)
      const wanted = all.filter((at) =>
        first === null ? at >= length - last! : at >= first && at <= (last ?? Infinity),
      )
      const bounds = boundsIn({ first, last }, length)
      expect(bounds && all.slice(bounds.first, bounds.last + 1)).toEqual(wanted.length > 0 ? wanted : null)
      if (bounds) expect(lengthOf(bounds)).toBe(wanted.length)
    }),
  )
})

test.each([
  ['bytes 0-9/100', { bounds: { first: 0, last: 9 }, length: 100 }],
  ['bytes 0-9/*', { bounds: { first: 0, last: 9 }, length: null }],
  ['bytes 9-0/100', null],
  ['bytes 0-100/100', null],
  ['bytes */100', null],
  ['bytes 0-9/100, bytes 20-29/100', null],
  [undefined, null],
])('%j of a 206 is read as %j', (header, read) => {
  expect(parseContentRange(header)).toEqual(read)
})

test('a length and a refusal are read only when they are numbers', () => {
  expect(['bytes */100', 'bytes */*', 'bytes 0-9/100', undefined].map(parseUnsatisfied)).toEqual([
    100,
    null,
    null,
    null,
  ])
  expect(['0', '100', '', '-1', '1e3', '1, 1', undefined].map(parseLength)).toEqual([
    0,
    100,
    null,
    null,
    null,
    null,
    null,
  ])
})
