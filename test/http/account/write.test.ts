import { once } from 'node:events'
import { createServer } from 'node:net'

import { afterEach, describe, expect, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import { json } from '../../../src/emulator/serve.js'
import type { Fault } from '../../../src/emulator/emulator.js'
import { AppError, OutcomeUnknown, type ProviderError } from '../../../src/errors.js'
import { AccountClient } from '../../../src/http/account/account-client.js'
import type { Authorizer } from '../../../src/http/account/authorizer.js'
import { OperationReads } from '../../../src/http/account/operation-reads.js'
import type { ReadJournal } from '../../../src/http/account/reading.js'
import { ReplyCache } from '../../../src/http/account/reply-cache.js'
import { defaultHttpLimits, type HttpLimits } from '../../../src/http/limits.js'
import { Operation } from '../../../src/operation.js'
import { createSender } from '../../../src/http/wire/send.js'
import { noLogin, readsOf, upstream } from '../upstream.js'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** A server that counts the things made on it, and an account's client with a cache. */
async function started(limits: Partial<HttpLimits> = {}, authorizer: Authorizer = noLogin) {
  let things = 0
  const server = await upstream([
    { method: 'GET', pattern: /\/things/, handle: () => json({ things }) },
    { method: 'POST', pattern: /\/things/, handle: () => json({ things: ++things }) },
    { method: 'POST', pattern: /\/search/, handle: () => json({ things }) },
    { method: 'DELETE', pattern: /\/things/, handle: () => ({ status: 204 }) },
  ])
  const client = clientAt(server.url, limits, authorizer)
  open.push(() => server.close())
  const rest = readsOf(client).rest()
  return { server, client, rest, url: `${server.url}/things`, search: `${server.url}/search` }
}

function clientAt(url: string, limits: Partial<HttpLimits> = {}, authorizer: Authorizer = noLogin): AccountClient {
  const all = { ...defaultHttpLimits, retryPauseMs: 1, ...limits }
  const sender = createSender(all, systemClock)
  open.push(() => sender.close())
  return new AccountClient({
    source: { provider: 'acme', accountId: 'global-id' },
    origins: [url],
    authorizer,
    send: sender.send,
    openStream: () => Promise.reject(new Error('there are no files here')),
    limits: all,
    clock: systemClock,
    cache: new ReplyCache({ bytes: all.cacheBytes, staleMs: all.staleMs, clock: systemClock }),
  })
}

const failure = async (reply: Promise<unknown>): Promise<ProviderError> => {
  const error = await reply.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`)
  return error as ProviderError
}

const FAULTS: readonly (readonly [string, Fault, string])[] = [
  ['a reset', { reset: true }, 'PROVIDER_UNAVAILABLE'],
  ['a reset after its work was done', { reset: 'afterProcessing' }, 'PROVIDER_UNAVAILABLE'],
  ['500', { status: 500 }, 'PROVIDER_UNAVAILABLE'],
  ['503', { status: 503 }, 'PROVIDER_UNAVAILABLE'],
  ['no answer in time', { hang: true }, 'PROVIDER_TIMEOUT'],
  ['half an answer', { truncate: true }, 'PROVIDER_BAD_RESPONSE'],
  ['an answer that is not JSON', { html: true }, 'PROVIDER_BAD_RESPONSE'],
]

describe('a write', () => {
  test.each(FAULTS)('that got %s is not sent again, and its outcome is unknown', async (_, fault, code) => {
    // Only what never comes may run into the time limit, however busy the machine is.
    const { server, rest, url } = await started(fault.hang ? { providerTimeoutMs: 400 } : {})
    server.faults.next({ ...fault, times: Infinity })
    const error = await failure(rest.write('POST', url, { name: 'Ada' }))
    expect(error).toBeInstanceOf(OutcomeUnknown)
    expect(error).toMatchObject({ code, reason: 'OUTCOME_UNKNOWN', retryable: false, source: { provider: 'acme' } })
    expect(server.journal.entries).toHaveLength(1)
  })

  test('whose operation ends while it is under way has an unknown outcome, too', async () => {
    const { server, client, url } = await started()
    server.faults.next({ hang: true })
    const ending = new AbortController()
    const reply = failure(readsOf(client, ending.signal).rest().write('POST', url))
    while (server.journal.entries.length === 0) await new Promise((resolve) => setImmediate(resolve))
    ending.abort()
    expect(await reply).toMatchObject({ code: 'PROVIDER_TIMEOUT', reason: 'OUTCOME_UNKNOWN', retryable: false })
  })

  test('is never one with another that is equal', async () => {
    const { server, client, url } = await started()
    const [one, other] = [readsOf(client).rest(), readsOf(client).rest()]
    const replies = await Promise.all([one, one, other].map((rest) => rest.write('POST', url, { name: 'Ada' })))
    expect(replies.map(({ body }) => body)).toEqual([{ things: 1 }, { things: 2 }, { things: 3 }])
    expect(server.journal.entries).toHaveLength(3)
  })

  test('makes its account forget what was read before, in its own operation and in others', async () => {
    const { client, rest, url } = await started()
    const freshness = { noun: 'things', seconds: 60 }
    const read = async (by = readsOf(client).rest()) => (await by.get(url, {}, { freshness })).body
    expect(await read(rest)).toEqual({ things: 0 })
    expect(await read()).toEqual({ things: 0 })
    await rest.write('POST', url)
    expect(await read(rest)).toEqual({ things: 1 })
    expect(await read()).toEqual({ things: 1 })
  })

  test('whose answer is lost makes it forget as well', async () => {
    const { server, client, rest, url } = await started()
    const read = async () =>
      (
        await readsOf(client)
          .rest()
          .get(url, {}, { freshness: { noun: 'things', seconds: 60 } })
      ).body
    await read()
    server.faults.next({ reset: 'afterProcessing' })
    await failure(rest.write('POST', url))
    expect(await read()).toEqual({ things: 1 })
  })

  test('makes unread only what it affects, where it says what that is', async () => {
    const { server, client, rest, url } = await started()
    const read = (path: string, noun: string) =>
      readsOf(client)
        .rest()
        .get(`${url}${path}`, {}, { freshness: { noun, seconds: 60 } })
    const readBoth = async () => void (await Promise.all([read('?a', 'things'), read('?b', 'people')]))
    await readBoth()
    await rest.write('POST', url, undefined, ['things'])
    server.journal.clear()
    await readBoth()
    expect(server.journal.entries.map(({ query }) => Object.keys(query))).toEqual([['a']])
  })

  test('does not let a read be kept that was under way meanwhile', async () => {
    const { server, client, rest, url } = await started()
    const freshness = { noun: 'things', seconds: 60 }
    server.faults.next({ method: 'GET', delayMs: 150 })
    const early = Promise.resolve(readsOf(client).rest().get(url, {}, { freshness }))
    while (server.journal.entries.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await rest.write('POST', url)
    await early
    const { length } = server.journal.entries
    await readsOf(client).rest().get(url, {}, { freshness })
    expect(server.journal.entries).toHaveLength(length + 1)
  })

  test('is among what its operation explains', async () => {
    const { client, url } = await started()
    const journal: ReadJournal = { reads: [], tokenRequests: [], pending: [] }
    const { signal } = new AbortController()
    const operation = new Operation({ requestId: 'operation', signal, journal })
    await new OperationReads(client, operation).rest().write('POST', url)
    expect(journal.reads).toMatchObject([{ method: 'POST', from: 'PROVIDER', requests: 1, status: 200, failure: null }])
  })

  test('may be answered without a body', async () => {
    const { rest, url } = await started()
    expect(await rest.write('DELETE', url)).toMatchObject({ status: 204, body: null })
  })

  test('that is refused says so, as any read', async () => {
    const { server, rest, url } = await started()
    server.faults.next({ status: 422 })
    expect(await failure(rest.write('POST', url))).toMatchObject({ code: 'PROVIDER_REJECTED', reason: 'HTTP_422' })
  })
})

describe('a write that never reached the provider', () => {
  test('because the connection was refused is sent again, and may be tried later', async () => {
    const port = createServer().listen(0, '127.0.0.1')
    await once(port, 'listening')
    const url = `http://127.0.0.1:${(port.address() as { port: number }).port}`
    port.close()
    await once(port, 'close')
    let charged = 0
    const rest = readsOf(clientAt(url)).rest(() => (charged += 1))
    expect(await failure(rest.write('POST', `${url}/things`))).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      reason: 'CONNECTION_REFUSED',
      retryable: true,
    })
    expect(charged).toBe(3)
  })

  test('because its operation ended while it was queued may be tried later', async () => {
    const { server, client, rest, url } = await started({ originConnections: 1 })
    let answer = () => {}
    server.faults.next({ method: 'GET', until: new Promise<void>((resolve) => (answer = resolve)) })
    const read = readsOf(client).rest().get(url)
    while (server.journal.entries.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const ending = new AbortController()
    const write = failure(readsOf(client, ending.signal).rest().write('POST', url))
    await new Promise((resolve) => setImmediate(resolve))
    ending.abort()
    expect(await write).toMatchObject({ reason: 'OPERATION_ENDED', retryable: true })
    answer()
    expect((await read).body).toEqual({ things: 0 })
    expect((await rest.get(url)).body).toEqual({ things: 0 })
  })
})

