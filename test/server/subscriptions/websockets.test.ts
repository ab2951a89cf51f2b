import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, test } from '@jest/globals'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

import { makeApiKey } from '../../../src/server/callers/api-key.js'
import { open, socketAt, start } from './opened.js'
import { refusedHandshake, type RawSocket, type SocketOptions } from './raw-socket.js'
import { until } from './ticker-server.js'

const TICKS = 'subscription Ticks($after: String) { ticks(resumeAfter: $after) { text live cursor } }'
const KEY = 'canary-dashboard-key-0001'
const keys = { apiKeys: [{ name: 'dashboard', key: KEY, scopes: ['telephony:read'] }] }

describe('a WebSocket', () => {
  test('serves subscriptions, queries and mutations, each under its id', async () => {
    const server = await start()
    const socket = await socketAt(server)
    socket.subscribe('a', TICKS)
    await until(() => server.ticker.listeners === 1)
    socket.subscribe('b', 'mutation { tick(text: "one") }')
    socket.subscribe('c', '{ fails }')
    await socket.untilMessages(6)
    expect(socket.results('a')).toEqual([{ data: { ticks: { text: 'one', live: 'true', cursor: '1' } } }])
    expect(socket.messages.filter(({ id }) => id === 'b')).toEqual([
      { id: 'b', type: 'next', payload: { data: { tick: 'one' } } },
      { id: 'b', type: 'complete' },
    ])
    expect(socket.results('c')).toMatchObject([
      { data: { fails: null }, errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    ])
    socket.send({ id: 'a', type: 'complete' })
    await until(() => server.ticker.listeners === 0)
    expect(server.logged('subscription ended')).toMatchObject([{ how: 'client', transport: 'websocket', events: 1 }])
    const metrics = await server.metrics()
    for (const figure of [
      'dialgraph_subscription_connections{transport="websocket"} 1',
      'dialgraph_operations_total{kind="mutation",status="200",errors="none"} 1',
      'dialgraph_operations_total{kind="query",status="200",errors="some"} 1',
      'dialgraph_operations_total{kind="subscription",status="200",errors="none"} 1',
      'dialgraph_errors_total{code="NOT_FOUND"} 1',
    ])
      expect(metrics).toContain(figure)
  })

  test('serves what is asked by its id, and with a list nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dialgraph-ids-'))
    const allowList = join(folder, 'operations.json')
    writeFileSync(allowList, JSON.stringify({ ticks: TICKS }))
    const server = await start({ config: { operations: { allowList, only: true } } })
    const socket = await socketAt(server)
    const ask = (id: string, payload: object) => socket.send({ id, type: 'subscribe', payload })
    const byId = [
      { query: '', documentId: 'ticks' },
      { query: '', id: 'ticks' },
      { query: '', doc_id: 'ticks' },
    ]
    byId.forEach((payload, index) => ask(`known ${index}`, payload))
    ask('unknown', { query: '', documentId: 'tocks' })
    ask('text', { query: 'subscription { ticks { text } }' })
    await until(() => server.ticker.listeners > 0)
    await socket.untilMessages(2)
    server.ticker.append('one')
    await socket.untilMessages(5)
    for (const index of byId.keys())
      expect(socket.results(`known ${index}`)).toMatchObject([{ data: { ticks: { text: 'one' } } }])
    const refused = socket.messages.filter(({ type }) => type === 'error')
    expect(refused.map(({ id }) => id).sort()).toEqual(['text', 'unknown'])
    rmSync(folder, { recursive: true })
  })

  test('explains what it reads to a client whose upgrade has asked for it', async () => {
    const server = await start()
    const socket = await socketAt(server, { headers: { 'x-dialgraph-explain': '1' } })
    socket.subscribe('a', TICKS)
    await until(() => server.ticker.listeners === 1)
    server.ticker.append('one')
    const [result] = await socket.untilResults(1)
    expect(result).toMatchObject({ extensions: { explain: { totals: { requests: 0 } } } })
    const plain = await socketAt(server)
    plain.subscribe('a', TICKS)
    await until(() => server.ticker.listeners === 2)
    server.ticker.append('two')
    expect((await plain.untilResults(1))[0]).not.toHaveProperty('extensions')
  })

  test('tells what is wrong with an operation, and goes on', async () => {
    const server = await start()
    const socket = await socketAt(server)
    socket.subscribe('a', 'subscription {')
    socket.subscribe('b', 'subscription { nothing }')
    socket.subscribe('c', TICKS, { after: '' })
    await socket.untilMessages(5)
    const codes = socket.messages.flatMap(({ id, type, payload }) =>
      Array.isArray(payload) ? [[id, type, (payload as [{ extensions: { code: string } }])[0].extensions.code]] : [],
    )
    expect(codes.sort()).toEqual([
      ['a', 'error', 'GRAPHQL_PARSE_FAILED'],
      ['b', 'error', 'GRAPHQL_VALIDATION_FAILED'],
    ])
    expect(socket.results('c')).toMatchObject([{ errors: [{ extensions: { code: 'CURSOR_INVALID' } }] }])
    expect(socket.messages.at(-1)).toEqual({ id: 'c', type: 'complete' })
  })

  test.each<[string, number, SocketOptions, (socket: RawSocket) => void]>([
    ['says nothing', 4408, { init: null }, () => {}],
    ['subscribes before it has said who it is', 4401, { init: null }, (socket) => socket.subscribe('a', TICKS)],
    ['begins twice', 4429, {}, (socket) => socket.send({ type: 'connection_init' })],
    ['sends no JSON', 4400, {}, (socket) => socket.send('{')],
    ['sends what only a server may', 4400, {}, (socket) => socket.send({ id: 'a', type: 'next', payload: {} })],
    ['sends bytes', 4400, {}, (socket) => socket.socket.send(Buffer.from([1]))],
    ['sends what is too deep', 4400, {}, (socket) => socket.send(`{"type":${'['.repeat(5_000)}`)],
    ['has a very long id', 4400, {}, (socket) => socket.subscribe('a'.repeat(1_000), TICKS)],
    ['sends too much at once', 1009, {}, (socket) => socket.subscribe('a', 'x'.repeat(300_000))],
    ['speaks another protocol', 4406, { protocol: 'graphql-ws', init: null }, () => {}],
    [
      'uses an id twice',
      4409,
      {},
      (socket) => {
        socket.subscribe('a', TICKS)
        socket.subscribe('a', TICKS)
      },
    ],
  ])('whose client %s is closed with %i', async (what, code, options, act) => {
    const server = await start({ transports: { initTimeoutMs: code === 4408 ? 20 : 10_000 } })
    if (code === 4406) {
      // The client of ws refuses by itself; the code is in the frame.
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      socket.write(
        'GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-ws\r\n\r\n',
      )
      let bytes = Buffer.alloc(0)
      socket.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])))
      await until(() => bytes.includes('Subprotocol'))
      const frame = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
      expect(frame.readUInt16BE(2)).toBe(4406)
      return void socket.destroy()
    }
    const socket = await socketAt(server, options)
    act(socket)
    expect([what, (await socket.closed)[0]]).toEqual([what, code])
    await until(() => server.ticker.listeners === 0)
    expect(server.logged('defect')).toEqual([])
  })

  test('answers pings with pongs, and pings by itself; whoever does not answer is gone', async () => {
    const server = await start()
    const socket = await socketAt(server, { autoPong: false } as SocketOptions)
    socket.send({ type: 'ping', payload: { a: 1 } })
    expect((await socket.untilMessages(2))[1]).toEqual({ type: 'pong', payload: { a: 1 } })
    const pinged = once(socket.socket, 'ping')
    server.clock.advance(12)
    await pinged
    server.clock.advance(12)
    expect((await socket.closed)[0]).toBe(1006)
  })

  test('has at most so many operations, and others go on when one is refused', async () => {
    const server = await start({ config: { limits: { live: { subscriptionsPerConnection: 2 } } } })
    const socket = await socketAt(server)
    for (const id of ['a', 'b', 'c']) socket.subscribe(id, TICKS)
    await until(() => server.logged('subscribed').length === 2)
    expect((await socket.untilMessages(2))[1]).toMatchObject({
      id: 'c',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    })
    server.ticker.append('one')
    await socket.untilResults(2)
  })

  test('counts the subscriptions of a caller over all its connections, and each as a request', async () => {
    const limits = { requestsPerSecond: 1, requestBurst: 6, live: { subscriptionsPerCaller: 2 } }
    const server = await start({ config: { callers: keys, limits } })
    const init = { authorization: `Bearer ${KEY}` }
    const [first, second] = [await socketAt(server, { init }), await socketAt(server, { init })]
    first.subscribe('a', TICKS)
    first.subscribe('b', TICKS)
    await until(() => server.logged('subscribed').length === 2)
    second.subscribe('c', TICKS)
    expect((await second.untilMessages(2))[1]).toMatchObject({
      type: 'error',
      payload: [{ message: expect.stringContaining('2 subscriptions') as unknown }],
    })
    // Two requests to say who it is, three subscriptions; one is left.
    second.subscribe('d', '{ hello }')
    second.subscribe('e', '{ hello }')
    await second.untilMessages(5)
    const refused = second.messages.find(({ id }) => id === 'e')
    expect(refused).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] })
  })
})

