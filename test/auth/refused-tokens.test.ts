import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { memoryStore } from '../../src/store/memory.js'
import { failure, openClient, openTokenServer, outcomes, passSeconds, times, tokenServer } from './clients.js'
import { generator, replicaRounds } from './replica-rounds.js'

const NO_PAUSE = { sleep: async () => {} }

describe('two replicas', () => {
  test('of which one holds an old and the store a newer token, both revoked, refresh once and answer', async () => {
    await openTokenServer()
    const store = memoryStore()
    const [one, two] = [openClient('password', { store, ...NO_PAUSE }), openClient('password', { store, ...NO_PAUSE })]
    await one.get()
    await two.get()
    tokenServer.revokeAccess()
    await one.get()
    tokenServer.revokeAccess()
    tokenServer.journal.clear()
    expect(await two.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['refresh_token'])
    expect(await one.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toHaveLength(1)
  })

  test('refresh once a round, and no query fails, whoever holds which of the revoked tokens', async () => {
    await openTokenServer()
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { failed, refreshes } = await replicaRounds(20, generator(seed))
        expect({ failed, refreshes }).toEqual({ failed: [], refreshes: Array(20).fill(1) })
      }),
      { numRuns: 5 },
    )
  }, 60_000)
})

describe('tokens that run out while requests wait for their turn', () => {
  test.each([3, 5, 8])(
    '(of %d s, at a slow server) cost one refresh each, and every query of a hundred answers',
    async (seconds) => {
      await openTokenServer(seconds)
      const client = openClient('password', { limits: { providerTimeoutMs: 30_000 }, concurrency: 4 })
      await client.get()
      passSeconds(seconds, client)
      tokenServer.journal.clear()
      // Each answer takes a fifth of the lifetime on both clocks.
      tokenServer.onRead(() => passSeconds(seconds / 40, client))
      expect(await times(100, () => client.get())).toEqual(Array(100).fill({ fine: true }))
      const ranOut = new Set(
        tokenServer.journal.apiRequests
          .filter(({ status }) => status === 401)
          .map(({ headers }) => headers['authorization']),
      )
      expect(tokenServer.grants()).toHaveLength(ranOut.size)
      expect(await client.get()).toEqual({ fine: true })
    },
    60_000,
  )
})

test.each([1, 2, 3])(
  'a token that ran out on its way %i times in a row is no refusal: the next one is tried',
  async (count) => {
    await openTokenServer()
    const client = openClient('password', NO_PAUSE)
    await client.get()
    tokenServer.revokeAccess()
    let reads = 0
    tokenServer.onRead(() => {
      reads += 1
      if (reads > 1 && reads <= 1 + count) passSeconds(301, client)
    })
    expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['password', ...Array<string>(1 + count).fill('refresh_token')])
    expect(await client.get()).toEqual({ fine: true })
  },
)

describe('a token that has just been made and is refused for a moment', () => {
  test('lets the one before it serve while that is good: neither a second refresh nor a pause', async () => {
    await openTokenServer()
    const pauses: number[] = []
    const client = openClient('password', { sleep: async (ms) => void pauses.push(ms) })
    await client.get()
    passSeconds(250, client)
    await client.get()
    await client.manager.settle()
    tokenServer.faults.next({ path: /things/, freshToken: true, status: 401, body: '{}', times: 1 })
    expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.journal.apiRequests.at(-1)?.headers['authorization']).toBe('Bearer access-1')
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token'])
    expect(pauses).toEqual([])
    expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.journal.apiRequests.at(-1)?.headers['authorization']).toBe('Bearer access-2')
  })

  test.each([
    ['of a login', 0, ['password']],
    ['of a refresh', 301, ['password', 'refresh_token']],
  ])('(%s) is sent again after a pause: no second login, and not FORBIDDEN', async (_, seconds, grants) => {
    await openTokenServer()
    const pauses: number[] = []
    const client = openClient('password', { sleep: async (ms) => void pauses.push(ms) })
    if (seconds > 0) await client.get()
    passSeconds(seconds, client)
    tokenServer.faults.next({ path: /things/, freshToken: true, status: 401, body: '{}', times: Infinity })
    expect(await times(20, () => client.get())).toEqual(Array(20).fill({ fine: true }))
    expect(tokenServer.grants()).toEqual(grants)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_000)
  })

  test('is refused for good by a route that refuses everybody, at four requests, and then one', async () => {
    await openTokenServer()
    const client = openClient('password', NO_PAUSE)
    await client.get()
    passSeconds(100, client)
    expect((await failure(client.get('/closed'))).code).toBe('PROVIDER_FORBIDDEN')
    const asked = tokenServer.journal.apiRequests.length
    expect((await failure(client.get('/closed'))).code).toBe('PROVIDER_FORBIDDEN')
    expect(tokenServer.journal.apiRequests).toHaveLength(asked + 1)
  })
})

