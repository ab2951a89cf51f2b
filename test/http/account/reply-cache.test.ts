import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { json } from '../../../src/emulator/serve.js'
import { AppError, ReauthorizationRequired } from '../../../src/errors.js'
import type { AccountClient } from '../../../src/http/account/account-client.js'
import type { FreshnessDemand } from '../../../src/http/account/reading.js'
import { ageMs, readKey, ReplyCache, type KeptReply } from '../../../src/http/account/reply-cache.js'
import { cachedWorld, MINUTE, reading, type CachedWorld, type CachedWorldOptions } from './cached.js'
import { noLogin } from '../upstream.js'
import { cases } from '../../support/proof.js'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function world(options: CachedWorldOptions = {}): Promise<CachedWorld & { one: AccountClient; thing: string }> {
  const made = await cachedWorld(options)
  open.push(made)
  return { ...made, one: made.client(), thing: `${made.server.url}/thing` }
}

const demanding = (demand: Partial<FreshnessDemand>) => ({
  demand: { maxAgeMs: Infinity, staleMs: Infinity, keep: true, ...demand },
})
/** What a new operation reads, and how: the number of the answer, its age, whether it is too old. */
async function read(client: AccountClient, thing: string, operation: Parameters<typeof reading>[1] = {}) {
  const { rest, cached } = reading(client, operation)
  const { body, receivedAt } = await rest.get(thing, {}, { freshness: MINUTE })
  const [age] = cached
  return {
    turn: (body as { turn: number }).turn,
    receivedAt,
    age: age?.ageSeconds ?? null,
    stale: age ? age.failure !== null : false,
  }
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )

describe('what is fresh', () => {
  test('costs no request, and says when it was read', async () => {
    const { one, thing, server, advance } = await world()
    const first = await read(one, thing)
    advance(59)
    expect(await read(one, thing)).toEqual({ ...first, age: 59, stale: false })
    expect(server.journal.entries).toHaveLength(1)
    advance(1)
    expect(await read(one, thing)).toMatchObject({ turn: 2, age: null })
    expect(server.journal.entries).toHaveLength(2)
  })

  test('is only what its source gives a time to', async () => {
    const { one, thing, server } = await world()
    const never = [undefined, { noun: 'calls', seconds: 0 }, { noun: 'calls', seconds: () => 0 }]
    for (const freshness of [...never, ...never]) await reading(one).rest.get(thing, {}, { freshness })
    expect(server.journal.entries).toHaveLength(6)
  })

  test('may depend on the answer itself', async () => {
    const { one, thing, server } = await world()
    const even = {
      noun: 'calls',
      seconds: ({ body }: { body: unknown }) => ((body as { turn: number }).turn % 2 ? 0 : 60),
    }
    for (let turn = 0; turn < 5; turn += 1) await reading(one).rest.get(thing, {}, { freshness: even })
    expect(server.journal.entries).toHaveLength(2)
  })

  test('is not kept where the provider forbids it', async () => {
    const { one, thing } = await world({
      thing: (_, turn) => ({ ...json({ turn }), headers: { 'cache-control': 'private, no-store' } }),
    })
    expect([(await read(one, thing)).turn, (await read(one, thing)).turn]).toEqual([1, 2])
  })

  test('counts for posted questions by what they ask', async () => {
    const { one, server } = await world()
    const ask = (body: object) => reading(one).rest.post(`${server.url}/asked`, body, { freshness: MINUTE })
    const [first, other, again] = [await ask({ a: 1 }), await ask({ a: 2 }), await ask({ a: 1 })]
    expect(again.body).toEqual(first.body)
    expect(other.body).not.toEqual(first.body)
    expect(server.journal.entries).toHaveLength(2)
  })

  test('grows old by whichever clock says so', () => {
    const reply = { status: 200, headers: {}, body: {}, receivedAt: '' }
    const kept = { reply, noun: 'things', seconds: 60, size: 2, wall: 1_000_000, monotonic: 5_000 }
    const age = (now: number, monotonic: number) => ageMs(kept, { now: () => now, monotonic: () => monotonic })
    expect(age(1_007_000, 12_000)).toBe(7_000)
    // Somebody set the clock back; the machine slept, and its monotonic clock with it.
    expect([age(400_000, 12_000), age(1_900_000, 5_001), age(1_000, 0)]).toEqual([7_000, 900_000, 0])
  })
})

