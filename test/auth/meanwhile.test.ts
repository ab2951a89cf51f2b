import { describe, expect, test } from '@jest/globals'

import { Secret } from '../../src/secret.js'
import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { movingClock, type LoginClient, type LoginClientOptions } from './token-server.js'
import {
  failure,
  gate,
  tokenServer,
  openClient,
  openTokenServer,
  outcomes,
  passSeconds,
  times,
  until,
} from './clients.js'

describe('while a token is being replaced', () => {
  const redeem = ({ login }: LoginClient, code = 'good') =>
    login.redeem({ code, redirectUri: 'http://127.0.0.1/', codeVerifier: new Secret('verifier') })
  /** A refresh whose response waits for the gate. */
  async function underWay(client: LoginClient, seconds = 301) {
    passSeconds(seconds, client)
    const answer = gate()
    const before = tokenServer.grants().length
    tokenServer.faults.next({ path: /token/, until: answer.passed })
    const refreshed = client.get()
    await until(() => tokenServer.grants().length > before)
    return { refreshed, ...answer }
  }

  test('a person logs in: theirs is the login that stays, and everybody is served with it', async () => {
    await openTokenServer()
    const client = openClient('authorization code')
    await client.get()
    const { refreshed, open: answer } = await underWay(client)
    await redeem(client)
    const theirs = (await client.store.read('account'))!.accessToken!.reveal()
    answer()
    expect(await refreshed).toEqual({ fine: true })
    expect(await client.get()).toEqual({ fine: true })
    expect((await client.store.read('account'))!.accessToken!.reveal()).toBe(theirs)
    expect(tokenServer.journal.apiRequests.at(-1)!.headers['authorization']).toBe(`Bearer ${theirs}`)
  })

  test('and is then refused for good, a person logs in: the end of the old login is not the end of the new one', async () => {
    await openTokenServer()
    const client = openClient('authorization code')
    await client.get()
    tokenServer.revokeRefresh()
    const { refreshed, open: answer } = await underWay(client)
    await redeem(client)
    answer()
    expect(await refreshed).toEqual({ fine: true })
    expect(await client.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  })

  test('ahead of time, the old one is refused: who is refused waits for the same answer', async () => {
    await openTokenServer()
    const client = openClient('authorization code')
    await client.get()
    const { refreshed, open: answer } = await underWay(client, 250)
    expect(await refreshed).toEqual({ fine: true })
    tokenServer.revokeAccess()
    const refused = client.get()
    await until(() => tokenServer.journal.apiRequests.at(-1)?.status === 401)
    answer()
    expect(await refused).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('a person’s code is exchanged for an account that is unlinked meanwhile: its tokens are handed over to be revoked', async () => {
    await openTokenServer()
    const store = memoryStore()
    const orphans: string[] = []
    const client = openClient('authorization code', {
      ...{ store, key: 'shop~mark', refreshToken: null },
      orphaned: (key, _flow, { accessToken }) => void orphans.push(`${key} ${accessToken!.reveal()}`),
    })
    const account = { link: 'mark', key: 'shop', workspace: 'default', provider: 'account', label: 'Shop' }
    await store.link({ ...account, settings: new Secret('{}'), pendingUntil: 500 }, new Map(), 5, 0)
    const answer = gate()
    tokenServer.faults.next({ path: /token/, until: answer.passed })
    const redeemed = failure(redeem(client))
    await until(() => tokenServer.grants().length === 1)
    await store.unlink('mark', () => [])
    answer.open()
    expect((await redeemed).code).toBe('CREDENTIALS_UNAVAILABLE')
    expect(await store.read('shop~mark')).toBeNull()
    expect(orphans).toEqual(['shop~mark access-1'])
  })
})

describe('what could not be stored', () => {
  async function keeping(options: LoginClientOptions = {}) {
    await openTokenServer()
    const inner = memoryStore()
    let broken = false
    const store: Store = {
      ...inner,
      write: (...row) => (broken ? Promise.reject(new Error('disk full')) : inner.write(...row)),
    }
    const client = openClient('authorization code', { ...options, store, sleep: async () => {} })
    await client.get()
    passSeconds(301, client)
    broken = true
    expect((await failure(client.get())).code).toBe('CREDENTIALS_UNAVAILABLE')
    broken = false
    return { client, store: inner }
  }

  test('is stored before the process ends, so that the next one goes on with it', async () => {
    const { client, store } = await keeping()
    await client.manager.settle()
    const next = openClient('authorization code', { store, clock: client.clock })
    expect(await next.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('is handed over to be revoked when its account is unlinked before that', async () => {
    const orphans: string[] = []
    const { client } = await keeping({
      orphaned: (key, _flow, { refreshToken }) => void orphans.push(`${key} ${refreshToken!.reveal()}`),
    })
    client.login.forget()
    expect(orphans).toEqual(['account refresh-2'])
    await client.manager.settle()
    expect((await client.store.read('account'))!.generation).toBe(2)
  })
})

describe('a first refresh token of the configuration', () => {
  test('is announced before it is sent, so that a crash in between is told as what it is', async () => {
    await openTokenServer()
    const store = memoryStore()
    const crashed = openClient('authorization code', { store, send: () => () => new Promise(() => {}) })
    void crashed.get().catch(() => {})
    while ((await store.read('account')) === null) await new Promise((resolve) => setImmediate(resolve))
    tokenServer.revokeRefresh()
    await store.lease('account', 'the next start', 0)
    const restarted = openClient('authorization code', {
      store: { ...store, lease: async () => true, prolong: async () => true },
      sleep: async () => {},
    })
    expect((await failure(restarted.get())).details).toMatchObject({ reason: 'ROTATION_LOST' })
    expect(outcomes(restarted)).toEqual(['resumed', 'reauthorization required'])
  })

  test('may be taken out of the configuration once it has done its work', async () => {
    await openTokenServer()
    const store = memoryStore()
    await openClient('authorization code', { store }).get()
    const after = openClient('authorization code', { store, refreshToken: null })
    passSeconds(301, after)
    expect(await after.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('begins anew when it is another one, even after the end', async () => {
    await openTokenServer()
    const store = memoryStore()
    const first = openClient('authorization code', { store, refreshToken: 'unknown' })
    expect((await failure(first.get())).details).toMatchObject({ reason: 'INVALID_GRANT' })
    expect((await failure(openClient('authorization code', { store, refreshToken: 'unknown' }).get())).code).toBe(
      'REAUTHORIZATION_REQUIRED',
    )
    expect(await openClient('authorization code', { store }).get()).toEqual({ fine: true })
  })
})

describe('a client secret that is wrong', () => {
  test('ends nothing: once it is corrected, the login that was stored goes on', async () => {
    await openTokenServer()
    const store = memoryStore()
    await openClient('authorization code', { store }).get()
    const mistaken = openClient('authorization code', { store, clientSecret: 'wrong' })
    passSeconds(301, mistaken)
    const error = await failure(mistaken.get())
    expect(error).toMatchObject({ code: 'PROVIDER_MISCONFIGURED', details: { reason: 'INVALID_CLIENT' } })
    await times(50, () => failure(mistaken.get()))
    expect(tokenServer.grants()).toHaveLength(2)
    expect(await mistaken.state()).toMatchObject({ status: 'BACKOFF', lastError: { code: 'PROVIDER_MISCONFIGURED' } })
    const clock = movingClock()
    clock.advance(302_000)
    const corrected = openClient('authorization code', { store, clock })
    expect(await corrected.get()).toEqual({ fine: true })
    expect(await corrected.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  })
})