describe('two revocations of all tokens, one right after the other', () => {
  const refreshedOnce = async (kind: 'password' | 'authorization code') => {
    await openTokenServer()
    const client = openClient(kind, NO_PAUSE)
    for (const path of ['/things', '/things/1']) await client.get(path)
    tokenServer.revokeAccess()
    expect(await client.get()).toEqual({ fine: true })
    tokenServer.journal.clear()
    return client
  }
  /** Revokes all tokens as these reads arrive, counted from 1. */
  const revokeAtReads = (...at: readonly number[]) => {
    let reads = 0
    tokenServer.onRead(() => {
      reads += 1
      if (at.includes(reads)) tokenServer.revokeAccess()
    })
  }

  test.each(['password', 'authorization code'] as const)(
    '(%s) cost a refresh each, and fail no query, though nothing ever accepted the token between them',
    async (kind) => {
      const client = await refreshedOnce(kind)
      revokeAtReads(1, 2)
      expect(await client.get()).toEqual({ fine: true })
      expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
    },
  )

  test.each([20, 50])('cost a refresh each under load (of %i queries at once), and fail none', async (count) => {
    const client = await refreshedOnce('authorization code')
    revokeAtReads(1, count + 1 + Math.floor(count / 2))
    const asked = await times(count, () => client.get())
    expect(asked).toEqual(Array(count).fill({ fine: true }))
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('fail no query on a route that was never asked before', async () => {
    await openTokenServer()
    const client = openClient('authorization code', NO_PAUSE)
    revokeAtReads(1, 2)
    expect(await client.get()).toEqual({ fine: true })
  })

  test('close no route: a third one within the minute costs a refresh and is not told', async () => {
    const client = await refreshedOnce('authorization code')
    revokeAtReads(1, 2, 6)
    for (let asked = 0; asked < 3; asked += 1) expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toHaveLength(3)
  })

  test('may be four on a route that has accepted other tokens, though none of these was ever used', async () => {
    const client = await refreshedOnce('authorization code')
    revokeAtReads(1, 2, 4, 5)
    expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toHaveLength(4)
  })

  test('may be four where the route has accepted each token before: it was revoked, whatever refuses it', async () => {
    await openTokenServer()
    let revocations = 0
    const client = openClient('authorization code', {
      ...NO_PAUSE,
      // The route accepts each token for another query just before all are revoked.
      send: (send) => async (request, options) => {
        if (request.url.endsWith('/things/1') && revocations < 4) {
          revocations += 1
          await client.get('/things/2')
          tokenServer.revokeAccess()
        }
        return send(request, options)
      },
    })
    expect(await client.get('/things/1')).toEqual({ fine: true })
    expect(tokenServer.grants()).toHaveLength(5)
  })
})

describe('a route that the login lacks the rights for', () => {
  test('costs a second refresh at first, and one a minute from then on', async () => {
    await openTokenServer()
    const client = openClient('authorization code', NO_PAUSE)
    await client.get()
    tokenServer.journal.clear()
    for (let minute = 0; minute < 3; minute += 1) {
      for (let asked = 0; asked < 5; asked += 1)
        expect((await failure(client.get('/closed'))).code).toBe('PROVIDER_FORBIDDEN')
      expect(tokenServer.grants()).toHaveLength(2 + minute)
      passSeconds(61, client)
    }
  })

  test('costs four refreshes where it had them before, and one a minute from then on', async () => {
    await openTokenServer()
    const client = openClient('authorization code', NO_PAUSE)
    tokenServer.setRights(true)
    await client.get('/closed')
    tokenServer.setRights(false)
    tokenServer.journal.clear()
    for (let minute = 0; minute < 3; minute += 1) {
      for (let asked = 0; asked < 5; asked += 1)
        expect((await failure(client.get('/closed'))).code).toBe('PROVIDER_FORBIDDEN')
      expect(tokenServer.grants()).toHaveLength(4 + minute)
      passSeconds(61, client)
    }
  })

  test('answers as soon as they are given, and a revocation then costs a refresh at once', async () => {
    await openTokenServer()
    const client = openClient('authorization code', NO_PAUSE)
    await failure(client.get('/closed'))
    tokenServer.setRights(true)
    expect(await client.get('/closed')).toEqual({ fine: true })
    tokenServer.revokeAccess()
    expect(await client.get('/things')).toEqual({ fine: true })
    tokenServer.revokeAccess()
    expect(await client.get('/closed')).toEqual({ fine: true })
  })
})

describe('a login that is sent to a server in trouble', () => {
  test('is repeated once where the connection is reset before any answer', async () => {
    await openTokenServer()
    tokenServer.faults.next({ path: /token/, reset: true })
    expect(await openClient('password').get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['password', 'password'])
  })

  test('is not repeated a second time', async () => {
    await openTokenServer()
    tokenServer.faults.next({ path: /token/, reset: true, times: 9 })
    await failure(openClient('password').get())
    expect(tokenServer.grants()).toHaveLength(2)
  })

  test.each(['password', 'authorization code'] as const)('(%s) is repeated after a 408', async (kind) => {
    await openTokenServer()
    tokenServer.faults.next({ path: /token/, status: 408, headers: { connection: 'close' } })
    const client = openClient(kind)
    expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toHaveLength(2)
    expect(outcomes(client)).not.toContain('backing off')
  })

  test.each([
    [408, 'PROVIDER_UNAVAILABLE'],
    [503, 'PROVIDER_UNAVAILABLE'],
    [500, 'PROVIDER_UNAVAILABLE'],
    [403, 'PROVIDER_RATE_LIMITED'],
    [429, 'PROVIDER_RATE_LIMITED'],
  ])('is not sent again before the time of a %i with Retry-After, which is told', async (status, code) => {
    await openTokenServer()
    const client = openClient('password')
    tokenServer.faults.next({ path: /token/, status, headers: { 'retry-after': '30' } })
    expect(await failure(client.get())).toMatchObject({ code, details: { retryAfterMs: 30_000 }, retryable: true })
    passSeconds(28, client)
    const waiting = await failure(client.get())
    expect(waiting).toMatchObject({ code, retryable: true })
    expect(Number(waiting.details['retryAfterMs'])).toBeLessThanOrEqual(2_000)
    expect(tokenServer.grants()).toHaveLength(1)
    passSeconds(3, client)
    expect(await client.get()).toEqual({ fine: true })
  })
})
