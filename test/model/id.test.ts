import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { globalId, parseGlobalId } from '../../src/model/id.js'

describe('global ids', () => {
  test('come apart into what they were made of, whatever the provider calls its object', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9-]{1,64}$/),
        fc.string({ maxLength: 200, unit: 'grapheme' }),
        (account, native) => {
          expect(parseGlobalId(globalId('CallRecord', account, native))).toEqual({
            type: 'CallRecord',
            account,
            native,
          })
        },
      ),
    )
  })

  test('are the base64url of their parts, whichever were made before them', () => {
    const codes = { Did: 'D', Extension: 'E', CallRecord: 'C' } as const
    const id = fc.record({
      type: fc.constantFrom(...(Object.keys(codes) as (keyof typeof codes)[])),
      account: fc.stringMatching(/^[a-z0-9-]{1,5}$/),
      native: fc.string({ maxLength: 40, unit: 'binary' }),
    })
    fc.assert(
      fc.property(fc.array(id, { maxLength: 8 }), (ids) => {
        for (const { type, account, native } of ids) {
          const whole = Buffer.from(`${codes[type]}:${account}:${native}`, 'utf8').toString('base64url')
          expect(globalId(type, account, native)).toBe(whole)
        }
      }),
    )
  })

  test('are never two for one object, so a changed spelling is an object that does not exist', () => {
    const id = globalId('Did', 'istanbul', '41')
    expect(parseGlobalId(`${id}=`)).toBeNull()
    expect(parseGlobalId(`${id} `)).toBeNull()
    expect(parseGlobalId('')).toBeNull()
    expect(parseGlobalId('a'.repeat(5000))).toBeNull()
    expect(parseGlobalId(globalId('Did', 'istanbul', '4\0'))).toBeNull()
  })

  test('hold nothing that an URL would have to escape', () => {
    expect(globalId('CallRecord', 'praha', '1770798667.501/ř?&')).toMatch(/^[\w-]+$/)
  })
})
