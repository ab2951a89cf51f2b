import { describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../src/store/memory.js'
import { failure, house, join, open, pass } from './clients.js'

describe('a clock that is wrong', () => {
  test.each([-600, -60, 60, 600])(
    'by %d s from one moment to the next costs no refresh and no refusal',
    async (seconds) => {
      await open()
      const visitor = join('password')
      await visitor.get()
      for (let turn = 0; turn < 20; turn++) {
        if (turn === 3) visitor.clock.stepWall(seconds * 1000)
        pass(30, visitor)
        await visitor.get()
        await visitor.manager.settle()
      }
      expect(house.grants().filter((kind) => kind === 'refresh_token').length).toBe(2)
      expect(house.journal.apiRequests.every(({ status }) => status === 200)).toBe(true)
    },
  )

  test.each([-600, 600])('by %d s neither shortens nor prolongs a wait that was asked for', async (seconds) => {
    await open()
    const visitor = join('password')
    house.faults.next({ path: /token/, status: 429, headers: { 'retry-after': '60' } })
    await failure(visitor.get())
    await failure(visitor.get())
    visitor.clock.stepWall(seconds * 1000)
    pass(50, visitor)
    await failure(visitor.get())
    expect(house.grants()).toHaveLength(1)
    pass(11, visitor)
    expect(await visitor.get()).toEqual({ fine: true })
  })

  test.each([-600, 600])(
    'by %d s in one of two replicas keeps both served, with two refreshes a lifetime at most',
    async (seconds) => {
      await open()
      const store = memoryStore()
      const [one, two] = [join('authorization code', { store }), join('authorization code', { store })]
      two.clock.stepWall(seconds * 1000)
      await one.get()
      const rounds = 40
      for (let turn = 0; turn < rounds; turn++) {
        pass(30, one, two)
        await Promise.all([one.get(), two.get()])
        await Promise.all([one.manager.settle(), two.manager.settle()])
      }
      const lifetimes = (rounds * 30) / 300
      expect(house.grants().length).toBeLessThanOrEqual(2 * lifetimes + 2)
      expect(await one.state()).toMatchObject({ status: 'ACTIVE' })
      const refused = house.journal.apiRequests.filter(({ status }) => status === 401).length
      expect(refused).toBeLessThanOrEqual(2 * lifetimes)
    },
  )
})

describe('a long time', () => {
  test('without a request leaves the refresh token good: it is not forgotten with the access token', async () => {
    await open()
    const visitor = join('authorization code')
    await visitor.get()
    pass(29 * 86_400, visitor)
    expect(await visitor.get()).toEqual({ fine: true })
  })

  test('after a backup was restored costs two token calls at most, and a person where the provider wants one', async () => {
    await open()
    const store = memoryStore()
    const visitor = join('password', { store })
    await visitor.get()
    const backup = (await store.read('house'))!
    for (let turn = 0; turn < 3; turn++) {
      pass(301, visitor)
      await visitor.get()
    }
    await store.remove('house', (await store.read('house'))!.generation)
    await store.write('house', 0, backup)
    const before = house.grants().length
    for (const who of [visitor, join('password', { store, clock: visitor.clock })]) {
      pass(301, who)
      expect(await who.get()).toEqual({ fine: true })
      expect(await who.get()).toEqual({ fine: true })
    }
    // One refused refresh and one login; then one refresh as ever.
    expect(house.grants().slice(before)).toEqual(['refresh_token', 'password', 'refresh_token'])
  })
})

describe('a backup that was restored under two replicas', () => {
  test('numbers its rows as they were numbered before: each still serves what the other has got', async () => {
    await open()
    const store = memoryStore()
    const [one, two] = [join('password', { store }), join('password', { store })]
    await one.get()
    const backup = (await store.read('house'))!
    pass(301, one, two)
    await one.get()
    await two.get()
    await store.remove('house', (await store.read('house'))!.generation)
    await store.write('house', 0, backup)
    pass(301, one, two)
    await one.get()
    const before = house.grants().length
    expect(await two.get()).toEqual({ fine: true })
    expect(await two.get()).toEqual({ fine: true })
    expect(house.grants()).toHaveLength(before)
    expect(house.journal.apiRequests.filter(({ status }) => status !== 200)).toEqual([])
  })
})
