import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

import { createClock } from '../../src/emulator/clock.js'
import type { Fault } from '../../src/emulator/emulator.js'
import { bodyFields, json, serve, type EmulatedRequest, type EmulatedServer } from '../../src/emulator/serve.js'

const now = Date.parse('2026-03-17T15:30:00Z')

let served: EmulatedServer
let processed: string[]

beforeEach(async () => {
  processed = []
  served = await serve({
    options: { now },
    tokenPaths: /^\/token$/,
    accountOf: ({ headers }) => headers['authorization']?.replace(/^Bearer token-of-/, '') ?? null,
    notFound: ({ path }) => json({ missing: path }, 404),
    routes: [
      {
        method: 'GET',
        pattern: /\/things\/([^/]+)/,
        handle: ({ params }) => {
          processed.push(params[0] ?? '')
          return json({ thing: params[0] })
        },
      },
      { method: 'GET', pattern: /\/long/, handle: () => json({ text: 'a'.repeat(10_000) }) },
      { method: 'POST', pattern: /\/token/, handle: (request) => json(bodyFields(request)) },
      { method: 'POST', pattern: /\/things/, handle: () => (processed.push('created'), json({}, 201)) },
      {
        method: 'GET',
        pattern: /\/audio/,
        handle: () => ({
          status: 200,
          headers: { 'content-type': 'audio/ogg', 'content-length': '300000' },
          stream: audio(),
        }),
      },
    ],
  })
})
afterEach(() => served.close())

async function* audio(): AsyncIterable<Buffer> {
  for (let chunk = 0; chunk < 30; chunk += 1) yield Buffer.alloc(10_000, chunk)
}
const get = (path: string, init: RequestInit = {}) => fetch(served.url + path, init)

