import { describe, expect, test } from '@jest/globals'

import { Secret } from '../../src/secret.js'
import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { movingClock, type Guest, type GuestOptions } from './token-server.js'
import { failure, gate, house, join, open, outcomes, pass, times, until } from './clients.js'

describe('while a token is being replaced', () => {
  const redeem = ({ login }: Guest, code = 'good') =>
    login.redeem({ code, redirectUri: 'http://127.0.0.1/', codeVerifier: new Secret('verifier') })
  /** A refresh that is under way until the gate opens. */
  async function underWay(visitor: Guest, seconds = 301) {
    pass(seconds, visitor)
    const answer = gate()
    const before = house.grants().length
    house.faults.next({ path: /token/, until: answer.passed })
    const refreshed = visitor.get()
    await until(() => house.grants().length > before)
    return { refreshed, ...answer }
  }

  test('a person logs in: theirs is the login that stays, and everybody is served with it', async () => {
    await open()
    const visitor = join('authorization code')
    await visitor.get()
    const { refreshed, open: answer } = await underWay(visitor)
    await redeem(visitor)
    const theirs = (await visitor.store.read('house'))!.accessToken!.reveal()
    answer()
    expect(await refreshed).toEqual({ fine: true })
    expect(await visitor.get()).toEqual({ fine: true })
    expect((await visitor.store.read('house'))!.accessToken!.reveal()).toBe(theirs)
    expect(house.journal.apiRequests.at(-1)!.headers['authorization']).toBe(`Bearer ${theirs}`)
  })

  test('and is then refused for good, a person logs in: the end of the old login is not the end of the new one', async () => {
    await open()
    const visitor = join('authorization code')
    await visitor.get()
    house.revokeRefresh()
    const { refreshed, open: answer } = await underWay(visitor)
    await redeem(visitor)
    answer()
    expect(await refreshed).toEqual({ fine: true })
    expect(await visitor.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  })

  test('ahead of time, the old one is refused: who is refused waits for the same answer', async () => {
    await open()
    const visitor = join('authorization code')
    await visitor.get()
    const { refreshed, open: answer } = await underWay(visitor, 250)
    expect(await refreshed).toEqual({ fine: true })
    house.revokeAccess()
    const refused = visitor.get()
    await until(() => house.journal.apiRequests.at(-1)?.status === 401)
    answer()
    expect(await refused).toEqual({ fine: true })
    expect(house.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('a person’s code is exchanged for an account that is unlinked meanwhile: its tokens are handed over to be revoked', async () => {
    await open()
    const store = memoryStore()
    const orphans: string[] = []
    const visitor = join('authorization code', {
      ...{ store, key: 'shop~mark', refreshToken: null },
      orphaned: (key, _flow, { accessToken }) => void orphans.push(`${key} ${accessToken!.reveal()}`),
    })
    const account = { link: 'mark', key: 'shop', workspace: 'default', provider: 'house', label: 'Shop' }
    await store.link({ ...account, settings: new Secret('{}'), pendingUntil: 500 }, new Map(), 5, 0)
    const answer = gate()
    house.faults.next({ path: /token/, until: answer.passed })
    const redeemed = failure(redeem(visitor))
    await until(() => house.grants().length === 1)
    await store.unlink('mark', () => [])
    answer.open()
    expect((await redeemed).code).toBe('CREDENTIALS_UNAVAILABLE')
    expect(await store.read('shop~mark')).toBeNull()
    expect(orphans).toEqual(['shop~mark access-1'])
  })
})

describe('what could not be stored', () => {
  async function keeping(options: GuestOptions = {}) {
    await open()
    const inner = memoryStore()
    let broken = false
    const store: Store = {
      ...inner,
      write: (...row) => (broken ? Promise.reject(new Error('disk full')) : inner.write(...row)),
    }
    const visitor = join('authorization code', { ...options, store, sleep: async () => {} })
    await visitor.get()
    pass(301, visitor)
    broken = true
    expect((await failure(visitor.get())).code).toBe('CREDENTIALS_UNAVAILABLE')
    broken = false
    return { visitor, store: inner }
  }

  test('is stored before the process ends, so that the next one goes on with it', async () => {
    const { visitor, store } = await keeping()
    await visitor.manager.settle()
    const next = join('authorization code', { store, clock: visitor.clock })
    expect(await next.get()).toEqual({ fine: true })
    expect(house.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('is handed over to be revoked when its account is unlinked before that', async () => {
    const orphans: string[] = []
    const { visitor } = await keeping({
      orphaned: (key, _flow, { refreshToken }) => void orphans.push(`${key} ${refreshToken!.reveal()}`),
    })
    visitor.login.forget()
    expect(orphans).toEqual(['house refresh-2'])
    await visitor.manager.settle()
    expect((await visitor.store.read('house'))!.generation).toBe(2)
  })
})

describe('a first refresh token of the configuration', () => {
  test('is announced before it is sent, so that a crash in between is told as what it is', async () => {
    await open()
    const store = memoryStore()
    const crashed = join('authorization code', { store, send: () => () => new Promise(() => {}) })
    void crashed.get().catch(() => {})
    while ((await store.read('house')) === null) await new Promise((resolve) => setImmediate(resolve))
    house.revokeRefresh()
    await store.lease('house', 'the next start', 0)
    const restarted = join('authorization code', {
      store: { ...store, lease: async () => true, prolong: async () => true },
      sleep: async () => {},
    })
    expect((await failure(restarted.get())).details).toMatchObject({ reason: 'ROTATION_LOST' })
    expect(outcomes(restarted)).toEqual(['resumed', 'reauthorization required'])
  })

  test('may be taken out of the configuration once it has done its work', async () => {
    await open()
    const store = memoryStore()
    await join('authorization code', { store }).get()
    const after = join('authorization code', { store, refreshToken: null })
    pass(301, after)
    expect(await after.get()).toEqual({ fine: true })
    expect(house.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('begins anew when it is another one, even after the end', async () => {
    await open()
    const store = memoryStore()
    const first = join('authorization code', { store, refreshToken: 'unknown' })
    expect((await failure(first.get())).details).toMatchObject({ reason: 'INVALID_GRANT' })
    expect((await failure(join('authorization code', { store, refreshToken: 'unknown' }).get())).code).toBe(
      'REAUTHORIZATION_REQUIRED',
    )
    expect(await join('authorization code', { store }).get()).toEqual({ fine: true })
  })
})

describe('a client secret that is wrong', () => {
  test('ends nothing: once it is corrected, the login that was stored goes on', async () => {
    await open()
    const store = memoryStore()
    await join('authorization code', { store }).get()
    const mistaken = join('authorization code', { store, clientSecret: 'wrong' })
    pass(301, mistaken)
    const error = await failure(mistaken.get())
    expect(error).toMatchObject({ code: 'PROVIDER_MISCONFIGURED', details: { reason: 'INVALID_CLIENT' } })
    await times(50, () => failure(mistaken.get()))
    expect(house.grants()).toHaveLength(2)
    expect(await mistaken.state()).toMatchObject({ status: 'BACKOFF', lastError: { code: 'PROVIDER_MISCONFIGURED' } })
    const clock = movingClock()
    clock.advance(302_000)
    const corrected = join('authorization code', { store, clock })
    expect(await corrected.get()).toEqual({ fine: true })
    expect(await corrected.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  })
})
