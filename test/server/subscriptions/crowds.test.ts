import { generateKeyPair, exportJWK, SignJWT } from 'jose'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { describe, expect, test } from '@jest/globals'

import { open, socketAt, start } from './opened.js'
import { type RawSocket } from './raw-socket.js'
import { EVENT_STREAM, openStream, type RawStream, type StreamRequest } from './raw-stream.js'
import { startTickerServer, until, type TickerServer } from './ticker-server.js'

async function stream(server: TickerServer, asked: StreamRequest): Promise<RawStream> {
  const opened = await openStream(server.url, asked)
  open.push({ close: opened.destroy })
  return opened
}

const TICKS = 'subscription Ticks($after: String) { ticks(resumeAfter: $after) { text cursor } }'
const texts = ({ results }: { results(): readonly { data?: Record<string, unknown> | null }[] }) =>
  results().map(({ data }) => (data?.['ticks'] as { text: string }).text)
const subscribed = (server: TickerServer, count: number) =>
  until(() => server.logged('subscribed').length - server.logged('subscription ended').length >= count)

describe('all who ask the same', () => {
  test('a thousand of them cost one execution of an event, over whatever transport', async () => {
    const server = await start({ config: { limits: { live: { subscriptionsPerConnection: 1_000 } } } })
    const sockets = await Promise.all(Array.from({ length: 10 }, () => socketAt(server)))
    for (const socket of sockets) for (let id = 0; id < 100; id += 1) socket.subscribe(String(id), TICKS)
    const ticks = await stream(server, { query: TICKS })
    await subscribed(server, 1_001)
    expect(server.ticker.listeners).toBe(1)
    server.ticker.append('one', 'two')
    for (const socket of sockets) await socket.untilResults(200)
    await ticks.untilResults(2)
    expect(server.ticker.executions).toEqual([1, 2])
    expect(await server.metrics()).toContain('dialgraph_subscription_executions_total 2')
  })

  test('are those with the same rights: not another workspace, scope, or extension', async () => {
    const key = (name: string, more: object = {}) => ({
      name,
      key: `canary-key-of-${name}-0001`,
      scopes: ['telephony:read'],
      ...more,
    })
    const apiKeys = [
      key('one'),
      key('two'),
      key('other', { workspace: 'other' }),
      key('more', { scopes: ['telephony:read', 'telephony:raw'] }),
    ]
    const server = await start({ config: { callers: { apiKeys } } })
    const sockets: RawSocket[] = []
    for (const { key: credential } of apiKeys) {
      const socket = await socketAt(server, { init: { authorization: `Bearer ${credential}` } })
      socket.subscribe('a', TICKS)
      sockets.push(socket)
    }
    await subscribed(server, 4)
    server.ticker.append('one')
    for (const socket of sockets) await socket.untilResults(1)
    expect(server.ticker.executions).toEqual([1, 1, 1])
  })

  test('never are two callers where an event holds a credential that is made for one', async () => {
    const apiKeys = ['one', 'two'].map((name) => ({
      name,
      key: `canary-key-of-${name}-0001`,
      scopes: ['telephony:read'],
    }))
    const server = await start({ config: { callers: { apiKeys } } })
    const sockets = await Promise.all(
      apiKeys.map(({ key }) => socketAt(server, { init: { authorization: `Bearer ${key}` } })),
    )
    for (const socket of sockets) socket.subscribe('a', 'subscription { ticks { link } }')
    await subscribed(server, 2)
    server.ticker.append('one')
    const links = await Promise.all(sockets.map(async (socket) => (await socket.untilResults(1))[0]!.data))
    expect(links).toEqual([{ ticks: { link: 'for one' } }, { ticks: { link: 'for two' } }])
  })

  test('are no two whose variables differ, unless by the cursor alone', async () => {
    const server = await start()
    const socket = await socketAt(server)
    const query = 'subscription ($after: String, $only: String) { ticks(resumeAfter: $after, only: $only) { text } }'
    socket.subscribe('a', query, { only: 'a' })
    socket.subscribe('b', query, { only: 'b' })
    socket.subscribe('c', query, { only: 'b', after: '0' })
    await subscribed(server, 3)
    await until(() => server.ticker.listeners === 2)
    server.ticker.append('a', 'b')
    await socket.untilResults(3)
    expect(['a', 'b', 'c'].map((id) => socket.results(id).length)).toEqual([1, 1, 1])
    expect(server.ticker.executions.sort()).toEqual([1, 2])
  })
})