describe('who opens a WebSocket', () => {
  test('is a page of a listed origin, or none', async () => {
    const server = await start({ config: { server: { cors: { origins: ['https://app.example.com'] } } } })
    for (const origin of ['https://app.example.com', server.url]) await socketAt(server, { origin })
    const { status, text } = await refusedHandshake(server.url, { origin: 'https://evil.example.com' })
    expect([status, text]).toEqual([403, expect.stringContaining('CSRF_PREVENTED')])
  })

  test('is on this machine where there are no callers', async () => {
    const server = await start()
    const { status, text } = await refusedHandshake(server.url, { headers: { host: 'evil.example.com' } })
    expect([status, text]).toEqual([403, expect.stringContaining('FORBIDDEN')])
  })

  test('says so by header, or by either spelling in its first message', async () => {
    const server = await start({ config: { callers: keys } })
    const headers = { authorization: `Bearer ${KEY}` }
    for (const options of [{ headers }, { init: headers }, { init: { Authorization: `Bearer ${KEY}` } }]) {
      const socket = await socketAt(server, options)
      socket.subscribe('a', '{ hello }')
      expect(await socket.untilResults(1)).toEqual([{ data: { hello: 'dashboard' } }])
    }
    expect((await refusedHandshake(server.url, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
  })

  test.each<[string, object, number, string | null]>([
    ['no credential', {}, 4401, null],
    ['an unknown key', { authorization: 'Bearer nothing' }, 4401, null],
    ['a number', { authorization: 42 }, 4401, null],
    ['a token that is not good', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.e30' }, 4403, null],
    ['a bad one beside the good one of its header', { authorization: 'Bearer nothing' }, 4401, KEY],
  ])('with %s is refused', async (_what, init, code, key) => {
    const server = await start({ config: { callers: keys } })
    const socket = await socketAt(server, { init, ...(key && { headers: { authorization: `Bearer ${key}` } }) })
    expect((await socket.closed)[0]).toBe(code)
  })

  test('is shut out within a minute once its key is revoked, and nobody else is', async () => {
    const server = await start({ config: { callers: keys } })
    const { id, key, digest } = makeApiKey()
    const scopes = ['telephony:read']
    await server.store.keepApiKey({
      id,
      name: 'made',
      workspace: 'default',
      scopes,
      extension: null,
      digest,
      createdAt: 1,
      revokedAt: null,
    })
    const socket = await socketAt(server, { init: { authorization: `Bearer ${key.reveal()}` } })
    const other = await socketAt(server, { init: { authorization: `Bearer ${KEY}` } })
    socket.subscribe('a', TICKS)
    other.subscribe('a', TICKS)
    await until(() => server.logged('subscribed').length === 2)
    await server.store.revokeApiKey(id, server.clock.now())
    server.clock.advance(59)
    expect((await socket.closed)[0]).toBe(4401)
    server.ticker.append('one')
    await other.untilResults(1)
    expect(socket.results()).toEqual([])
    expect(server.logged('subscription ended')).toMatchObject([{ how: 'revoked' }])
  })
})

describe('other protocols', () => {
  test('are not spoken: whoever offers HTTP/2 is answered as ever, its body read', async () => {
    const server = await start()
    const body = JSON.stringify({ query: '{ hello }' })
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQBAAAAAAIAAAAA',
      'content-type': 'application/json',
    }
    const asked = request(`${server.url}/graphql`, { method: 'POST', headers, agent: false })
    asked.end(body)
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of response) text += String(chunk)
    expect([response.statusCode, text]).toEqual([200, '{"data":{"hello":null}}'])
  })

  test('nor is a WebSocket at another address', async () => {
    const server = await start()
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/elsewhere`, 'graphql-transport-ws')
    socket.on('error', () => {})
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
    expect(response.statusCode).toBe(404)
    socket.terminate()
  })
})

test('the client of graphql-ws is served, and comes back by its cursor when the server has gone', async () => {
  const server = await start()
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryWait: async () => {},
    shouldRetry: () => true,
  })
  open.push({ close: () => client.dispose() })
  const seen: unknown[] = []
  const reading = (async () => {
    for await (const { data } of client.iterate<{ ticks: { text: string } }>({
      query: TICKS,
      variables: { after: '0' },
    })) {
      seen.push(data!.ticks.text)
      if (seen.length === 2) return
    }
  })()
  server.ticker.append('one', 'two')
  await reading
  expect(seen).toEqual(['one', 'two'])
})
