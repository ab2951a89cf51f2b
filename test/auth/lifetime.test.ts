import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { password } from '../../src/auth/flows/password.js'
import { grantedRow } from '../../src/auth/granted-row.js'
import { believedLifetime, marginSeconds, tokenPhase } from '../../src/auth/lifetime.js'
import { Secret } from '../../src/secret.js'
import { cases } from '../support/proof.js'

describe('the lifetime of a token', () => {
  test.each<[unknown, number]>([
    [7200, 7200],
    [60, 60],
    ['300', 300],
    [0, 300],
    [-1, 300],
    ['0', 300],
    ['-3600', 300],
    [-1e308, 300],
    [0.5, 30],
    [300_000, 86_400],
    [1e308, 86_400],
    ['abc', 300],
    [undefined, 300],
    [null, 300],
    ['never', 300],
    [{ seconds: 60 }, 300],
  ])('that is said to be %p is believed to be %p s', (expiresIn, believed) => {
    expect(believedLifetime(expiresIn)).toBe(believed)
  })

  test('is never endless, whatever JSON says it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const lifetime = believedLifetime(value)
        expect(lifetime).toBeGreaterThanOrEqual(30)
        expect(lifetime).toBeLessThanOrEqual(86_400)
      }),
      { numRuns: cases(10_000) },
    )
  })

  test('is stored as a number that ends, and so is that of the refresh token, whatever a whole answer says of both', async () => {
    const NOW = 1_770_000_000_000
    const flow = password({
      endpoint: { url: 'https://login.example/token', client: { client_id: 'shop' } },
      ...{ username: 'ada', password: new Secret('right'), isExpired: () => false },
    })
    const claims = (exp: unknown) => `e30.${Buffer.from(JSON.stringify({ exp, iat: 1 })).toString('base64url')}.`
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (expiresIn, refreshExpiresIn, exp) => {
        const body = JSON.stringify({
          ...{ access_token: claims(exp), refresh_token: 'refresh', expires_in: expiresIn },
          refresh_expires_in: refreshExpiresIn,
        })
        const grant = await flow.acquire!(async () => ({ status: 200, headers: {}, body, receivedAt: NOW }), null)
        const row = grantedRow(flow, { now: () => NOW, monotonic: () => 0 }, grant, null)
        expect(row.lifetimeSeconds).toBeGreaterThanOrEqual(30)
        expect(row.lifetimeSeconds).toBeLessThanOrEqual(86_400)
        expect(Number.isSafeInteger(Math.round(row.refreshExpiresAt ?? NOW))).toBe(true)
        expect(row.refreshExpiresAt ?? Infinity).toBeGreaterThan(NOW)
      }),
      { numRuns: cases(10_000) },
    )
  })

  test('is the documented one when the answer has none', () => {
    expect(believedLifetime(undefined, 7200)).toBe(7200)
  })
})

describe('the margin', () => {
  test('is a minute for long lives and a fifth for short ones, spread by a fifth either way', () => {
    expect(marginSeconds(7200, 0)).toBeCloseTo(48)
    expect(marginSeconds(7200, 1)).toBeCloseTo(72)
    expect(marginSeconds(300, 0.5)).toBe(60)
    expect(marginSeconds(60, 0.5)).toBe(12)
  })

  test.each([
    [0, 'fresh'],
    [239, 'fresh'],
    [240, 'due'],
    [299, 'due'],
    [300, 'expired'],
  ] as const)('at %p s a 5-minute token is %s', (age, state) => {
    expect(tokenPhase(age, 300, 60)).toBe(state)
  })

  test('does not matter to what never runs out', () => {
    expect(tokenPhase(1e9, null, 0)).toBe('fresh')
  })
})
