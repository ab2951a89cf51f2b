import { describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../src/store/memory.js'
import type { TokenStore } from '../../src/store/token-store.js'
import { cases } from '../support/proof.js'
import { failure, openClient, openTokenServer, passSeconds, times, tokenServer } from './clients.js'
import type { LoginClient, LoginClientOptions, TokenServer } from './token-server.js'

/** Requests at once where the first test shows it for five hundred, as `npm run proof:properties` has everywhere. */
const CROWD = cases(500)

/** A client of a token server of its own. */
async function startClient(
  kind: Parameters<typeof openClient>[0] = 'password',
  options?: LoginClientOptions,
  lifetime?: unknown,
): Promise<LoginClient> {
  await openTokenServer(lifetime)
  return openClient(kind, options)
}

describe('one refresh', () => {
  test('serves five hundred requests that find the token expired', async () => {
    const client = await startClient()
    await client.get()
    passSeconds(301, client)
    await times(500, () => client.get())
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token'])
    expect(client.events.map(({ reason, outcome }) => `${reason}: ${outcome}`)).toEqual([
      'first use: logged in',
      'expired: refreshed',
    ])
  })

  test('is one look at the store, too: who asks about the same token shares the answer', async () => {
    const inner = memoryStore()
    let [leases, reads] = [0, 0]
    const store: TokenStore = {
      ...inner,
      lease: (...lease) => ((leases += 1), inner.lease(...lease)),
      read: (key) => ((reads += 1), inner.read(key)),
    }
    const client = await startClient('password', { store })
    await client.get()
    passSeconds(301, client)
    leases = reads = 0
    await times(CROWD, () => client.get())
    expect(leases).toBe(1)
    expect(reads).toBeLessThan(10)
  })

  test('is one look at a slow store for all who are refused meanwhile', async () => {
    const inner = memoryStore()
    let reads = 0
    let answer: Promise<unknown> = Promise.resolve()
    const slow: TokenStore = { ...inner, read: async (key) => ((reads += 1), await answer, inner.read(key)) }
    let refused = 0
    const client = await startClient('password', {
      store: slow,
      send: (send) => async (request, options) => {
        const response = await send(request, options)
        if (response.status === 401) refused += 1
        return response
      },
    })
    await client.get()
    tokenServer.revokeAccess()
    reads = 0
    answer = (async () => {
      while (refused < 50) await new Promise((resolve) => setImmediate(resolve))
    })()
    await times(50, () => client.get())
    expect(reads).toBeLessThan(25)
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token'])
  })

  test('serves a crowd of requests that are refused with a token that looks good, each sent again once', async () => {
    const client = await startClient()
    await client.get()
    tokenServer.revokeAccess()
    await times(CROWD, () => client.get())
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token'])
    expect(tokenServer.journal.apiRequests.length).toBeLessThanOrEqual(1 + 2 * CROWD)
  })

  test('and one login follow where the provider killed the refresh token too', async () => {
    const client = await startClient()
    await client.get()
    tokenServer.revokeAccess()
    tokenServer.revokeRefresh()
    await times(CROWD, () => client.get())
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token', 'password'])
  })

  test('is not made for a late refusal of an old token', async () => {
    const client = await startClient()
    await client.get()
    tokenServer.faults.next({ path: /things\/1/, status: 401, delayMs: 150 })
    const late = client.get('/things/1')
    while (tokenServer.journal.apiRequests.length < 2) await new Promise((resolve) => setImmediate(resolve))
    passSeconds(301, client)
    await client.get('/things/2')
    expect(await late).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token'])
  })

  test('happens in the background inside the margin, while the old token serves', async () => {
    const client = await startClient()
    await client.get()
    passSeconds(245, client)
    tokenServer.faults.next({ path: /token/, delayMs: 100 })
    await client.get()
    expect(tokenServer.journal.apiRequests.at(-1)?.headers['authorization']).toBe('Bearer access-1')
    while (!client.events.some(({ reason }) => reason === 'due')) await new Promise((resolve) => setImmediate(resolve))
    await client.get()
    expect(tokenServer.journal.apiRequests.at(-1)?.headers['authorization']).toBe('Bearer access-2')
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token'])
  })

  test('a minute is enough for a token that lives a minute: no refresh per call', async () => {
    const client = await startClient('password', {}, 60)
    for (let second = 0; second < 600; second += 5) {
      await client.get()
      // A refresh in the background ends before the time moves on, as a quick token endpoint would.
      while (client.events.length < tokenServer.grants().length) await new Promise((resolve) => setImmediate(resolve))
      passSeconds(5, client)
    }
    const refreshes = tokenServer.grants().filter((grant) => grant === 'refresh_token')
    expect(refreshes.length).toBeGreaterThanOrEqual(9)
    expect(refreshes.length).toBeLessThanOrEqual(13)
    expect(tokenServer.journal.apiRequests.every(({ status }) => status === 200)).toBe(true)
  })
})

describe('a route that refuses everybody', () => {
  test('costs two refreshes at first, then none for a minute, and one after that', async () => {
    // Four requests the first time: the token of the login twice, as it is so young, and two new ones.
    const client = await startClient('password', { sleep: async () => {} })
    expect((await failure(client.get('/closed'))).code).toBe('PROVIDER_FORBIDDEN')
    expect((await failure(client.get('/closed'))).code).toBe('PROVIDER_FORBIDDEN')
    expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token', 'refresh_token'])
    expect(tokenServer.journal.lines().filter((line) => line === 'GET /closed')).toHaveLength(5)
    passSeconds(61, client)
    await failure(client.get('/closed'))
    expect(tokenServer.grants()).toHaveLength(4)
  })
})

describe('the end of a login', () => {
  test('is remembered: a refused password is never tried again', async () => {
    const client = await startClient('password', { password: 'wrong' })
    const error = await failure(client.get())
    expect(error).toMatchObject({
      code: 'REAUTHORIZATION_REQUIRED',
      details: { reason: 'CREDENTIALS_REJECTED', authorizeUrl: 'http://127.0.0.1/connect/account' },
    })
    await times(50, () => failure(client.get()))
    expect(tokenServer.grants()).toEqual(['password'])
    expect(await client.state()).toMatchObject({
      status: 'REAUTHORIZATION_REQUIRED',
      lastError: { reason: 'CREDENTIALS_REJECTED' },
    })
  })

  test('is remembered even where the store cannot be told: nobody is locked out for a disk that is full', async () => {
    const inner = memoryStore()
    const full: TokenStore = {
      ...inner,
      write: (...row) =>
        row[2].status === 'ACTIVE' ? inner.write(...row) : Promise.reject(new Error('the disk is full')),
    }
    const client = await startClient('password', { store: full })
    await client.get()
    tokenServer.revokeAccess()
    tokenServer.revokeRefresh()
    tokenServer.changePassword()
    for (let turn = 0; turn < 10; turn++) {
      expect((await failure(client.get())).details).toMatchObject({ reason: 'CREDENTIALS_REJECTED' })
      passSeconds(600, client)
    }
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token', 'password'])
  })

  test('is taken back by other credentials in the configuration', async () => {
    const store = memoryStore()
    const client = await startClient('password', { password: 'wrong', store })
    await failure(client.get())
    const corrected = openClient('password', { store })
    expect(await corrected.get()).toEqual({ fine: true })
  })

  test('comes with a refused refresh where only a person can log in again', async () => {
    const client = await startClient('authorization code')
    expect(await client.get()).toEqual({ fine: true })
    tokenServer.revokeRefresh()
    passSeconds(301, client)
    await times(100, () => failure(client.get()))
    expect((await failure(client.get())).details).toMatchObject({ reason: 'INVALID_GRANT' })
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
    const row = await client.store.read('account')
    expect([row?.accessToken, row?.refreshToken]).toEqual([null, null])
  })

  test('does not come with a password that was changed while the refresh token lives', async () => {
    const client = await startClient()
    await client.get()
    tokenServer.changePassword()
    passSeconds(301, client)
    expect(await client.get()).toEqual({ fine: true })
  })
})

describe('trouble at the token endpoint', () => {
  test.each<[string, Parameters<TokenServer['faults']['next']>[0], string]>([
    ['500', { status: 500 }, 'PROVIDER_UNAVAILABLE'],
    ['502', { status: 502, body: '' }, 'PROVIDER_UNAVAILABLE'],
    ['503 in HTML', { status: 503, html: true }, 'PROVIDER_UNAVAILABLE'],
    ['500 that speaks of a refused grant', { status: 500, body: '{"error":"invalid_grant"}' }, 'PROVIDER_UNAVAILABLE'],
    ['a page instead of a token', { status: 200, html: true }, 'PROVIDER_BAD_RESPONSE'],
    ['a page with 401', { status: 401, html: true }, 'PROVIDER_BAD_RESPONSE'],
    ['an empty answer', { status: 200, body: '' }, 'PROVIDER_BAD_RESPONSE'],
    ['a list', { status: 200, body: '[]' }, 'PROVIDER_BAD_RESPONSE'],
    ['text', { status: 200, body: '"access-1"' }, 'PROVIDER_BAD_RESPONSE'],
    [
      'something that is no JSON, in a type of its own',
      { status: 200, body: 'access_token=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      'PROVIDER_BAD_RESPONSE',
    ],
    ['half a token', { status: 200, body: '{"access_token":"acc' }, 'PROVIDER_BAD_RESPONSE'],
    ['five megabytes', { status: 200, body: 'x'.repeat(5_000_000) }, 'PROVIDER_BAD_RESPONSE'],
    ['a way to somewhere else', { status: 302, headers: { location: '/elsewhere' } }, 'PROVIDER_MISCONFIGURED'],
    ['no token in it', { status: 200, body: '{"token_type":"Bearer"}' }, 'PROVIDER_BAD_RESPONSE'],
    [
      'a token of another kind',
      { status: 200, body: '{"access_token":"x","token_type":"mac"}' },
      'PROVIDER_BAD_RESPONSE',
    ],
    ['a wrong client secret', { status: 401, body: '{"error":"invalid_client"}' }, 'PROVIDER_MISCONFIGURED'],
    ['an unknown grant', { status: 400, body: '{"error":"unsupported_grant_type"}' }, 'PROVIDER_MISCONFIGURED'],
    ['too many requests', { status: 429 }, 'PROVIDER_RATE_LIMITED'],
  ])('(%s) ends nothing, is not asked again at once, and heals', async (_, fault, code) => {
    const client = await startClient('authorization code')
    tokenServer.faults.next({ path: /token/, ...fault })
    expect((await failure(client.get())).code).toBe(code)
    await times(20, () => failure(client.get()))
    expect(tokenServer.grants()).toHaveLength(1)
    expect(await client.state()).toMatchObject({ status: 'BACKOFF', lastError: { code, attempts: 1 } })
    expect(JSON.stringify([client.events, await client.state()])).not.toMatch(/access-|elsewhere|xxx/)
    passSeconds(61, client)
    expect(await client.get()).toEqual({ fine: true })
    expect(await client.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  })

  test.each([
    ['twice in ten seconds at most, and then less and less, while it fails', { status: 503 }, 10, 2],
    [
      'once a minute at most, while only the operator can mend it',
      { status: 401, body: '{"error":"invalid_client"}' },
      60,
      1,
    ],
  ])('is asked %s', async (_, fault, seconds, most) => {
    const client = await startClient('authorization code')
    tokenServer.faults.next({ path: /token/, ...fault, times: Infinity })
    const asked: number[] = []
    for (let second = 0; second < 600; second++) {
      const before = tokenServer.grants().length
      await failure(client.get())
      if (tokenServer.grants().length > before) asked.push(second)
      passSeconds(1, client)
    }
    const within = asked.map((from) => asked.filter((at) => at >= from && at < from + seconds).length)
    expect(Math.max(...within)).toBeLessThanOrEqual(most)
    expect(asked.length).toBeGreaterThanOrEqual(4)
    expect(asked.length).toBeLessThanOrEqual(10)
    expect(client.events.filter(({ outcome }) => outcome === 'backing off')).toHaveLength(asked.length)
    tokenServer.faults.clear()
    passSeconds(301, client)
    expect(await client.get()).toEqual({ fine: true })
  })

  test('that does not answer at all is given up after its own time, and frees whoever waits, again and again', async () => {
    const client = await startClient('password', { limits: { tokenTimeoutMs: 200 } })
    await client.get()
    tokenServer.faults.next({ path: /token/, hang: true, times: Infinity })
    passSeconds(250, client)
    for (let turn = 0; turn < 5; turn++) expect(await client.get()).toEqual({ fine: true })
    await client.manager.settle()
    passSeconds(60, client)
    const failures = await times(50, () => failure(client.get()))
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['PROVIDER_TIMEOUT']))
    expect((await client.store.read('account'))!.intent).not.toBeNull()
    tokenServer.faults.clear()
    passSeconds(61, client)
    expect(await client.get()).toEqual({ fine: true })
    expect(client.events.map(({ outcome }) => outcome)).toContain('resumed')
  })

  test('leaves the token in hand serving while it is good', async () => {
    const client = await startClient()
    await client.get()
    passSeconds(250, client)
    tokenServer.faults.next({ path: /token/, status: 500, times: Infinity })
    for (let turn = 0; turn < 10; turn++) expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.grants().length).toBeLessThanOrEqual(2)
  })

  test('after which an answer was lost costs nothing where the provider forgives', async () => {
    const client = await startClient()
    await client.get()
    passSeconds(301, client)
    tokenServer.faults.next({ path: /token/, reset: true })
    expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['password', 'refresh_token', 'refresh_token'])
    expect(client.events.map(({ outcome }) => outcome)).toEqual(['logged in', 'outcome unknown', 'refreshed'])
  })

  test('after which the rotation is lost is named as that, where only a person can help', async () => {
    const client = await startClient('authorization code')
    await client.get()
    passSeconds(301, client)
    tokenServer.faults.next({ path: /token/, reset: 'afterProcessing' })
    expect((await failure(client.get())).details).toMatchObject({ reason: 'ROTATION_LOST' })
    await times(10, () => failure(client.get()))
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token', 'refresh_token'])
  })
})