describe('whoever comes back by a cursor', () => {
  test('gets what it missed and then what comes, each event once, while more come all the time', async () => {
    const server = await start()
    const { ticker } = server
    ticker.append(...Array.from({ length: 20 }, (_, at) => `old ${at + 1}`))
    // Others are live already, and events go on while the newcomer reads.
    const before = await stream(server, { query: TICKS })
    await until(() => ticker.listeners === 1)
    let more = 30
    ticker.onRead = async () => {
      if (more > 0) ticker.append(`new ${(more -= 1)}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const after = await stream(server, { query: TICKS, variables: { after: '5' } })
    await after.untilResults(45)
    ticker.append('last')
    await after.untilResults(46)
    expect(texts(after)).toEqual(ticker.log.slice(5))
    await before.untilResults(31)
    expect(texts(before)).toEqual(ticker.log.slice(20))
  })

  test('may take as long as it does, and goes on with what comes', async () => {
    const server = await start()
    const { ticker } = server
    ticker.append('one', 'two')
    ticker.onRead = () => ticker.forsake()
    const ticks = await stream(server, { query: TICKS, variables: { after: '0' } })
    await until(() => ticker.listeners === 1)
    ticker.append('three')
    await ticks.untilResults(3)
    expect([texts(ticks), ticker.followers]).toEqual([['one', 'two', 'three'], 0])
  })

  test('shares what was missed with others who missed it', async () => {
    const server = await start()
    server.ticker.append('one', 'two', 'three')
    const streams = await Promise.all(
      ['0', '1', '0'].map((after) => stream(server, { query: TICKS, variables: { after } })),
    )
    for (const [at, count] of [3, 2, 3].entries()) await streams[at]!.untilResults(count)
    expect(server.ticker.executions.sort()).toEqual([1, 2, 3])
  })

  test('from a replica that was ahead gets only what is later', async () => {
    const server = await start()
    server.ticker.append('one')
    const ticks = await stream(server, { query: TICKS, variables: { after: '3' } })
    await until(() => server.ticker.listeners === 1)
    server.ticker.append('two', 'three', 'four')
    await ticks.untilResults(1)
    expect(texts(ticks)).toEqual(['four'])
  })
})

const BIG = 'x'.repeat(60_000)

describe('a client that does not read', () => {
  const config = { limits: { live: { eventBufferBytes: 262_144 } } }

  test('over WebSocket is closed with 1013, while others go on, and misses nothing when it comes back', async () => {
    const server = await start({ config })
    const [slow, quick] = [await socketAt(server), await socketAt(server)]
    for (const socket of [slow, quick]) socket.subscribe('a', TICKS)
    await subscribed(server, 2)
    slow.socket.pause()
    let count = 0
    while (server.logged('subscription ended').length === 0) {
      server.ticker.append(`${(count += 1)} ${BIG}`)
      await quick.untilResults(count)
    }
    expect(server.logged('subscription ended')).toMatchObject([{ how: 'slow' }])
    expect(await server.metrics()).toContain('dialgraph_slow_subscribers_total{transport="websocket"} 1')
    slow.socket.resume()
    expect((await slow.closed)[0]).toBe(1013)
    const seen = texts(slow)
    expect(seen).toEqual(server.ticker.log.slice(0, seen.length))
    const again = await socketAt(server)
    again.subscribe('a', TICKS, { after: String(seen.length) })
    await again.untilResults(count - seen.length)
    expect([...seen, ...texts(again)]).toEqual(server.ticker.log)
  })

  test('over server-sent events is ended without `complete`, and what it had missed waits for it', async () => {
    const server = await start({ config })
    const slow = await stream(server, { query: TICKS })
    await subscribed(server, 1)
    slow.response.pause()
    let count = 0
    while (server.logged('subscription ended').length === 0) {
      server.ticker.append(`${(count += 1)} ${BIG}`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    slow.response.resume()
    expect(await slow.ended).toBe(true)
    expect(slow.text()).not.toContain('event: complete')
    const seen = texts(slow)
    // What is read from the store waits for its reader: far more than the buffer holds.
    const again = await stream(server, { query: TICKS, variables: { after: '0' } })
    await again.untilResults(count)
    expect(texts(again)).toEqual(server.ticker.log)
    expect(seen).toEqual(server.ticker.log.slice(0, seen.length))
    expect(count * BIG.length).toBeGreaterThan(2 * 262_144)
  })
})

describe('rights', () => {
  test('of a token end when it does, so that its client comes back with another', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'k' }
    const issuer = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] }))).listen(
      0,
      '127.0.0.1',
    )
    await new Promise((resolve) => issuer.once('listening', resolve))
    open.push({ close: () => issuer.close() })
    const jwt = {
      issuer: 'https://login.example.com',
      audience: 'phones',
      workspaceClaim: 'workspace',
      scopesClaim: 'scope',
      jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/`,
    }
    const server = await start({ config: { callers: { jwt } } })
    const token = await new SignJWT({ workspace: 'default', scope: 'telephony:read' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(jwt.issuer)
      .setAudience(jwt.audience)
      .setSubject('somebody')
      .setExpirationTime(Math.floor(Date.now() / 1_000) + 600)
      .sign(privateKey)
    const authorization = `Bearer ${token}`
    const socket = await socketAt(server, { init: { authorization } })
    socket.subscribe('a', TICKS)
    const ticks = await stream(server, { query: TICKS, headers: { ...EVENT_STREAM, authorization } })
    await subscribed(server, 2)
    server.clock.advance(590)
    server.ticker.append('one')
    await Promise.all([socket.untilResults(1), ticks.untilResults(1)])
    server.clock.advance(20)
    expect((await socket.closed)[0]).toBe(4403)
    expect(await ticks.ended).toBe(true)
    expect(ticks.text()).not.toContain('event: complete')
    expect(server.logged('subscription ended')).toMatchObject([{ how: 'expired' }, { how: 'expired' }])
  })
})

describe('a server that stops', () => {
  test('delivers what is stored, then closes so that clients come back, and takes no more', async () => {
    let server: TickerServer | null = null
    server = await startTickerServer({
      config: { limits: { drainNoticeMs: 0 } },
      receiveStored: async () => server!.ticker.append('stored meanwhile'),
    })
    const socket = await socketAt(server)
    socket.subscribe('a', TICKS)
    const [ticks, parts] = [
      await stream(server, { query: TICKS }),
      await stream(server, { query: TICKS, headers: { accept: 'multipart/mixed;subscriptionSpec=1.0' } }),
    ]
    await subscribed(server, 3)
    let release = () => {}
    server.ticker.gates.set('under way', new Promise((resolve) => (release = resolve)))
    server.ticker.append('under way')
    await until(() => server!.ticker.executions.length === 1)
    const closed = server.close()
    release()
    expect(await socket.closed).toEqual([1001, 'Going away'])
    expect([await ticks.ended, await parts.ended]).toEqual([true, true])
    for (const one of [socket, ticks, parts]) expect(texts(one)).toEqual(['under way', 'stored meanwhile'])
    expect(ticks.text()).not.toContain('event: complete')
    expect(parts.text()).not.toContain('--graphql--')
    expect(socket.messages.map(({ type }) => type)).not.toContain('complete')
    expect(await closed).toBe(true)
  })

  test('is full when it has as many connections as it may', async () => {
    const server = await start({ config: { limits: { live: { connections: 1 } } } })
    await socketAt(server)
    const answer = await stream(server, { query: TICKS })
    await answer.ended
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(JSON.parse(answer.text())).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } }],
    })
  })
})