describe('an error', () => {
  test.each([403, 404, 422, 500])('(%s) is forgotten with its operation', async (status) => {
    const { one, thing, server } = await world()
    server.faults.next({ status })
    expect(await codeOf(read(one, thing))).toMatch(/^PROVIDER_/)
    expect(await read(one, thing)).toMatchObject({ turn: 1 })
  })

  test('in place of an answer is no answer that could be kept', async () => {
    const { one, thing, server } = await world()
    server.faults.next({ html: true })
    expect(await codeOf(read(one, thing))).toBe('PROVIDER_BAD_RESPONSE')
    expect(await read(one, thing)).toMatchObject({ turn: 2, age: null })
  })
})

describe('a provider that cannot answer', () => {
  test.each<[string, object]>([
    ['is down', { status: 503, times: Infinity }],
    ['breaks off', { reset: true, times: Infinity }],
    ['asks us to wait', { status: 429, headers: { 'retry-after': '600' }, times: Infinity }],
    ['says nothing', { hang: true, times: Infinity }],
  ])('and %s has what is too old given, with its age', async (_, fault) => {
    const { one, thing, server, advance, cache } = await world({ limits: { providerTimeoutMs: 500 } })
    const first = await read(one, thing)
    server.faults.next(fault)
    advance(90)
    expect(await read(one, thing)).toEqual({ ...first, age: 90, stale: true })
    expect(cache.figures()).toMatchObject({ stale: 1 })
  })

  test('has nothing given beyond the bound, nor when the bound is 0', async () => {
    const { one, thing, server, advance } = await world({ limits: { staleMs: 100_000 } })
    await read(one, thing)
    server.faults.next({ status: 503, times: Infinity })
    advance(159)
    expect(await read(one, thing)).toMatchObject({ age: 159, stale: true })
    advance(1)
    expect(await codeOf(read(one, thing))).toBe('PROVIDER_UNAVAILABLE')
    const never = await world({ limits: { staleMs: 0 } })
    await read(never.one, never.thing)
    never.server.faults.next({ status: 503, times: Infinity })
    never.advance(60)
    expect(await codeOf(read(never.one, never.thing))).toBe('PROVIDER_UNAVAILABLE')
  })

  test('has the circuit opened, and is stood in for all the same', async () => {
    const { one, thing, server, advance } = await world({ limits: { breakerFailures: 2 } })
    await read(one, thing)
    server.faults.next({ status: 503, times: Infinity })
    advance(60)
    for (let turn = 0; turn < 5; turn += 1) expect(await read(one, thing)).toMatchObject({ stale: true })
    expect(one.health().circuit).toBe('OPEN')
    expect(server.journal.entries).toHaveLength(3)
  })

  test.each([401, 403, 404, 422])(
    'is another than one that refuses (%s): what it refuses is gone for good',
    async (status) => {
      const { one, thing, server, advance } = await world()
      await read(one, thing)
      advance(60)
      server.faults.next({ status })
      expect(await codeOf(read(one, thing))).toMatch(/FORBIDDEN|REJECTED/)
      server.faults.next({ status: 503 })
      expect(await codeOf(read(one, thing))).toBe('PROVIDER_UNAVAILABLE')
    },
  )

  test('is another than a login that is dead', async () => {
    const { client, thing, advance } = await world()
    let dead = false
    const one = client({
      ...noLogin,
      authorize: async (request) => {
        if (dead) throw new ReauthorizationRequired('CREDENTIALS_REJECTED', 'Log in again.')
        return { request, login: null }
      },
    })
    await read(one, thing)
    advance(60)
    dead = true
    expect(await codeOf(read(one, thing))).toBe('REAUTHORIZATION_REQUIRED')
  })
})