describe('a write whose login is refused', () => {
  /** Takes every status but 200 for a refusal of the token, and has another token each time. */
  const suspicious: Authorizer = {
    ...noLogin,
    refuses: ({ status }) => status !== 200,
    reauthorize: async ({ status }, { request }) => (status === 200 ? null : { request, login: null }),
  }

  test('with 401 is sent again with another token: it has not been applied', async () => {
    const { server, rest, url } = await started({}, suspicious)
    server.faults.next({ status: 401 })
    expect((await rest.write('POST', url)).body).toEqual({ things: 1 })
    expect(server.journal.entries).toHaveLength(2)
  })

  test.each([403, 500])('with %i is not: no other status promises that', async (status) => {
    const { server, rest, url } = await started({}, suspicious)
    server.faults.next({ status })
    await failure(rest.write('POST', url))
    expect(server.journal.entries).toHaveLength(1)
  })
})

describe('a read that is spelled as POST', () => {
  test.each(FAULTS.slice(0, 4))('is sent again after %s', async (_, fault) => {
    const { server, rest, search } = await started()
    server.faults.next(fault)
    expect((await rest.post(search, { name: 'Ada' })).body).toEqual({ things: 0 })
    expect(server.journal.entries).toHaveLength(2)
  })

  test('is one with another that is equal, and may be tried later when it had no answer in time', async () => {
    const { server, rest, search } = await started({ providerTimeoutMs: 400 })
    server.faults.next({ hang: true })
    const [one, other] = await Promise.all([1, 2].map(() => failure(rest.post(search, {}))))
    expect(one).toMatchObject({ code: 'PROVIDER_TIMEOUT', retryable: true })
    expect(other).toBe(one)
    expect(server.journal.entries).toHaveLength(1)
  })
})
