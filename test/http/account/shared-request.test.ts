import { afterEach, expect, test } from '@jest/globals'

import type { Awaitable } from '../../../src/awaitable.js'
import { AppError } from '../../../src/errors.js'
import { cachedWorld, MINUTE, reading, type CachedWorld } from './cached.js'
import { readsOf } from '../upstream.js'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function world(limits = {}) {
  const made = await cachedWorld({ limits })
  open.push(made)
  const one = made.client()
  return { ...made, one, thing: `${made.server.url}/thing` }
}

const reached = async ({ journal }: CachedWorld['server'], requests: number) => {
  while (journal.entries.length < requests) await new Promise((resolve) => setImmediate(resolve))
}
const outcome = (answer: Awaitable<{ body: unknown }>) =>
  Promise.resolve(answer).then(
    ({ body }) => body,
    (error: unknown) => (error instanceof AppError ? `${error.code} ${String(error.details['reason'] ?? '')}` : error),
  )

test('what many operations need at once is one request, which one of them pays', async () => {
  const { one, thing, server, cache } = await world()
  const operations = Array.from({ length: 20 }, () => reading(one))
  const replies = await Promise.all(operations.map(({ rest }) => rest.get(thing, {}, { freshness: MINUTE })))
  expect(replies.map(({ body }) => body)).toEqual(Array(20).fill({ turn: 1 }))
  expect(server.journal.entries).toHaveLength(1)
  expect(operations.map(({ paid }) => paid)).toEqual([1, ...Array<number>(19).fill(0)])
  expect(cache.figures()).toMatchObject({ misses: 20, shared: 19 })
})

test('what may not be kept is shared with nobody', async () => {
  const { one, thing, server } = await world()
  await Promise.all([reading(one).rest.get(thing), reading(one).rest.get(thing)])
  expect(server.journal.entries).toHaveLength(2)
})

test('an operation that ends takes nobody along, not even when it was the first', async () => {
  const { one, thing, server } = await world()
  server.faults.next({ delayMs: 150 })
  const [first, second] = [new AbortController(), new AbortController()]
  const answers = [first, second, new AbortController()].map(({ signal }) =>
    outcome(reading(one, { signal }).rest.get(thing, {}, { freshness: MINUTE })),
  )
  await reached(server, 1)
  first.abort()
  second.abort()
  expect(await Promise.all(answers)).toEqual([
    'PROVIDER_TIMEOUT OPERATION_ENDED',
    'PROVIDER_TIMEOUT OPERATION_ENDED',
    { turn: 1 },
  ])
  expect(server.journal.entries).toHaveLength(1)
})

test('a request nobody waits for any more is given up, and the next asks anew', async () => {
  const { one, thing, server } = await world()
  server.faults.next({ hang: true })
  const controllers = [new AbortController(), new AbortController()]
  const answers = controllers.map(({ signal }) =>
    outcome(reading(one, { signal }).rest.get(thing, {}, { freshness: MINUTE })),
  )
  await reached(server, 1)
  for (const controller of controllers) controller.abort()
  await Promise.all(answers)
  expect((await reading(one).rest.get(thing, {}, { freshness: MINUTE })).body).toMatchObject({
    turn: expect.any(Number),
  })
  expect(server.journal.entries).toHaveLength(2)
  // One place of the account's pool was taken and is free again.
  expect(one.health()).toMatchObject({ underWay: 0, waiting: 0 })
})

test('who cannot pay leaves alone, and the next pays', async () => {
  const { one, thing, server } = await world()
  const broke = readsOf(one).rest(() => {
    throw new AppError('OPERATION_TOO_COMPLEX', 'No requests left.')
  })
  const next = reading(one)
  const last = reading(one)
  const answers = [broke, next.rest, last.rest].map((rest) => outcome(rest.get(thing, {}, { freshness: MINUTE })))
  expect(await Promise.all(answers)).toEqual(['OPERATION_TOO_COMPLEX ', { turn: 1 }, { turn: 1 }])
  expect([next.paid, last.paid]).toEqual([1, 0])
  expect(server.journal.entries).toHaveLength(1)
})

test('where nobody can pay nothing is sent', async () => {
  const { one, thing, server } = await world()
  const broke = () =>
    readsOf(one).rest(() => {
      throw new AppError('OPERATION_TOO_COMPLEX', 'No requests left.')
    })
  const answers = [broke(), broke()].map((rest) => outcome(rest.get(thing, {}, { freshness: MINUTE })))
  expect(await Promise.all(answers)).toEqual(['OPERATION_TOO_COMPLEX ', 'OPERATION_TOO_COMPLEX '])
  expect(server.journal.entries).toHaveLength(0)
})

test('a failure is told to all who waited, and kept for nobody', async () => {
  const { one, thing, server } = await world()
  server.faults.next({ status: 403 })
  const answers = [reading(one), reading(one)].map(({ rest }) => outcome(rest.get(thing, {}, { freshness: MINUTE })))
  expect(await Promise.all(answers)).toEqual(['PROVIDER_FORBIDDEN ', 'PROVIDER_FORBIDDEN '])
  expect(server.journal.entries).toHaveLength(1)
  expect(await outcome(reading(one).rest.get(thing, {}, { freshness: MINUTE }))).toEqual({ turn: 1 })
})

test('who wants it fresh does not wait for what was asked before', async () => {
  const { one, thing, server } = await world()
  server.faults.next({ delayMs: 150 })
  const before = reading(one).rest.get(thing, {}, { freshness: MINUTE })
  await reached(server, 1)
  const demand = { maxAgeMs: 0, staleMs: 0, keep: true }
  const fresh = await reading(one, { demand }).rest.get(thing, {}, { freshness: MINUTE })
  expect(server.journal.entries).toHaveLength(2)
  expect(fresh.body).not.toEqual((await before).body)
})

test('a shared request has a deadline of its own, however many join it', async () => {
  // One place, taken by what hangs: the shared request waits for its turn.
  const limits = { providerConcurrency: 1, providerTimeoutMs: 400, tokenTimeoutMs: 100, breakerFailures: 1_000 }
  const { one, thing, server } = await world(limits)
  server.faults.next({ hang: true, times: Infinity })
  const ahead = [1, 2].map((at) => outcome(reading(one).rest.get(`${server.url}/ok?${at}`)))
  await reached(server, 1)
  const waiting = [1, 2].map(() => outcome(reading(one).rest.get(thing, {}, { freshness: MINUTE })))
  expect(await Promise.all(waiting)).toEqual(['PROVIDER_TIMEOUT ', 'PROVIDER_TIMEOUT '])
  await Promise.all(ahead)
  expect(server.journal.entries.some(({ path }) => path === '/thing')).toBe(false)
})
