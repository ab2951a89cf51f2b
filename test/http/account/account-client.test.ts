import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

import { afterEach, describe, expect, test } from '@jest/globals'

import type { Awaitable } from '../../../src/awaitable.js'
import { systemClock } from '../../../src/clock.js'
import type { EmulatedServer } from '../../../src/emulator/serve.js'
import { json } from '../../../src/emulator/serve.js'
import type { Fault } from '../../../src/emulator/emulator.js'
import { ProviderError } from '../../../src/errors.js'
import type { Rest } from '../../../src/http/rest.js'
import type { HttpLimits } from '../../../src/http/limits.js'
import { clientOf, upstream, type Client, readsOf } from '../upstream.js'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function started(
  limits: Partial<HttpLimits> = {},
  clock = systemClock,
): Promise<{ server: EmulatedServer; rest: Rest; client: Client['client'] }> {
  const server = await upstream([{ method: 'GET', pattern: /\/secret/, handle: () => json({ fine: true }) }])
  const { client, sender } = clientOf(server.url, limits, undefined, clock)
  open.push({ close: () => sender.close() }, server)
  return { server, client, rest: readsOf(client).rest() }
}

const failure = async (answer: Awaitable<unknown>): Promise<ProviderError> => {
  const error = await Promise.resolve(answer).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ProviderError)) throw new Error(`expected a ProviderError, got ${String(error)}`)
  return error
}

describe('an answer that is no answer', () => {
  test.each<[string, Fault, string, string | null]>([
    ['a server error', { status: 503 }, 'PROVIDER_UNAVAILABLE', 'HTTP_503'],
    ['a refusal', { status: 403 }, 'PROVIDER_FORBIDDEN', null],
    ['an argument the provider dislikes', { status: 422 }, 'PROVIDER_REJECTED', 'HTTP_422'],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } },
      'PROVIDER_BAD_RESPONSE',
      'REDIRECT',
    ],
    ['an HTML page', { html: true }, 'PROVIDER_BAD_RESPONSE', 'HTML'],
    ['nothing at all', { status: 200, body: '' }, 'PROVIDER_BAD_RESPONSE', 'EMPTY'],
    ['text', { status: 200, body: 'fine' }, 'PROVIDER_BAD_RESPONSE', 'NOT_JSON'],
    ['half an answer', { truncate: true }, 'PROVIDER_BAD_RESPONSE', 'TRUNCATED'],
    ['a reset', { reset: true }, 'PROVIDER_UNAVAILABLE', 'CONNECTION_RESET'],
  ])('%s is told by its code', async (_, fault, code, reason) => {
    const { server, rest } = await started()
    server.faults.next({ ...fault, times: Infinity })
    expect(await failure(rest.get(`${server.url}/ok`))).toMatchObject({
      code,
      reason,
      source: { provider: 'acme', accountId: 'global-id' },
    })
  })

  test('a server that is not there is unavailable', async () => {
    const { client, sender } = clientOf('http://127.0.0.1:1')
    open.push(sender)
    const rest = readsOf(client).rest()
    expect(await failure(rest.get('http://127.0.0.1:1/ok'))).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      reason: 'CONNECTION_REFUSED',
    })
  })

  test.each<[string, Fault]>([
    ['never answers', { hang: true }],
    ['stops after the head', { hang: 'afterHead' }],
    ['is too slow', { delayMs: 1_000 }],
  ])('a server that %s is given up at the deadline', async (_, fault) => {
    const { server, rest } = await started({ providerTimeoutMs: 200 })
    server.faults.next(fault)
    expect(await failure(rest.get(`${server.url}/ok`))).toMatchObject({ code: 'PROVIDER_TIMEOUT' })
  })

  test('no error tells a query, a token or what came back', async () => {
    const { server, rest } = await started()
    server.faults.next({ status: 400, body: '{"error":"canary-body"}' })
    const error = await failure(rest.get(`${server.url}/ok`, { access_token: 'canary-token' }))
    expect(JSON.stringify([error.message, error.details, error.stack])).not.toMatch(/canary/)
  })
})

describe('what comes back', () => {
  test('is parsed whatever its type says, a byte order mark tolerated', async () => {
    const { server, rest } = await started()
    server.faults.next({ status: 200, body: '\uFEFF{"a":1}', headers: { 'content-type': 'text/plain' } })
    expect((await rest.get(`${server.url}/ok`)).body).toEqual({ a: 1 })
  })

  test('is null for a look-up that finds nothing, and an error for a list', async () => {
    const { server, rest } = await started()
    expect(await rest.find(`${server.url}/missing`)).toBeNull()
    expect(await failure(rest.get(`${server.url}/other`))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      reason: 'NOT_FOUND',
    })
  })

  // Something that was deleted (benoitc/restkit #58), and a page on the way (HubSpot/Singularity #85).
  test('is null for a look-up of what is gone, and never where a page of HTML says so', async () => {
    const { server, rest } = await started()
    server.faults.next({ status: 410, body: '{"error":"gone"}' })
    expect(await rest.find(`${server.url}/gone`)).toBeNull()
    for (const status of [404, 410]) {
      server.faults.next({ status, html: true })
      expect(await failure(rest.find(`${server.url}/page?${status}`))).toMatchObject({
        code: 'PROVIDER_REJECTED',
        reason: `HTTP_${status}`,
      })
    }
  })

  test('stops being read at the cap, also when it is small on the wire', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const server: Server = createServer((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { client, sender } = clientOf(url)
    open.push(sender, { close: () => new Promise((resolve) => server.close(() => resolve())) })
    expect(await failure(readsOf(client).rest().get(url))).toMatchObject({
      code: 'PROVIDER_BAD_RESPONSE',
      reason: 'TOO_LARGE',
    })
  })
})

