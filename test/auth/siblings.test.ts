import { describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { failure, gate, house, join, open, outcomes, pass, until } from './clients.js'

describe('what was redeemed is never lost to a sibling', () => {
  test('that was held up so long that another took the lease over: it sends nothing, and uses what the other got', async () => {
    await open()
    const inner = memoryStore()
    const heldUp = gate()
    let announced = false
    const slow: Store = {
      ...inner,
      async intend(...row) {
        const done = await inner.intend(...row)
        announced = true
        await heldUp.passed
        return done
      },
    }
    const [one, two] = [join('authorization code', { store: slow }), join('authorization code', { store: inner })]
    await two.get()
    await one.get()
    pass(301, one, two)
    const late = one.get()
    await until(() => announced)
    // Twenty seconds later the lease is anybody's, though the token call of the other has not taken as long.
    const { owner } = (await inner.read('house'))!.intent!
    await inner.release('house', owner)
    await two.get()
    heldUp.open()
    expect(await late).toEqual({ fine: true })
    expect(house.grants()).toHaveLength(2)
    expect(outcomes(one)).toContain('lease lost')
    expect((await inner.read('house'))?.status).toBe('ACTIVE')
  })

  test('that logged in between our look at the store and our turn: one login serves both', async () => {
    await open()
    const store = memoryStore()
    const turn = gate()
    let asked = false
    const late: Store = {
      ...store,
      async lease(...lease) {
        asked = true
        await turn.passed
        return store.lease(...lease)
      },
    }
    const [one, two] = [join('password', { store }), join('password', { store: late })]
    const waiting = two.get()
    await until(() => asked)
    await one.get()
    turn.open()
    expect(await waiting).toEqual({ fine: true })
    expect(house.grants()).toEqual(['password'])
  })

  test('that noted a failure over the same row meanwhile', async () => {
    await open()
    const store = memoryStore()
    const [one, two] = [
      join('authorization code', { store: leaseless(store) }),
      join('authorization code', { store: leaseless(store) }),
    ]
    await one.get()
    await two.get()
    pass(301, one, two)
    const answer = gate()
    house.faults.next({ path: /token/, until: answer.passed })
    const winning = one.get()
    await until(() => house.grants().length === 2)
    house.faults.next({ path: /token/, status: 503 })
    expect((await failure(two.get())).code).toBe('PROVIDER_UNAVAILABLE')
    expect((await store.read('house'))?.status).toBe('BACKOFF')
    answer.open()
    expect(await winning).toEqual({ fine: true })
    expect(await one.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
    expect(await two.get()).toEqual({ fine: true })
  })

  test('that came too late with the same refresh token, and took it for the end', async () => {
    await open()
    const store = memoryStore()
    let holding: Promise<void> | null = null
    const slow: Store = {
      ...leaseless(store),
      async write(...row) {
        await holding
        return store.write(...row)
      },
    }
    const patience = { sleep: async () => {} }
    const [one, two] = [
      join('authorization code', { store: slow }),
      join('authorization code', { store: leaseless(store), ...patience }),
    ]
    await one.get()
    await two.get()
    pass(301, one, two)
    const written = gate()
    holding = written.passed
    const winning = one.get()
    await until(() => house.grants().length === 2)
    expect((await failure(two.get())).code).toBe('REAUTHORIZATION_REQUIRED')
    written.open()
    expect(await winning).toEqual({ fine: true })
    expect(await two.get()).toEqual({ fine: true })
    expect(await one.state()).toMatchObject({ status: 'ACTIVE' })
  })

  test('of its own process, which has another old token in its hands: one refresh serves both', async () => {
    await open()
    const visitor = join('authorization code')
    const oldest = await visitor.login.token()
    pass(301, visitor)
    const older = await visitor.login.token()
    pass(301, visitor)
    house.faults.next({ path: /token/, delayMs: 50 })
    const both = await Promise.all([visitor.login.replace(older, 'expired'), visitor.login.replace(oldest, 'refused')])
    expect(both[0].accessToken.reveal()).toBe(both[1].accessToken.reveal())
    expect(house.grants()).toHaveLength(3)
    expect(await visitor.get()).toEqual({ fine: true })
  })

  test.each([2, 4])(
    'in a race that nothing prevents: %d processes, and every refresh token is good once',
    async (count) => {
      await open()
      const store = leaseless(memoryStore())
      const racing = Array.from({ length: count }, () => join('authorization code', { store }))
      for (const visitor of racing) await visitor.get()
      for (let round = 0; round < 25; round++) {
        pass(301, ...racing)
        await Promise.all(racing.map((visitor) => visitor.get()))
      }
      expect(await racing[0]!.state()).toMatchObject({ status: 'ACTIVE' })
    },
  )

  function leaseless(store: Store): Store {
    return { ...store, lease: async () => true, prolong: async () => true }
  }
})
