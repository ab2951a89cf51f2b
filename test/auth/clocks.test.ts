import { describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../src/store/memory.js'
import { failure, tokenServer, openClient, openTokenServer, passSeconds } from './clients.js'

describe('a clock that is wrong', () => {
  test.each([-600, -60, 60, 600])(
    'by %d s from one moment to the next costs no refresh and no refusal',
    async (seconds) => {
      await openTokenServer()
      const client = openClient('password')
      await client.get()
      for (let turn = 0; turn < 20; turn++) {
        if (turn === 3) client.clock.stepWall(seconds * 1000)
        passSeconds(30, client)
        await client.get()
        await client.manager.settle()
      }
      expect(tokenServer.grants().filter((kind) => kind === 'refresh_token').length).toBe(2)
      expect(tokenServer.journal.apiRequests.every(({ status }) => status === 200)).toBe(true)
    },
  )

  test.each([-600, 600])('by %d s neither shortens nor prolongs a wait that was asked for', async (seconds) => {
    await openTokenServer()
    const client = openClient('password')
    tokenServer.faults.next({ path: /token/, status: 429, headers: { 'retry-after': '60' } })
    await failure(client.get())
    await failure(client.get())
    client.clock.stepWall(seconds * 1000)
    passSeconds(50, client)
    await failure(client.get())
    expect(tokenServer.grants()).toHaveLength(1)
    passSeconds(11, client)
    expect(await client.get()).toEqual({ fine: true })
  })

  test.each([-600, 600])(
    'by %d s in one of two replicas keeps both served, with two refreshes a lifetime at most',
    async (seconds) => {
      await openTokenServer()
      const store = memoryStore()
      const [one, two] = [openClient('authorization code', { store }), openClient('authorization code', { store })]
      two.clock.stepWall(seconds * 1000)
      await one.get()
      const rounds = 40
      for (let turn = 0; turn < rounds; turn++) {
        passSeconds(30, one, two)
        await Promise.all([one.get(), two.get()])
        await Promise.all([one.manager.settle(), two.manager.settle()])
      }
      const lifetimes = (rounds * 30) / 300
      expect(tokenServer.grants().length).toBeLessThanOrEqual(2 * lifetimes + 2)
      expect(await one.state()).toMatchObject({ status: 'ACTIVE' })
      const refused = tokenServer.journal.apiRequests.filter(({ status }) => status === 401).length
      expect(refused).toBeLessThanOrEqual(2 * lifetimes)
    },
  )
})

describe('a long time', () => {
  test('without a request leaves the refresh token good: it is not forgotten with the access token', async () => {
    await openTokenServer()
    const client = openClient('authorization code')
    await client.get()
    passSeconds(29 * 86_400, client)
    expect(await client.get()).toEqual({ fine: true })
  })

  test('after a backup was restored costs two token calls at most, and a person where the provider wants one', async () => {
    await openTokenServer()
    const store = memoryStore()
    const client = openClient('password', { store })
    await client.get()
    const backup = (await store.read('account'))!
    for (let turn = 0; turn < 3; turn++) {
      passSeconds(301, client)
      await client.get()
    }
    await store.remove('account', (await store.read('account'))!.generation)
    await store.write('account', 0, backup)
    const before = tokenServer.grants().length
    for (const who of [client, openClient('password', { store, clock: client.clock })]) {
      passSeconds(301, who)
      expect(await who.get()).toEqual({ fine: true })
      expect(await who.get()).toEqual({ fine: true })
    }
    // One refused refresh and one login; then one refresh as ever.
    expect(tokenServer.grants().slice(before)).toEqual(['refresh_token', 'password', 'refresh_token'])
  })
})

describe('a backup that was restored under two replicas', () => {
  test('numbers its rows as they were numbered before: each still serves what the other has got', async () => {
    await openTokenServer()
    const store = memoryStore()
    const [one, two] = [openClient('password', { store }), openClient('password', { store })]
    await one.get()
    const backup = (await store.read('account'))!
    passSeconds(301, one, two)
    await one.get()
    await two.get()
    await store.remove('account', (await store.read('account'))!.generation)
    await store.write('account', 0, backup)
    passSeconds(301, one, two)
    await one.get()
    const before = tokenServer.grants().length
    expect(await two.get()).toEqual({ fine: true })
    expect(await two.get()).toEqual({ fine: true })
    expect(tokenServer.grants()).toHaveLength(before)
    expect(tokenServer.journal.apiRequests.filter(({ status }) => status !== 200)).toEqual([])
  })
})
