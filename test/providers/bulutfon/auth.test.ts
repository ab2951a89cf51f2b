import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { isExpired } from '../../../src/providers/bulutfon/auth.js'

describe('an answer says that the token has run out', () => {
  test.each([
    [200, '{"error": "Token expired"}'],
    [400, '{"error":"Token expired"}'],
    [403, '{"error":"Your token has EXPIRED"}'],
    [401, '{"error":"Unauthorized"}'],
    [401, ''],
  ])('%i %s', (status, body) => {
    expect(isExpired({ status, body })).toBe(true)
  })
})

describe('an answer says nothing of the token', () => {
  test.each([
    [200, '{"dids":[]}'],
    [200, `{"cdrs":[{"hangup_cause":"TOKEN_EXPIRED"}],"error":null}`],
    [403, '{"error":"Forbidden"}'],
    [404, '{"error":"Not found"}'],
    [500, '<html>"error": expired</html>'],
    [200, `{"error":"expired","padding":"${' '.repeat(2_000)}"}`],
  ])('%i %s', (status, body) => {
    expect(isExpired({ status, body })).toBe(false)
  })

  test('however often its records speak of expired tokens', () => {
    const phrase = fc.constantFrom(
      'Token expired',
      '{"error":"Token expired"}',
      'token_not_valid',
      '"error": "expired"',
    )
    const note = fc.tuple(fc.string(), phrase, fc.string()).map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom('error', 'note', 'caller_name', 'detail'), note)),
        (records) => {
          for (const body of [{ cdrs: records }, { extension: records[0] ?? {} }, records, { error: records }])
            expect(isExpired({ status: 200, body: JSON.stringify(body) })).toBe(false)
        },
      ),
    )
  })
})
