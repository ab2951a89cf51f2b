import { describe, expect, test } from '@jest/globals'

import { InvalidInput } from '../../src/errors.js'
import { publicNumber, type NumberArguments } from '../../src/graphql/public-number.js'
import { ask } from './ask.js'

describe('A number to look up', () => {
  test.each<[string, NumberArguments, string]>([
    ['a complete number', { number: '+902320000042' }, '+902320000042'],
    [
      'a complete number, whatever country is named beside it',
      { number: '+902320000042', country: 'CZ' },
      '+902320000042',
    ],
    ['a spelling of home', { spelling: '0232 000 00 42', country: 'TR' }, '+902320000042'],
    ['a spelling without its trunk zero', { spelling: '(232) 000-0042', country: 'TR' }, '+902320000042'],
    ['a country in small letters', { spelling: ' 910 000 341 ', country: 'cz' }, '+420910000341'],
    ['a spelling dialled abroad', { spelling: '00420 910 000 341', country: 'TR' }, '+420910000341'],
    ['a spelling with a plus sign', { spelling: '+90 (232) 000 00 42' }, '+902320000042'],
    ['a link', { spelling: 'tel:+90-232-000-0042' }, '+902320000042'],
    ['a contact with marks of direction', { spelling: '\u202A+90 232 000 00 42\u202C' }, '+902320000042'],
    ['dashes that do not break', { spelling: '+90 232 000‑00–42' }, '+902320000042'],
    ['wide digits', { spelling: '０２３２\u3000０００００４２', country: 'TR' }, '+902320000042'],
    [
      'a spelling with a plus sign, dialled elsewhere',
      { spelling: '+90 232 000 00 42', country: 'CZ' },
      '+902320000042',
    ],
  ])('is understood: %s', (_name, given, expected) => {
    expect(publicNumber(given)).toBe(expected)
  })

  test.each<[string, NumberArguments, RegExp]>([
    ['nothing', {}, /exactly one of `number` and `spelling`; neither was given/],
    ['nothing but a country', { country: 'TR' }, /neither was given/],
    ['both', { number: '+902320000042', spelling: '0232 000 00 42' }, /both were given/],
    ['a spelling without its country', { spelling: '0232 000 00 42' }, /`country` must say where it is dialled/],
    ['a country that does not exist', { spelling: '0232 000 00 42', country: 'XX' }, /not the ISO 3166 code/],
    ['a country by its name', { number: '+902320000042', country: 'Turkey' }, /not the ISO 3166 code/],
    ['an internal number', { spelling: '101', country: 'TR' }, /no public number in TR: 3 digits were read/],
    ['a number that is cut short', { spelling: '+90 232' }, /no public number: 5 digits were read; the country code/],
    ['words', { spelling: 'the front desk', country: 'TR' }, /0 digits were read/],
    ['an empty text', { spelling: '', country: 'TR' }, /0 digits were read/],
  ])('is refused, and what is missing is said: %s', (_name, given, message) => {
    expect(() => publicNumber(given)).toThrow(InvalidInput)
    expect(() => publicNumber(given)).toThrow(message)
  })

  test('is asked for in the words of a person, and refused as bad input', async () => {
    const spelt = await ask([], '{ phoneNumber(spelling: "0232 000 00 42", country: "TR") { number country } }')
    expect(spelt).toEqual({ data: { phoneNumber: { number: '+902320000042', country: 'TR' } }, errors: [] })
    const { errors } = await ask([], '{ phoneNumber(spelling: "0232 000 00 42") { number } }')
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['phoneNumber'],
        locations: [{ line: 1, column: 3 }],
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', requestId: 'request-1' }),
      }),
    ])
  })
})