describe('a caller', () => {
  test('is given nothing older than it says', async () => {
    const { one, thing, advance } = await world()
    await read(one, thing)
    advance(10)
    expect(await read(one, thing, demanding({ maxAgeMs: 11_000 }))).toMatchObject({ turn: 1, age: 10 })
    expect(await read(one, thing, demanding({ maxAgeMs: 10_000 }))).toMatchObject({ turn: 2, age: null })
    expect(await read(one, thing, demanding({ maxAgeMs: 0 }))).toMatchObject({ turn: 3, age: null })
    expect(await read(one, thing)).toMatchObject({ turn: 3, age: 0 })
  })

  test('is given nothing stale when it does not want it, also where it would be fresh for others', async () => {
    const { one, thing, server, advance } = await world()
    await read(one, thing)
    server.faults.next({ status: 503, times: Infinity })
    advance(10)
    const fresh = { maxAgeMs: 0, staleMs: 0 }
    expect(await codeOf(read(one, thing, demanding(fresh)))).toBe('PROVIDER_UNAVAILABLE')
    expect(await read(one, thing, demanding({ ...fresh, staleMs: 20_000 }))).toMatchObject({ age: 10, stale: true })
    expect(await read(one, thing)).toMatchObject({ age: 10, stale: false })
  })

  test('has nothing kept when it says so', async () => {
    const { one, thing } = await world()
    await read(one, thing, demanding({ maxAgeMs: 0, keep: false }))
    expect(await read(one, thing)).toMatchObject({ turn: 2 })
  })
})

describe('a validator', () => {
  test.each<[string, Record<string, string>, string]>([
    ['ETag', { etag: 'W/"one"' }, 'if-none-match'],
    ['Last-Modified', { 'last-modified': 'Wed, 11 Feb 2026 09:00:00 GMT' }, 'if-modified-since'],
  ])('(%s) saves sending again what has not changed, which is then as fresh as any', async (_, headers, condition) => {
    const { one, thing, server, advance, cache } = await world({
      thing: ({ headers: asked }, turn) =>
        asked[condition] === Object.values(headers)[0] ? { status: 304, headers } : { ...json({ turn }), headers },
    })
    const first = await read(one, thing)
    advance(60)
    const second = await read(one, thing)
    expect(second).toMatchObject({ turn: 1, age: null })
    expect(Date.parse(second.receivedAt) - Date.parse(first.receivedAt)).toBeGreaterThanOrEqual(60_000)
    expect(await read(one, thing)).toEqual({ ...second, age: 0, stale: false })
    expect(server.journal.entries.map(({ status }) => status)).toEqual([200, 304])
    expect(cache.figures()).toMatchObject({ revalidated: 1, hits: 1, misses: 2 })
  })

  test('that nobody asked about is not believed', async () => {
    const { one, thing } = await world({ thing: () => ({ status: 304 }) })
    expect(await codeOf(read(one, thing))).toBe('PROVIDER_BAD_RESPONSE')
  })
})

