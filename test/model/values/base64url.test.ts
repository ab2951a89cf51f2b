import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { base64url } from '../../../src/model/values/base64url.js'

const byBuffer = (text: string) => Buffer.from(text, 'utf8').toString('base64url')

test('any text is encoded as a buffer encodes it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 120 }), fc.string({ unit: 'binary', maxLength: 120 })), (text) => {
      expect(base64url(text)).toBe(byBuffer(text))
    }),
  )
})

test('every length has its own end, and one letter beyond ASCII anywhere changes nothing else', () => {
  for (let length = 0; length <= 100; length += 1) {
    const text = '~C:ofis-1:4059/é'.slice(0, 15).repeat(7).slice(0, length)
    expect(base64url(text)).toBe(byBuffer(text))
    expect(base64url(`${text}é`)).toBe(byBuffer(`${text}é`))
    expect(base64url(`é${text}`)).toBe(byBuffer(`é${text}`))
  }
})

test('texts around the length from which they get a buffer of their own are encoded alike', () => {
  for (const letter of ['a', 'é', '€', '😀', '\ud800']) {
    for (const length of [1_364, 1_365, 1_366, 5_000]) {
      expect(base64url(letter.repeat(length))).toBe(byBuffer(letter.repeat(length)))
    }
  }
})