describe('the store', () => {
  test('holds the new token before anyone uses it', async () => {
    const order: string[] = []
    const inner = memoryStore()
    const store: TokenStore = {
      ...inner,
      write: async (...row) => {
        order.push(`write while the server had seen ${tokenServer.journal.apiRequests.length} reads`)
        return inner.write(...row)
      },
    }
    const client = await startClient('password', { store })
    await client.get()
    expect(order).toEqual(['write while the server had seen 0 reads'])
  })

  test('that cannot write keeps the token from being used, and from being lost', async () => {
    const inner = memoryStore()
    let broken = false
    const store: TokenStore = {
      ...inner,
      write: (...row) => (broken ? Promise.reject(new Error('disk full')) : inner.write(...row)),
    }
    const client = await startClient('authorization code', { store, sleep: async () => {} })
    await client.get()
    passSeconds(301, client)
    broken = true
    expect((await failure(client.get())).code).toBe('CREDENTIALS_UNAVAILABLE')
    expect(tokenServer.journal.apiRequests).toHaveLength(1)
    broken = false
    expect(await client.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
    expect(client.events.map(({ outcome }) => outcome)).toEqual([
      'refreshed',
      'not stored',
      'store unavailable',
      'refreshed',
    ])
  })

  test('shared by two managers sees one refresh, and a race is recovered without the lease', async () => {
    const inner = memoryStore()
    const leaseless: TokenStore = { ...inner, lease: async () => true, prolong: async () => true }
    const one = await startClient('authorization code', { store: leaseless })
    const two = openClient('authorization code', { store: leaseless })
    await one.get()
    await two.get()
    for (let round = 0; round < 50; round++) {
      one.clock.advance(301_000)
      two.clock.advance(301_000)
      tokenServer.clock.advance(301_000)
      await Promise.all([one.get(), two.get()])
    }
    expect(await one.state()).toMatchObject({ status: 'ACTIVE' })
  })
})

test('nothing in an event or in a shown state is a secret', async () => {
  const client = await startClient('password', { password: 'right' })
  await client.get()
  const { inspect } = await import('node:util')
  const shown = inspect([client.events, await client.state(), await client.store.read('account'), client.manager], {
    depth: 20,
    showHidden: true,
  })
  expect(shown).not.toMatch(/access-1|refresh-1|"right"|'right'/)
})
