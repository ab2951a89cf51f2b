import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { guest } from './token-server.js'
import { failure, house, join, open, pass } from './clients.js'

describe('what an answer says', () => {
  test.each([
    ['is absent', ({ refresh_token: _, ...rest }: Record<string, unknown>) => rest],
    ['is empty', (answer: Record<string, unknown>) => ({ ...answer, refresh_token: '' })],
    ['is null', (answer: Record<string, unknown>) => ({ ...answer, refresh_token: null })],
  ])('keeps the old refresh token where the new one %s', async (_, change) => {
    await open()
    const visitor = join('password')
    await visitor.get()
    const kept = (await visitor.store.read('house'))!.refreshToken!.reveal()
    house.alterAnswers(change)
    pass(301, visitor)
    await visitor.get()
    expect((await visitor.store.read('house'))!.refreshToken!.reveal()).toBe(kept)
  })

  test.each(['bearer', 'BEARER', 'Bearer', undefined])('is a bearer token when it says %s', async (tokenType) => {
    await open()
    house.alterAnswers(({ token_type: _, ...answer }) => ({
      ...answer,
      ...(tokenType !== undefined && { token_type: tokenType }),
    }))
    expect(await join('password').get()).toEqual({ fine: true })
  })

  test('of scopes is shown: fewer than before are fewer, and none said are the ones there were', async () => {
    await open()
    const visitor = join('password')
    const seen: (readonly string[])[] = []
    for (const scope of ['cdr call_record', 'cdr', undefined, '']) {
      house.alterAnswers((answer) => ({ ...answer, ...(scope !== undefined && { scope }) }))
      await visitor.get()
      seen.push((await visitor.state()).scopes)
      pass(301, visitor)
    }
    expect(seen).toEqual([['cdr', 'call_record'], ['cdr'], ['cdr'], []])
  })

  test('is taken as it is where the refresh token stays the same', async () => {
    await open()
    const visitor = join('password')
    house.alterAnswers((answer) => ({ ...answer, refresh_token: 'refresh-1' }))
    await visitor.get()
    pass(301, visitor)
    await visitor.get()
    expect(house.grants()).toEqual(['password', 'refresh_token'])
  })

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['0', 0],
    ['negative', -1],
    ['text', 'abc'],
    ['text that says never', 'never'],
    ['1e308', 1e308],
    ['a list', [300]],
    ['an object', { seconds: 300 }],
    ['a hundredth', 0.01],
    ['milliseconds by mistake', 300_000],
  ])('of a lifetime that is %s makes neither a loop nor a token for ever', async (_, value) => {
    await open()
    house.alterAnswers(({ expires_in: _one, ...answer }) => ({
      ...answer,
      ...(value !== undefined && { expires_in: value }),
    }))
    const visitor = join('password')
    for (let second = 0; second < 120; second += 5) {
      await visitor.get()
      await visitor.manager.settle()
      pass(5, visitor)
    }
    // At most one in thirty seconds, less what is fetched ahead of time.
    expect(house.grants().length).toBeLessThanOrEqual(6)
    const row = (await visitor.store.read('house'))!
    expect(row.lifetimeSeconds).toBeGreaterThanOrEqual(30)
    expect(row.lifetimeSeconds).toBeLessThanOrEqual(86_400)
    expect((await visitor.state()).expiresAt).toMatch(/Z$/)
  })

  test('of the refresh token’s lifetime is stored as something finite, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        await open()
        house.alterAnswers((answer) => ({ ...answer, refresh_expires_in: value }))
        const visitor = guest(house)
        try {
          await visitor.get()
          const { refreshExpiresAt } = (await visitor.store.read('house'))!
          expect(refreshExpiresAt ?? Infinity).toBeGreaterThan(Date.now())
        } finally {
          await visitor.close()
          await house.close()
        }
      }),
      { numRuns: 30 },
    )
  })

  test.each<[string, string | null, number]>([
    ['30', '30', 30],
    ['nothing', null, 60],
    ['a negative number', '-5', 60],
    ['far too much', '1e9', 60],
    ['a million seconds', '1000000', 900],
    ['a date', 'date', 45],
    ['nonsense', 'soon', 60],
  ])('of waiting that is %s keeps us away for so long, and no longer', async (_, text, seconds) => {
    await open()
    const visitor = join('password')
    const value = text === 'date' ? new Date(house.clock.now() + 45_000).toUTCString() : text
    house.faults.next({
      path: /token/,
      status: 429,
      headers: { date: new Date(house.clock.now()).toUTCString(), ...(value !== null && { 'retry-after': value }) },
    })
    const error = await failure(visitor.get())
    expect(error).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' })
    expect(Number(error.details['retryAfterMs']) / 1000).toBeGreaterThan(seconds - 2)
    expect(Number(error.details['retryAfterMs']) / 1000).toBeLessThanOrEqual(seconds)
    pass(seconds - 3, visitor)
    await failure(visitor.get())
    expect(house.grants()).toHaveLength(1)
    pass(4, visitor)
    expect(await visitor.get()).toEqual({ fine: true })
  })
})
