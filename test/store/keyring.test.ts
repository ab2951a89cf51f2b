import { randomBytes } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { keyring, SealBroken } from '../../src/store/keyring.js'
import { anyText } from '../support/any-text.js'
import { repeatedNonces } from './nonces.js'

const key = () => randomBytes(32).toString('base64')

describe('a sealed value', () => {
  const keys = keyring([key()])

  test('opens where it was sealed, whatever it is', () => {
    fc.assert(
      fc.property(anyText(), fc.string(), (plain, place) => {
        expect(keys.open(keys.seal(plain, place), place)).toBe(plain)
      }),
    )
  })

  test('opens nowhere else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (plain, place, other) => {
        fc.pre(place !== other)
        expect(() => keys.open(keys.seal(plain, place), other)).toThrow(SealBroken)
      }),
    )
  })

  test('does not open when any bit of it was changed, or any part of it is missing', () => {
    const sealed = keys.seal('access', 'grants access_token izmir')
    const [id = '', text = ''] = sealed.split('.')
    const bytes = Buffer.from(text, 'base64url')
    const changed = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes)
      copy[bit >> 3]! ^= 1 << (bit & 7)
      return copy
    })
    const cut = Array.from({ length: bytes.length }, (_, length) => bytes.subarray(0, length))
    for (const broken of [...changed, ...cut]) {
      expect(() => keys.open(`${id}.${broken.toString('base64url')}`, 'grants access_token izmir')).toThrow(SealBroken)
    }
    for (const broken of ['', '.', id, `${id}.`, `.${text}`, `00000000.${text}`]) {
      expect(() => keys.open(broken, 'grants access_token izmir')).toThrow(SealBroken)
    }
  })

  test('is never sealed twice with the same key and nonce', () => {
    expect(repeatedNonces(keyring([key()]), 20_000)).toBe(0)
  })

  test('is opened by any of the keys, and sealed by the first', () => {
    const [old, fresh] = [key(), key()]
    const before = keyring([old]).seal('access', 'here')
    const both = keyring([fresh, old])
    expect(both.open(before, 'here')).toBe('access')
    expect(both.keyIdOf(both.seal('access', 'here'))).toBe(both.sealingKeyId)
    expect(() => keyring([fresh]).open(before, 'here')).toThrow(/sealed with key [0-9a-f]{8}, which is not among/)
  })
})
