import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { AppError } from '../../src/errors.js'
import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { guest, movingClock, tokenHouse, type Guest, type GuestOptions, type TokenHouse } from './token-house.js'

let house: TokenHouse
const guests: Guest[] = []

afterEach(async () => {
  for (const visitor of guests.splice(0)) await visitor.close()
  await house.close()
})

async function open(lifetime?: unknown): Promise<TokenHouse> {
  return (house = await tokenHouse(lifetime))
}
function join(kind: Parameters<typeof guest>[1], options: GuestOptions = {}): Guest {
  const visitor = guest(house, kind, options)
  guests.push(visitor)
  return visitor
}
const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`)
  return error
}
const pass = (seconds: number, ...those: Guest[]) => {
  for (const clock of new Set(those.map(({ clock }) => clock))) clock.advance(seconds * 1000)
  house.clock.advance(seconds * 1000)
}
const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make))
const outcomes = ({ events }: Guest) => events.map(({ outcome }) => outcome)
const gate = () => {
  let open!: () => void
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open }
}
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

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

describe('what an answer says', () => {
  test.each([
    ['is absent', ({ refresh_token: _, ...rest }: Record<string, unknown>) => rest],
    ['is empty', (answer: Record<string, unknown>) => ({ ...answer, refresh_token: '' })],
    ['is null', (answer: Record<string, unknown>) => ({ ...answer, refresh_token: null })],
  ])('keeps the old refresh token where the new one %s', async (_, change) => {
    await open()
    const visitor = join('password')
    await visitor.get()
    const kept = (await visitor.store.read('house'))!.refreshToken!.reveal()
    house.alterAnswers(change)
    pass(301, visitor)
    await visitor.get()
    expect((await visitor.store.read('house'))!.refreshToken!.reveal()).toBe(kept)
  })

  test('is taken as it is where the refresh token stays the same', async () => {
    await open()
    const visitor = join('password')
    house.alterAnswers((answer) => ({ ...answer, refresh_token: 'refresh-1' }))
    await visitor.get()
    pass(301, visitor)
    await visitor.get()
    expect(house.grants()).toEqual(['password', 'refresh_token'])
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
    await open()
    house.alterAnswers(({ expires_in: _one, ...answer }) => ({
      ...answer,
      ...(value !== undefined && { expires_in: value }),
    }))
    const visitor = join('password')
    for (let second = 0; second < 120; second += 5) {
      await visitor.get()
      await visitor.manager.settle()
      pass(5, visitor)
    }
    // At most one in thirty seconds, less what is fetched ahead of time.
    expect(house.grants().length).toBeLessThanOrEqual(6)
    const row = (await visitor.store.read('house'))!
    expect(row.lifetimeSeconds).toBeGreaterThanOrEqual(30)
    expect(row.lifetimeSeconds).toBeLessThanOrEqual(86_400)
    expect((await visitor.state()).expiresAt).toMatch(/Z$/)
  })

  test('of the refresh token’s lifetime is stored as something finite, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        await open()
        house.alterAnswers((answer) => ({ ...answer, refresh_expires_in: value }))
        const visitor = guest(house)
        try {
          await visitor.get()
          const { refreshExpiresAt } = (await visitor.store.read('house'))!
          expect(refreshExpiresAt ?? Infinity).toBeGreaterThan(Date.now())
        } finally {
          await visitor.close()
          await house.close()
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
    await open()
    const visitor = join('password')
    const value = text === 'date' ? new Date(house.clock.now() + 45_000).toUTCString() : text
    house.faults.next({
      path: /token/,
      status: 429,
      headers: { date: new Date(house.clock.now()).toUTCString(), ...(value !== null && { 'retry-after': value }) },
    })
    const error = await failure(visitor.get())
    expect(error).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' })
    expect(Number(error.details['retryAfterMs']) / 1000).toBeGreaterThan(seconds - 2)
    expect(Number(error.details['retryAfterMs']) / 1000).toBeLessThanOrEqual(seconds)
    pass(seconds - 3, visitor)
    await failure(visitor.get())
    expect(house.grants()).toHaveLength(1)
    pass(4, visitor)
    expect(await visitor.get()).toEqual({ fine: true })
  })
})

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

describe('more than can be served', () => {
  test('waits in a line of bounded length; who finds it full is told to come again', async () => {
    await open()
    const visitor = join('password', { limits: { providerQueue: 500 } })
    const held = gate()
    house.faults.next({ path: /token/, until: held.passed })
    const codes: string[] = []
    const asked = times(600, () =>
      visitor.login.authorize({ method: 'GET', url: `${house.url}/things`, headers: {} }).then(
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
    await open()
    house.setLifetime(3600)
    const clock = movingClock()
    const store = memoryStore(clock.monotonic)
    const visitor = guest(house, 'password', { store, clock })
    guests.push(visitor)
    const flow = visitor.login.flow
    const logins = Array.from({ length: 999 }, (_, index) => visitor.manager.login(`account-${index}`, flow))
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
        accessToken: new (await import('../../src/secret.js')).Secret(`seeded-${index}`),
        refreshToken: null,
      })
      await logins[index]!.token()
    }
    clock.advance(3_500_000)
    const perWindow: number[] = []
    for (let window = 0; window < 16; window++) {
      const before = house.grants().length
      for (let second = 0; second < 5; second++) {
        await Promise.all(logins.map((login) => login.token()))
        await visitor.manager.settle()
        clock.advance(1_000)
      }
      perWindow.push(house.grants().length - before)
    }
    expect(Math.max(...perWindow)).toBeLessThanOrEqual(100)
    expect(perWindow.reduce((sum, count) => sum + count)).toBeGreaterThan(200)
  }, 60_000)
})
