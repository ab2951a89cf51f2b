import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { loginClient } from './token-server.js'
import { failure, tokenServer, openClient, openTokenServer, passSeconds } from './clients.js'

describe('what an answer says', () => {
  test.each([
    ['is absent', ({ refresh_token: _, ...rest }: Record<string, unknown>) => rest],
    ['is empty', (answer: Record<string, unknown>) => ({ ...answer, refresh_token: '' })],
    ['is null', (answer: Record<string, unknown>) => ({ ...answer, refresh_token: null })],
  ])('keeps the old refresh token where the new one %s', async (_, change) => {
    await openTokenServer()
    const client = openClient('password')
    await client.get()
    const kept = (await client.store.read('account'))!.refreshToken!.reveal()
    tokenServer.alterAnswers(change)
    passSeconds(301, client)
    await client.get()
    expect((await client.store.read('account'))!.refreshToken!.reveal()).toBe(kept)
  })

  test.each<unknown>(['bearer', 'BEARER', 'Bearer', undefined, null, ''])(
    'is a bearer token when it says %p',
    async (tokenType) => {
      await openTokenServer()
      tokenServer.alterAnswers(({ token_type: _, ...answer }) => ({
        ...answer,
        ...(tokenType !== undefined && { token_type: tokenType }),
      }))
      expect(await openClient('password').get()).toEqual({ fine: true })
    },
  )

  test('of scopes is shown: fewer than before are fewer, and none said are the ones there were', async () => {
    await openTokenServer()
    const client = openClient('password')
    const seen: (readonly string[])[] = []
    for (const scope of ['cdr call_record', 'cdr', undefined, '']) {
      tokenServer.alterAnswers((answer) => ({ ...answer, ...(scope !== undefined && { scope }) }))
      await client.get()
      seen.push((await client.state()).scopes)
      passSeconds(301, client)
    }
    expect(seen).toEqual([['cdr', 'call_record'], ['cdr'], ['cdr'], []])
  })

  test.each<[unknown, string[]]>([
    [
      ['cdr', 'call_record'],
      ['cdr', 'call_record'],
    ],
    ['cdr,call_record', ['cdr', 'call_record']],
    ['cdr, call_record  profile', ['cdr', 'call_record', 'profile']],
    [
      ['cdr call_record', 'profile'],
      ['cdr', 'call_record', 'profile'],
    ],
    [[], []],
    [['cdr', 7], []],
    [{ cdr: true }, []],
    [null, []],
  ])('of scopes, spelled %j, is told as %j', async (scope, scopes) => {
    await openTokenServer()
    tokenServer.alterAnswers((answer) => ({ ...answer, scope }))
    const client = openClient('password')
    expect(await client.get()).toEqual({ fine: true })
    expect((await client.state()).scopes).toEqual(scopes)
  })

  test.each(['\n', '\r\n', ' ', '\t\n\n', '\u00a0'])(
    'of tokens that end in %j is read without that, and sent, also after a refresh',
    async (end) => {
      await openTokenServer()
      tokenServer.alterAnswers((answer) => ({
        ...answer,
        access_token: `${String(answer['access_token'])}${end}`,
        refresh_token: `${end}${String(answer['refresh_token'])}${end}`,
      }))
      const client = openClient('password')
      expect(await client.get()).toEqual({ fine: true })
      passSeconds(301, client)
      expect(await client.get()).toEqual({ fine: true })
      expect(tokenServer.grants()).toEqual(['password', 'refresh_token'])
    },
  )

  test.each(['a b', 'a\nb', 'a\u0000b', 'gül', '\n', ' ', 7, ['a'], { a: 1 }])(
    'of a token that no header could carry (%j) is a bad response, and not an outage',
    async (token) => {
      await openTokenServer()
      tokenServer.alterAnswers((answer) => ({ ...answer, access_token: token }))
      const error = await failure(openClient('password').get())
      expect(error).toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', details: { reason: 'TOKEN_RESPONSE' } })
    },
  )

  test('of the end of a refresh token is not believed where only a person could log in: the endpoint is asked', async () => {
    await openTokenServer()
    tokenServer.alterAnswers((answer) => ({ ...answer, refresh_expires_in: 2 }))
    const client = openClient('authorization code')
    await client.get()
    passSeconds(2.5, client)
    tokenServer.revokeAccess()
    expect(await client.get()).toEqual({ fine: true })
    passSeconds(3_600, client)
    expect(await client.get()).toEqual({ fine: true })
    tokenServer.revokeRefresh()
    passSeconds(301, client)
    expect((await failure(client.get())).code).toBe('REAUTHORIZATION_REQUIRED')
  })

  test('is taken as it is where the refresh token stays the same', async () => {
    await openTokenServer()
    const client = openClient('password')
    tokenServer.alterAnswers((answer) => ({ ...answer, refresh_token: 'refresh-1' }))
    await client.get()
    passSeconds(301, client)
    await client.get()
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token'])
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
    await openTokenServer()
    tokenServer.alterAnswers(({ expires_in: _one, ...answer }) => ({
      ...answer,
      ...(value !== undefined && { expires_in: value }),
    }))
    const client = openClient('password')
    for (let second = 0; second < 120; second += 5) {
      await client.get()
      await client.manager.settle()
      passSeconds(5, client)
    }
    // At most one per thirty seconds, and those fetched early.
    expect(tokenServer.grants().length).toBeLessThanOrEqual(6)
    const row = (await client.store.read('account'))!
    expect(row.lifetimeSeconds).toBeGreaterThanOrEqual(30)
    expect(row.lifetimeSeconds).toBeLessThanOrEqual(86_400)
    expect((await client.state()).expiresAt).toMatch(/Z$/)
  })

  test('of the refresh token’s lifetime is stored as something finite, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        await openTokenServer()
        tokenServer.alterAnswers((answer) => ({ ...answer, refresh_expires_in: value }))
        const client = loginClient(tokenServer)
        try {
          await client.get()
          const { refreshExpiresAt } = (await client.store.read('account'))!
          expect(refreshExpiresAt ?? Infinity).toBeGreaterThan(Date.now())
        } finally {
          await client.close()
          await tokenServer.close()
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
    await openTokenServer()
    const client = openClient('password')
    const value = text === 'date' ? new Date(tokenServer.clock.now() + 45_000).toUTCString() : text
    tokenServer.faults.next({
      path: /token/,
      status: 429,
      headers: {
        date: new Date(tokenServer.clock.now()).toUTCString(),
        ...(value !== null && { 'retry-after': value }),
      },
    })
    const error = await failure(client.get())
    expect(error).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' })
    expect(Number(error.details['retryAfterMs']) / 1000).toBeGreaterThan(seconds - 2)
    expect(Number(error.details['retryAfterMs']) / 1000).toBeLessThanOrEqual(seconds)
    passSeconds(seconds - 3, client)
    await failure(client.get())
    expect(tokenServer.grants()).toHaveLength(1)
    passSeconds(4, client)
    expect(await client.get()).toEqual({ fine: true })
  })
})