describe('serving', () => {
  test('routes match the whole path, hand over what they captured, decoded', async () => {
    expect(await (await get('/things/K%C3%B6ln%20a%2Fb')).json()).toEqual({ thing: 'Köln a/b' })
    for (const path of ['/things', '/things/1/2', '/xthings/1']) {
      const answer = await get(path)
      expect([answer.status, await answer.json()]).toEqual([404, { missing: path }])
    }
    // Not well-formed: it stays as it came, and the server lives.
    expect(await (await get('/things/%E0%A4%A')).json()).toEqual({ thing: '%E0%A4%A' })
  })

  test('the date of an answer is that of the emulated clock', async () => {
    served.clock.advance(60_000)
    expect((await get('/things/1')).headers.get('date')).toBe('Tue, 17 Mar 2026 15:31:00 GMT')
  })

  test('HEAD is GET without the body', async () => {
    const answer = await get('/things/1', { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '13', ''])
    expect((await get('/audio', { method: 'HEAD' })).headers.get('content-length')).toBe('300000')
  })

  test('long text is compressed for who takes it, audio is not', async () => {
    const raw = await rawRequest('GET /long HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n')
    const [head = '', body] = splitHead(raw)
    expect(head).toMatch(/content-encoding: gzip/i)
    expect(JSON.parse(gunzipSync(body).toString())).toEqual({ text: 'a'.repeat(10_000) })
    expect(head).toContain(`content-length: ${body.length}`)
    const plain = await rawRequest('GET /long HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect(splitHead(plain)[0]).not.toMatch(/content-encoding/i)
    const audio = await get('/audio', { headers: { 'accept-encoding': 'gzip' } })
    expect([audio.headers.get('content-encoding'), (await audio.arrayBuffer()).byteLength]).toEqual([null, 300_000])
  })

  test('a reader that goes away in the middle of a stream harms nobody', async () => {
    const controller = new AbortController()
    const answer = await get('/audio', { signal: controller.signal })
    await answer.body?.getReader().read()
    controller.abort()
    expect((await get('/things/1')).status).toBe(200)
  })

  test.each<[string, BodyInit, string | null]>([
    ['a form', new URLSearchParams({ name: 'İzmir & Praha', empty: '' }), null],
    ['a form that does not say so', Buffer.from('name=%C4%B0zmir+%26+Praha&empty='), ''],
    ['JSON', JSON.stringify({ name: 'İzmir & Praha', empty: null }), 'application/json'],
  ])('fields of %s', async (_, body, type) => {
    const answer = await get('/token', { method: 'POST', body, ...(type && { headers: { 'content-type': type } }) })
    expect(await answer.json()).toEqual({ name: 'İzmir & Praha', empty: '' })
  })

  test('fields of a multipart form, and of what is none', async () => {
    const form = new FormData()
    form.set('name', 'İzmir & Praha')
    form.set('lines', 'one\r\ntwo')
    expect(await (await get('/token', { method: 'POST', body: form })).json()).toEqual({
      name: 'İzmir & Praha',
      lines: 'one\r\ntwo',
    })
    const request = (body: string): EmulatedRequest => ({
      ...{ method: 'POST', path: '/', query: new URLSearchParams(), params: [], body: Buffer.from(body) },
      headers: { 'content-type': 'application/json' },
    })
    for (const body of ['{', '[]', '3', 'null', '']) expect(bodyFields(request(body))).toBeNull()
  })
})

describe('journal', () => {
  test('notes each request as it came, who it was, and what it was answered', async () => {
    await get('/things/1?a=1&b=x%20y', { headers: { authorization: 'Bearer token-of-company', 'x-extra': 'yes' } })
    await get('/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'password' }) })
    await get('/nothing')
    const { journal } = served
    expect(
      journal.entries.map(({ method, path, kind, account, status }) => [method, path, kind, account, status]),
    ).toEqual([
      ['GET', '/things/1', 'api', 'company', 200],
      ['POST', '/token', 'token', null, 200],
      ['GET', '/nothing', 'api', null, 404],
    ])
    expect(journal.entries[0]).toMatchObject({ query: { a: '1', b: 'x y' }, headers: { 'x-extra': 'yes' }, at: now })
    expect(journal.tokenRequests.map(({ body }) => body)).toEqual(['grant_type=password'])
    expect(journal.lines()).toEqual(['GET /things/1', 'GET /nothing'])
    journal.clear()
    expect([journal.entries, journal.apiRequests, journal.lines()]).toEqual([[], [], []])
  })

  test('a request that is never answered has no status', async () => {
    served.faults.next({ hang: true })
    await expect(get('/things/1', { signal: AbortSignal.timeout(50) })).rejects.toThrow()
    expect(served.journal.entries.map(({ status }) => status)).toEqual([null])
  })
})

describe('faults', () => {
  test('status, headers and body instead of the API', async () => {
    served.faults.next({ status: 503, headers: { 'retry-after': '7' }, body: '{"busy":true}' })
    const answer = await get('/things/1')
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([503, '7', { busy: true }])
    expect(processed).toEqual([])
    expect((await get('/things/1')).status).toBe(200)
  })

  test('hit as often as they say, only the paths and methods they name, in the order they were queued', async () => {
    served.faults.next({ path: /^\/things/, method: 'GET', status: 500, times: 2 })
    served.faults.next({ status: 502 })
    served.faults.next({ path: /^\/token$/, status: 429, times: Infinity })
    const statuses = []
    const ask = [
      get.bind(null, '/things/1'),
      get.bind(null, '/things', { method: 'POST' }),
      get.bind(null, '/things/1'),
      get.bind(null, '/things/1'),
    ]
    for (const request of ask) statuses.push((await request()).status)
    expect(statuses).toEqual([500, 502, 500, 200])
    for (let times = 0; times < 5; times += 1) expect((await get('/token', { method: 'POST' })).status).toBe(429)
    served.faults.clear()
    expect((await get('/token', { method: 'POST' })).status).toBe(200)
  })

  test('delay', async () => {
    served.faults.next({ delayMs: 80 })
    const started = performance.now()
    expect((await get('/things/1')).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThanOrEqual(75)
  })

  test('until: a request is held while others pass, and goes on when it is let', async () => {
    let release = (): void => undefined
    served.faults.next({ until: new Promise<void>((resolve) => (release = resolve)) })
    const held = get('/things/held')
    await untilNoted(1)
    await get('/things/free')
    expect(processed).toEqual(['free'])
    release()
    expect((await held).status).toBe(200)
    expect(processed).toEqual(['free', 'held'])
  })

  test('a client that gives up while it waits is not processed any more', async () => {
    served.faults.next({ delayMs: 60 })
    await expect(get('/things/1', { signal: AbortSignal.timeout(10) })).rejects.toThrow()
    served.faults.next({ delayMs: 120 })
    await get('/things/2')
    expect(processed).toEqual(['2'])
  })

  test('nothing is waited for when the emulator is closed', async () => {
    const waits = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = waits()
    served.faults.next({ delayMs: 3_600_000 })
    const asked = expect(get('/things/1')).rejects.toThrow()
    await untilNoted(1)
    expect(waits()).toBeGreaterThan(before)
    await served.close()
    await asked
    expect(waits()).toBeLessThanOrEqual(before)
  })

  test('hang: accepted and never answered; afterHead: the head and nothing more', async () => {
    served.faults.next({ hang: true })
    await expect(get('/things/1', { signal: AbortSignal.timeout(60) })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(processed).toEqual([])
    served.faults.next({ hang: 'afterHead' })
    const answer = await get('/things/1', { signal: AbortSignal.timeout(200) })
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test('reset: before anything happened, or after it did', async () => {
    served.faults.next({ reset: true })
    await expect(get('/things', { method: 'POST' })).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(processed).toEqual([])
    served.faults.next({ reset: 'afterProcessing' })
    await expect(get('/things', { method: 'POST' })).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(processed).toEqual(['created'])
  })

  test('afterProcessing: the API does its work first, and only its answer is late, replaced or lost', async () => {
    const post = () => get('/things', { method: 'POST' })
    const ways: readonly [Fault, number | 'none'][] = [
      [{ delayMs: 5 }, 201],
      [{ status: 500, body: '{}' }, 500],
      [{ status: 502, html: true }, 502],
      [{ reset: true }, 'none'],
    ]
    for (const [fault, expected] of ways) {
      processed = []
      served.faults.next({ ...fault, afterProcessing: true })
      expect(
        await post().then(
          ({ status }) => status,
          () => 'none',
        ),
      ).toBe(expected)
      expect(processed).toEqual(['created'])
    }
    processed = []
    let release = (): void => undefined
    served.faults.next({ until: new Promise<void>((resolve) => (release = resolve)), afterProcessing: true })
    const late = post()
    while (processed.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await get('/things/meanwhile')
    release()
    expect((await late).status).toBe(201)
    expect(processed).toEqual(['created', 'meanwhile'])
  })

  test.each(['/things/1', '/long', '/audio'])('truncate: %s announces all and sends half', async (path) => {
    const whole = splitHead(await rawRequest(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`))
    served.faults.next({ truncate: true })
    const cut = splitHead(await rawRequest(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`))
    const announced = (head: string) => /content-length: (\d+)/i.exec(head)?.[1]
    expect(announced(cut[0])).toBe(announced(whole[0]))
    expect(cut[1].equals(whole[1].subarray(0, Math.floor(whole[1].length / 2)))).toBe(true)
    served.faults.next({ truncate: true })
    const answer = await get(path)
    await expect(answer.arrayBuffer()).rejects.toThrow()
  })

  test('html: a page in place of the answer, with its status or another', async () => {
    served.faults.next({ html: true })
    const page = await get('/things/1')
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html'])
    expect(await page.text()).toMatch(/^<!DOCTYPE html>/)
    served.faults.next({ html: true, status: 502 })
    expect((await get('/things/1')).status).toBe(502)
    expect(processed).toEqual(['1'])
  })
})

describe('reset and close', () => {
  test('reset forgets journal, faults and clock', async () => {
    await get('/things/1')
    served.faults.next({ status: 500 })
    served.clock.advance(5)
    served.reset()
    expect(served.journal.entries).toEqual([])
    expect(served.clock.now()).toBe(now)
    expect((await get('/things/1')).status).toBe(200)
  })

  test('close does not wait for who hangs', async () => {
    served.faults.next({ hang: true })
    const hanging = get('/things/1')
    const refused = expect(hanging).rejects.toThrow()
    await untilNoted(1)
    await served.close()
    await refused
    await expect(get('/things/1')).rejects.toThrow()
  })
})

describe('clock', () => {
  test('stands still from the start it was given, and moves when it is moved', () => {
    const clock = createClock(now)
    expect(clock.now()).toBe(now)
    clock.advance(1500)
    expect(clock.now()).toBe(now + 1500)
    clock.set(5)
    clock.advance(-2)
    expect(clock.now()).toBe(3)
    clock.reset()
    expect(clock.now()).toBe(now)
  })

  test('without a start it runs with the real one, moved by what it was moved by, until it is set', () => {
    const clock = createClock()
    const drift = () => Math.abs(clock.now() - Date.now())
    expect(drift()).toBeLessThan(50)
    clock.advance(3_600_000)
    expect(Math.abs(drift() - 3_600_000)).toBeLessThan(50)
    clock.set(now)
    expect(clock.now()).toBe(now)
    clock.reset()
    expect(drift()).toBeLessThan(50)
  })
})

/** Until so many requests have arrived. */
async function untilNoted(count: number): Promise<void> {
  while (served.journal.entries.length < count) await new Promise((resolve) => setImmediate(resolve))
}

/** What comes over the wire, byte for byte, until the server closes. */
function rawRequest(text: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => resolve(Buffer.concat(chunks)))
    socket.on('error', reject)
  })
}

function splitHead(raw: Buffer): [head: string, body: Buffer] {
  const end = raw.indexOf('\r\n\r\n')
  return [raw.toString('latin1', 0, end), raw.subarray(end + 4)]
}