describe('one operation', () => {
  test('reads the same thing once, however often it is asked', async () => {
    const { server, client } = await started()
    const reads = readsOf(client)
    let sent = 0
    const [one, other] = [reads.rest(() => sent++), reads.rest(() => sent++)]
    await Promise.all([
      one.get(`${server.url}/ok`, { a: 1 }),
      other.get(`${server.url}/ok`, { a: 1 }),
      one.get(`${server.url}/ok`, { a: 2 }),
    ])
    expect(server.journal.entries.map(({ query }) => query)).toEqual([{ a: '1' }, { a: '2' }])
    expect(sent).toBe(2)
  })

  test('reads anew what must be fresh, and remembers that instead', async () => {
    const { server, rest } = await started()
    await rest.get(`${server.url}/ok`)
    await rest.get(`${server.url}/ok`, {}, { fresh: true })
    await rest.get(`${server.url}/ok`)
    expect(server.journal.entries).toHaveLength(2)
  })

  test('shares nothing with the next', async () => {
    const { server, client } = await started()
    for (let turn = 0; turn < 2; turn++) await readsOf(client).rest().get(`${server.url}/ok`)
    expect(server.journal.entries).toHaveLength(2)
  })

  test('stops its requests when it ends', async () => {
    const { server, client } = await started()
    server.faults.next({ hang: true })
    const ending = new AbortController()
    const answer = failure(readsOf(client, ending.signal).rest().get(`${server.url}/ok`))
    while (server.journal.entries.length === 0) await new Promise((resolve) => setImmediate(resolve))
    ending.abort()
    expect(await answer).toMatchObject({ code: 'PROVIDER_TIMEOUT', reason: 'OPERATION_ENDED' })
  })

  test('never asks an address that is not the account’s', async () => {
    const { rest } = await started()
    const { server: stranger } = await started()
    expect(await failure(rest.get(`${stranger.url}/ok`))).toMatchObject({
      code: 'PROVIDER_MISCONFIGURED',
      reason: 'ORIGIN',
    })
    expect(stranger.journal.entries).toEqual([])
  })
})

describe('a provider that asks us to wait', () => {
  const moving = () => {
    let moved = 0
    return {
      now: () => Date.now() + moved,
      monotonic: () => performance.now() + moved,
      advance: (ms: number) => void (moved += ms),
    }
  }

  test.each<[string, Record<string, string>, number]>([
    ['seconds', { 'retry-after': '17' }, 17_000],
    ['a date', { date: 'Wed, 11 Feb 2026 08:00:00 GMT', 'retry-after': 'Wed, 11 Feb 2026 08:02:00 GMT' }, 120_000],
    ['nothing', {}, 60_000],
    ['a negative number', { 'retry-after': '-5' }, 60_000],
    ['for ever', { 'retry-after': '1000000000' }, 900_000],
  ])('by %s is not asked again before', async (_, headers, waitMs) => {
    const clock = moving()
    const { server, client } = await started({}, clock)
    const get = () => readsOf(client).rest().get(`${server.url}/ok`)
    server.faults.next({ status: 429, headers })
    expect((await failure(get())).retryAfterMs).toBe(waitMs)
    expect(client.health().rateLimitResetAt).not.toBeNull()

    clock.advance(waitMs - 1_000)
    expect((await failure(get())).code).toBe('PROVIDER_RATE_LIMITED')
    expect(server.journal.entries).toHaveLength(1)

    clock.advance(1_000)
    expect((await get()).body).toEqual({ fine: true })
    expect(client.health().rateLimitResetAt).toBeNull()
  })
})

test('a provider that fails ten times in a row is left alone', async () => {
  const { server, client } = await started({ attempts: 1 })
  server.faults.next({ status: 500, times: Infinity })
  const get = () => failure(readsOf(client).rest().get(`${server.url}/ok`))
  for (let turn = 0; turn < 10; turn++) expect((await get()).reason).toBe('HTTP_500')
  expect(client.health().circuit).toBe('OPEN')
  expect((await get()).reason).toBe('CIRCUIT_OPEN')
  expect(server.journal.entries).toHaveLength(10)
})
