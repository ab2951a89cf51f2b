import { describe, expect, test } from '@jest/globals'

import type { AppError } from '../../src/errors.js'
import { Secret } from '../../src/secret.js'
import { memoryStore } from '../../src/store/memory.js'
import { gate, tokenServer, openClient, openTokenServer, times, until } from './clients.js'

describe('more than can be served', () => {
  test('waits in a line of bounded length; who finds it full is told to come again', async () => {
    await openTokenServer()
    const client = openClient('password', { limits: { providerQueue: 500 } })
    const held = gate()
    tokenServer.faults.next({ path: /token/, until: held.passed })
    const codes: string[] = []
    const asked = times(600, () =>
      Promise.resolve(client.login.authorize({ method: 'GET', url: `${tokenServer.url}/things`, headers: {} })).then(
        () => codes.push('served'),
        (error: AppError) => codes.push(error.code),
      ),
    )
    await until(() => codes.length === 100)
    expect(new Set(codes)).toEqual(new Set(['SERVICE_UNAVAILABLE']))
    held.open()
    await asked
    expect(codes.filter((code) => code === 'served')).toHaveLength(500)
  })

  test('of accounts that logged in together is refreshed in turns, and none of them late', async () => {
    await openTokenServer()
    tokenServer.setLifetime(3600)
    // A clock that only the test moves: seconds of a busy machine would count otherwise.
    let moved = Date.now()
    const clock = {
      now: () => moved,
      monotonic: () => moved,
      advance: (ms: number) => void (moved += ms),
      stepWall: () => {},
    }
    const store = memoryStore(clock.monotonic)
    const client = openClient('password', { store, clock })
    const flow = client.login.flow
    const logins = Array.from({ length: 999 }, (_, index) => client.manager.login(`account-${index}`, flow))
    const now = clock.now()
    for (const [index, { key }] of logins.entries()) {
      await store.write(key, 0, {
        ...{
          generation: 1,
          status: 'ACTIVE',
          receivedAt: now,
          lifetimeSeconds: 3600,
          refreshExpiresAt: null,
          scopes: [],
        },
        ...{ identity: {}, configuredWith: flow.fingerprint, intent: null, lastError: null },
        accessToken: new Secret(`seeded-${index}`),
        refreshToken: null,
      })
      await logins[index]!.token()
    }
    clock.advance(3_500_000)
    const perFiveSeconds: number[] = []
    for (let window = 0; window < 16; window++) {
      const before = tokenServer.grants().length
      for (let second = 0; second < 5; second++) {
        await Promise.all(logins.map((login) => login.token()))
        await client.manager.settle()
        clock.advance(1_000)
      }
      perFiveSeconds.push(tokenServer.grants().length - before)
    }
    expect(Math.max(...perFiveSeconds)).toBeLessThanOrEqual(100)
    expect(perFiveSeconds.reduce((sum, count) => sum + count)).toBeGreaterThan(200)
  }, 60_000)
})