describe('what one account read', () => {
  test('is given to no other, whatever it asks', async () => {
    const { client, thing } = await world()
    const [one, other] = [client(), client()]
    expect([await read(one, thing), await read(other, thing)]).toMatchObject([{ turn: 1 }, { turn: 2 }])
    expect([await read(one, thing), await read(other, thing)]).toMatchObject([{ turn: 1 }, { turn: 2 }])
  })

  test('is given to no later login, neither what was kept nor what is on its way', async () => {
    const { client, thing, server } = await world()
    let session = 1
    const one = client({
      ...noLogin,
      get session() {
        return session
      },
    })
    await read(one, thing)
    session = 2
    server.faults.next({ delayMs: 100 })
    const earlier = read(one, thing)
    await reached(server, 2)
    session = 3
    const later = read(one, thing)
    expect((await Promise.all([earlier, later])).map(({ turn }) => turn).sort()).toEqual([2, 3])
    expect(await read(one, thing)).toMatchObject({ turn: (await later).turn, age: 0 })
  })

  test('is gone once something was written, also what was on its way then', async () => {
    const { one, thing, server, cache } = await world()
    server.faults.next({ delayMs: 100 })
    const earlier = read(one, thing)
    await reached(server, 1)
    one.forget()
    await earlier
    expect(cache.figures()).toMatchObject({ entries: 0, bytes: 0 })
    expect(await read(one, thing)).toMatchObject({ turn: 2 })
  })

  test('has a key that no other read has', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('a:b', 'a', 'b', '"', '","', ' ', 'null', '\\', '\\"'))
    const question = fc.tuple(fc.constantFrom('GET', 'POST'), fc.boolean(), part, fc.option(part, { nil: undefined }))
    fc.assert(
      fc.property(question, question, (one, other) => {
        expect(readKey(...one) === readKey(...other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
      { numRuns: cases(2_000) },
    )
  })

  test('shows no credential in a key', () => {
    expect(readKey('POST', true, 'https://gateway.example/balance', '{"Password":"canary"}')).not.toMatch(/canary/)
  })
})

describe('the cache as a whole', () => {
  const clock = { now: () => 0, monotonic: () => 0 }
  const kept = (size: number): KeptReply => ({
    ...{ reply: { status: 200, headers: {}, body: {}, receivedAt: '' }, noun: 'things', seconds: 60 },
    ...{ size, wall: 0, monotonic: 0 },
  })

  test('holds no more than its bytes, whoever fills it', () => {
    const cache = new ReplyCache({ bytes: 100_000, staleMs: 0, clock })
    const parts = [cache.partition()!, cache.partition()!]
    for (let at = 0; at < 1_000; at += 1) parts[at % 2]!.keep(`key ${at}`, kept(at % 900))
    const { bytes, entries, evictions } = cache.figures()
    expect(bytes).toBeLessThanOrEqual(100_000)
    expect(entries + evictions).toBe(1_000)
    expect(parts[1]!.find('key 999')).toEqual(kept(999 % 900))
    expect(parts[0]!.find('key 999')).toBeUndefined()
  })

  test('keeps nothing that would push out much else, and does not share it either', async () => {
    const { one, thing, server } = await world({
      limits: { cacheBytes: 64 * 1024 },
      thing: (_, turn) => json({ turn, big: 'x'.repeat(4_096) }),
    })
    await read(one, thing)
    await Promise.all([read(one, thing), read(one, thing), read(one, thing)])
    expect(server.journal.entries).toHaveLength(4)
  })

  test('forgets one account and leaves the others alone', () => {
    const cache = new ReplyCache({ bytes: 100_000, staleMs: 0, clock })
    const parts = Array.from({ length: 12 }, () => cache.partition()!)
    for (const part of parts) part.keep('the same', kept(10))
    parts[0]!.clear()
    expect(parts.map((part) => part.find('the same') !== undefined)).toEqual([false, ...Array<boolean>(11).fill(true)])
  })

  test('may be switched off', async () => {
    const { one, thing, server } = await world({ limits: { cacheBytes: 0 } })
    await Promise.all([read(one, thing), read(one, thing)])
    await read(one, thing)
    expect(server.journal.entries).toHaveLength(3)
  })
})

/** Waits until so many requests have arrived. */
async function reached({ journal }: CachedWorld['server'], requests: number): Promise<void> {
  while (journal.entries.length < requests) await new Promise((resolve) => setImmediate(resolve))
}
