import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { nationalDigits, toE164 } from '../../../src/model/values/phone-number.js'
import { anyText } from '../../support/any-text.js'
import { cases } from '../../support/proof.js'

describe('a number becomes E.164', () => {
  test.each([
    // As one subscriber is written by different providers.
    ['+90 232 229 00 00', 'TR', '+902322290000'],
    ['+902322290000', 'CZ', '+902322290000'],
    ['00902322290000', 'CZ', '+902322290000'],
    ['902322290000', 'TR', '+902322290000'],
    ['902322290000', 'CZ', '+902322290000'],
    ['0 (232) 229-00-00', 'TR', '+902322290000'],
    ['2322290000', 'TR', '+902322290000'],
    ['4440332', 'TR', '+904440332'],
    ['222 333 444', 'CZ', '+420222333444'],
    ['420222333444', 'CZ', '+420222333444'],
    ['420222333444', 'TR', '+420222333444'],
    ['00420222333444', 'TR', '+420222333444'],
    ['4921112345678', 'TR', '+4921112345678'],
    ['12025550100', 'CZ', '+12025550100'],
    // Numbers of other countries that are also somebody's mailbox at home.
    ['966501234567', 'CZ', '+966501234567'],
    ['962791234567', 'CZ', '+962791234567'],
    ['967712345678', 'CZ', '+967712345678'],
    ['963944567890', 'CZ', '+963944567890'],
    // Good in another country as well, but dialled at home every day.
    ['5321234567', 'TR', '+905321234567'],
    ['13802138000', 'CN', '+8613802138000'],
    // The end belongs to the number.
    ['+49 30 12345-0', 'TR', '+4930123450'],
    ['0212-345-67-89', 'TR', '+902123456789'],
    ['+44 20 7946 0018', 'TR', '+442079460018'],
    // As people, text processors and phones write.
    ['+420 (0) 222 333 444', 'TR', '+420222333444'],
    ['\u202a+420\u00a0222\u2011333\u2013444\u202c', 'TR', '+420222333444'],
    // A zero before the country code (KanishJebaMathewM/Truxify PR 8515), and one after it (AfterShip/phone #268).
    ['0905321234567', 'TR', '+905321234567'],
    ['0420222333444', 'CZ', '+420222333444'],
    ['+90 0532 123 45 67', 'CZ', '+905321234567'],
    // Ranges that nobody knows, of the right length.
    ['905990000001', 'TR', '+905990000001'],
    ['5990000001', 'TR', '+905990000001'],
    ['499990000001', 'TR', '+499990000001'],
  ])('%s in %s is %s', (text, country, expected) => {
    expect(toE164(text, country)).toBe(expected)
  })

  test.each([
    ['112', 'TR'],
    ['155', 'CZ'],
    ['1001', 'TR'],
    ['11880', 'TR'],
    ['116111', 'CZ'],
    ['+112', 'TR'],
    ['+1001', 'CZ'],
    ['00112', 'TR'],
    // A withheld number, as Twilio spells ANONYMOUS and BLOCKED on a keypad (somleng/somleng #1820).
    ['+266696687', 'CZ'],
    ['+2562533', 'TR'],
    // Only the home country's code may follow a zero.
    ['0420222333444', 'TR'],
    // A second ending.
    ['222 333 444 / 5', 'CZ'],
    ['0212 345 67 89/90', 'TR'],
    ['222333444-5', 'CZ'],
    ['222 333 444 / 555', 'CZ'],
    ['+420 222 333 444 - 5', 'TR'],
    ['+420222333444/445', 'TR'],
    ['+420222333444.5', 'TR'],
    ['+90 532 123 45 67-68', 'CZ'],
    ['+902322290000 12', 'TR'],
    // A number of a small town in Germany, or one of London.
    ['442079460018', 'DE'],
    // Too short.
    ['905550000', 'TR'],
    ['90555000000', 'TR'],
    ['anonymous', 'TR'],
    ['sip:2322290000@example.test', 'TR'],
    ['2322290000;ext=5', 'TR'],
    ['', 'TR'],
    ['   ', 'TR'],
    ['+', 'TR'],
    ['9'.repeat(30), 'TR'],
    ['2322290000', 'XX'],
    [null, 'TR'],
    [undefined, 'TR'],
  ])('%s in %s is no public number', (text, country) => {
    expect(toE164(text, country)).toBeNull()
  })

  test('whatever is read has a plus, 7 to 15 digits, and is read as itself again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(\+|00|0)?\d{1,16}$/), fc.constantFrom('TR', 'CZ'), (text, country) => {
        const number = toE164(text, country)
        if (number === null) return
        expect(number).toMatch(/^\+[1-9]\d{6,14}$/)
        expect(toE164(number, country)).toBe(number)
      }),
      { numRuns: cases(2_000) },
    )
  })

  test('never fails, whatever the text', () => {
    fc.assert(fc.property(anyText(), (text) => void toE164(text, 'TR')))
  })
})

test('the national digits are those of the own country only', () => {
  expect(nationalDigits('+902322290000', 'TR')).toBe('2322290000')
  expect(nationalDigits('+420222333444', 'CZ')).toBe('222333444')
  expect(nationalDigits('+420222333444', 'TR')).toBeNull()
})
