import { describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { failure, gate, tokenServer, openClient, openTokenServer, outcomes, passSeconds, until } from './clients.js'

describe('what was redeemed is never lost to a sibling', () => {
  test('that was held up so long that another took the lease over: it sends nothing, and uses what the other got', async () => {
    await openTokenServer()
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
    const [one, two] = [
      openClient('authorization code', { store: slow }),
      openClient('authorization code', { store: inner }),
    ]
    await two.get()
    await one.get()
    passSeconds(301, one, two)
    const late = one.get()
    await until(() => announced)
    // After twenty seconds the lease has expired, though the other's token request took less.
    const { owner } = (await inner.read('account'))!.intent!
    await inner.release('account', owner)
    await two.get()
    heldUp.open()
    expect(await late).toEqual({ fine: true })
    expect(tokenServer.grants()).toHaveLength(2)
    expect(outcomes(one)).toContain('lease lost')
    expect((await inner.read('account'))?.status).toBe('ACTIVE')
  })

  test('that logged in between our look at the store and our turn: one login serves both', async () => {
    await openTokenServer()
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
    const [one, two] = [openClient('password', { store }), openClient('password', { store: late })]
    const waiting = two.get()
    await until(() => asked)
    await one.get()
    turn.open()
    expect(await waiting).toEqual({ fine: true })
    expect(tokenServer.grants()).toEqual(['password'])
  })

  test('that noted a failure over the same row meanwhile', async () => {
    await openTokenServer()
    const store = memoryStore()
    const [one, two] = [
      openClient('authorization code', { store: leaseless(store) }),
      openClient('authorization code', { store: leaseless(store) }),
    ]
    await one.get()
    await two.get()
    passSeconds(301, one, two)
    const answer = gate()
    tokenServer.faults.next({ path: /token/, until: answer.passed })
    const winning = one.get()
    await until(() => tokenServer.grants().length === 2)
    tokenServer.faults.next({ path: /token/, status: 503 })
    expect((await failure(two.get())).code).toBe('PROVIDER_UNAVAILABLE')
    expect((await store.read('account'))?.status).toBe('BACKOFF')
    answer.open()
    expect(await winning).toEqual({ fine: true })
    expect(await one.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
    expect(await two.get()).toEqual({ fine: true })
  })

  test('that came too late with the same refresh token, and took it for the end', async () => {
    await openTokenServer()
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
      openClient('authorization code', { store: slow }),
      openClient('authorization code', { store: leaseless(store), ...patience }),
    ]
    await one.get()
    await two.get()
    passSeconds(301, one, two)
    const written = gate()
    holding = written.passed
    const winning = one.get()
    await until(() => tokenServer.grants().length === 2)
    expect((await failure(two.get())).code).toBe('REAUTHORIZATION_REQUIRED')
    written.open()
    expect(await winning).toEqual({ fine: true })
    expect(await two.get()).toEqual({ fine: true })
    expect(await one.state()).toMatchObject({ status: 'ACTIVE' })
  })

  test('of its own process, which has another old token in its hands: one refresh serves both', async () => {
    await openTokenServer()
    const client = openClient('authorization code')
    const oldest = await client.login.token()
    passSeconds(301, client)
    const older = await client.login.token()
    passSeconds(301, client)
    tokenServer.faults.next({ path: /token/, delayMs: 50 })
    const both = await Promise.all([client.login.replace(older, 'expired'), client.login.replace(oldest, 'refused')])
    expect(both[0].accessToken.reveal()).toBe(both[1].accessToken.reveal())
    expect(tokenServer.grants()).toHaveLength(3)
    expect(await client.get()).toEqual({ fine: true })
  })

  test.each([2, 4])(
    'in a race that nothing prevents: %d processes, and every refresh token is good once',
    async (count) => {
      await openTokenServer()
      const store = leaseless(memoryStore())
      const racing = Array.from({ length: count }, () => openClient('authorization code', { store }))
      for (const client of racing) await client.get()
      for (let round = 0; round < 25; round++) {
        passSeconds(301, ...racing)
        await Promise.all(racing.map((client) => client.get()))
      }
      expect(await racing[0]!.state()).toMatchObject({ status: 'ACTIVE' })
    },
  )

  function leaseless(store: Store): Store {
    return { ...store, lease: async () => true, prolong: async () => true }
  }
})
