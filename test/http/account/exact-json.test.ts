import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { parseExactly } from '../../../src/http/account/exact-json.js'
import { cases } from '../../support/proof.js'

describe('JSON with long numbers', () => {
  test.each<[string, unknown]>([
    ['{"id":9007199254740993}', { id: '9007199254740993' }],
    ['{"id": -9007199254740993 }', { id: '-9007199254740993' }],
    ['[12345678901234567890,1]', ['12345678901234567890', 1]],
    ['[\n1,\n12345678901234567890\n]', [1, '12345678901234567890']],
    ['12345678901234567890', '12345678901234567890'],
    ['{"id":9007199254740991}', { id: 9007199254740991 }],
    ['{"a":"12345678901234567890","b":1}', { a: '12345678901234567890', b: 1 }],
    [
      '{"a":"x\\":12345678901234567890","b":[12345678901234567890]}',
      { a: 'x":12345678901234567890', b: ['12345678901234567890'] },
    ],
    ['{"a\\\\":12345678901234567890}', { 'a\\': '12345678901234567890' }],
    ['{"12345678901234567890":1,"b": 12345678901234567890}', { '12345678901234567890': 1, b: '12345678901234567890' }],
    [
      '[0.12345678901234567890, 1e20, 1234567890123456.5, 123456789012345678E2]',
      [0.12345678901234568, 1e20, 1234567890123456.5, 123456789012345678e2],
    ],
    ['{"a":{"b":{"c":10000000000000001}}}', { a: { b: { c: '10000000000000001' } } }],
  ])('%s keeps every digit', (text, value) => {
    expect(parseExactly(text)).toEqual(value)
  })

  test('is no JSON where it is none', () => {
    for (const text of [
      '{"id":12345678901234567890',
      '[,12345678901234567890]',
      '{"a":"12345678901234567890}',
      '01234567890123456789',
    ])
      expect(() => parseExactly(text)).toThrow(SyntaxError)
  })

  test('is what JSON.parse makes of it but for its long integers, whatever is around them', () => {
    const id = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n })
    const isLong = (digits: bigint) =>
      digits > BigInt(Number.MAX_SAFE_INTEGER) || digits < -BigInt(Number.MAX_SAFE_INTEGER)
    fc.assert(
      fc.property(fc.jsonValue(), id, fc.string(), (value, digits, text) => {
        const around = (written: string) =>
          `{"before":${JSON.stringify(value)},${JSON.stringify(text)} : ${written},"after":[${JSON.stringify(text)},${written}]}`
        const expected = JSON.parse(around(isLong(digits) ? `"${digits}"` : String(digits))) as unknown
        expect(parseExactly(around(String(digits)))).toEqual(withExact(expected))
      }),
      { numRuns: cases(1_000) },
    )
  })

  test('of ten million characters is read in a moment', () => {
    const long = `{"id":12345678901234567890,"text":"${'x"\\n'.replaceAll('"', '\\"').repeat(2_000_000)}"}`
    expect((parseExactly(long) as { id: string }).id).toBe('12345678901234567890')
  })
})

/** Whole numbers that fast-check makes beyond 2^53 are long integers, too. */
function withExact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExact)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withExact(entry)]))
  const isLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  return isLong && /^-?\d+$/.test(String(value)) ? String(value) : value
}
