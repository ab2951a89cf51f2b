import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createPlainServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { gzipSync, brotliCompressSync } from 'node:zlib'

import { afterEach, describe, expect, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import type { Fault } from '../../../src/emulator/emulator.js'
import { ServiceUnavailable } from '../../../src/errors.js'
import { defaultHttpLimits, type HttpLimits } from '../../../src/http/limits.js'
import { createSender } from '../../../src/http/wire/send.js'
import { clientOf, upstream, readsOf } from '../upstream.js'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function emulated(limits: Partial<HttpLimits> = {}) {
  const server = await upstream()
  const { client, sender } = clientOf(server.url, { retryPauseMs: 1, ...limits })
  open.push(
    () => server.close(),
    () => sender.close(),
  )
  let paid = 0
  return { server, client, rest: readsOf(client).rest(() => (paid += 1)), paid: () => paid }
}

async function listening(server: Server & { closeAllConnections?: () => void }): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const restAt = async (server: Server, limits: Partial<HttpLimits> = {}) => {
  const url = await listening(server)
  const { client, sender } = clientOf(url, { retryPauseMs: 1, ...limits })
  open.push(() => sender.close())
  return { url, rest: readsOf(client).rest() }
}

describe('a read', () => {
  test.each<[string, Fault]>([
    ['a reset before it was looked at', { reset: true }],
    ['a reset after its work was done', { reset: 'afterProcessing' }],
    ['half an answer', { truncate: true }],
    ['500', { status: 500 }],
    ['502', { status: 502, html: true }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['408', { status: 408, headers: { connection: 'close' } }],
    ['425', { status: 425 }],
  ])('is sent again after %s, and each time is paid for', async (_, fault) => {
    const { server, rest, paid } = await emulated()
    server.faults.next({ ...fault, times: 2 })
    expect((await rest.get(`${server.url}/ok`)).body).toEqual({ fine: true })
    expect([server.journal.entries.length, paid()]).toEqual([3, 3])
  })

  test.each<[string, Fault, string]>([
    ['400', { status: 400 }, 'PROVIDER_REJECTED'],
    ['401', { status: 401 }, 'PROVIDER_FORBIDDEN'],
    ['403', { status: 403 }, 'PROVIDER_FORBIDDEN'],
    ['403 with a time', { status: 403, headers: { 'retry-after': '30' } }, 'PROVIDER_RATE_LIMITED'],
    ['404', { status: 404 }, 'PROVIDER_REJECTED'],
    ['422', { status: 422 }, 'PROVIDER_REJECTED'],
    ['429', { status: 429 }, 'PROVIDER_RATE_LIMITED'],
    ['501', { status: 501 }, 'PROVIDER_UNAVAILABLE'],
    ['503 until a time that is named', { status: 503, headers: { 'retry-after': '30' } }, 'PROVIDER_UNAVAILABLE'],
    ['a page', { html: true }, 'PROVIDER_BAD_RESPONSE'],
    ['nothing', { status: 200, body: '' }, 'PROVIDER_BAD_RESPONSE'],
    ['no answer in time', { hang: true }, 'PROVIDER_TIMEOUT'],
  ])('is not sent again after %s', async (_, fault, code) => {
    const { server, rest } = await emulated({ providerTimeoutMs: 1_000 })
    server.faults.next({ ...fault, times: 2 })
    await expect(rest.get(`${server.url}/ok`)).rejects.toMatchObject({ code })
    expect(server.journal.entries).toHaveLength(1)
  })

  test.each<[string, Record<string, string>, boolean]>([
    ['by closing it', { connection: 'close' }, true],
    ['and leaves it open', {}, true],
    ['and never sends the body of its answer', { 'content-length': '10' }, false],
  ])('whose connection a server has given up (408) %s is sent again over a new one', async (_, headers, ends) => {
    const connections: Socket[] = []
    const server = createServer((request, response) => {
      if (request.socket !== connections[0]) return response.end('{"connection":"new"}')
      response.writeHead(408, headers).flushHeaders()
      return ends && response.end()
    })
    server.on('connection', (socket: Socket) => connections.push(socket))
    const { url, rest } = await restAt(server)
    expect((await rest.get(url)).body).toEqual({ connection: 'new' })
    if (!connections[0]!.closed) await once(connections[0]!, 'close')
    if (headers['connection']) expect(connections).toHaveLength(2)
  })

  test('that is given up each time is told as an outage, and a write as one whose outcome is unknown', async () => {
    const { server, rest } = await emulated()
    server.faults.next({ status: 408, headers: { connection: 'close' }, times: Infinity })
    await expect(rest.get(`${server.url}/ok`)).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      reason: 'HTTP_408',
      retryable: true,
    })
    expect(server.journal.entries).toHaveLength(3)
    await expect(rest.write('POST', `${server.url}/ok`)).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN' })
    expect(server.journal.entries).toHaveLength(4)
  })

  test('that nobody can pay for again is not sent again', async () => {
    const { server, client } = await emulated()
    server.faults.next({ status: 503, times: 2 })
    const spent = new ServiceUnavailable('nothing left')
    let left = 1
    const pay = () => {
      if (left-- <= 0) throw spent
    }
    await expect(readsOf(client).rest(pay).get(`${server.url}/ok`)).rejects.toBe(spent)
    expect(server.journal.entries).toHaveLength(1)
  })

  test('meets a connection that its server has just closed, and nobody notices', async () => {
    let closed = 0
    let asked = 0
    const { url, rest } = await restAt(
      createServer((request, response) => {
        asked += 1
        // A server that closes an idle connection does so without looking whether something is on its way to it.
        if (asked % 10 === 0) {
          closed += 1
          return request.socket.destroy()
        }
        return response.end('{}')
      }),
    )
    for (let turn = 0; turn < 300; turn += 1) await rest.get(url, { turn })
    expect(closed).toBeGreaterThanOrEqual(30)
  })
})

describe('an answer that', () => {
  const answering = (answer: (response: ServerResponse, request: IncomingMessage) => void, limits = {}) =>
    restAt(
      createServer((request, response) => {
        response.on('error', () => {})
        answer(response, request)
      }),
      limits,
    )

  test('comes a byte at a time is given up at the deadline, and its connection with it', async () => {
    let gone = () => {}
    const letGo = new Promise<void>((resolve) => (gone = resolve))
    const { url, rest } = await answering(
      (response) => {
        response.writeHead(200)
        const drip = setInterval(() => response.write(' '), 20)
        response.once('close', () => {
          clearInterval(drip)
          gone()
        })
      },
      { providerTimeoutMs: 250 },
    )
    await expect(rest.get(url)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' })
    await letGo
  })

  test('nobody waits for any more is not waited for: its connection is closed', async () => {
    let gone = () => {}
    const letGo = new Promise<void>((resolve) => (gone = resolve))
    let arrived = () => {}
    const asked = new Promise<void>((resolve) => (arrived = resolve))
    const server = createServer((_request, response) => {
      response.once('close', gone)
      arrived()
    })
    const url = await listening(server)
    const { client, sender } = clientOf(url)
    open.push(() => sender.close())
    const ending = new AbortController()
    const answer = Promise.resolve(readsOf(client, ending.signal).rest().get(url))
    answer.catch(() => {})
    await asked
    ending.abort()
    await letGo
    await expect(answer).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT', reason: 'OPERATION_ENDED' })
  })

  test('ends before its announced length is no answer', async () => {
    const { url, rest } = await answering((response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"dids":[]}', () => response.socket?.end())
    })
    await expect(rest.get(url)).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'TRUNCATED' })
  })

  test.each([
    ['gzip', gzipSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['GZIP', gzipSync('{"a":1}')],
  ])('is encoded as %s is read', async (encoding, body) => {
    const { url, rest } = await answering((response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    )
    expect((await rest.get(url)).body).toEqual({ a: 1 })
  })

  test.each<[string, Buffer, unknown]>([
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFF{"a":"ğ"}'), { a: 'ğ' }],
    ['a key twice', Buffer.from('{"a":1,"a":2}'), { a: 2 }],
    [
      'letters of another character set',
      Buffer.from([...Buffer.from('{"a":"'), 0xf0, ...Buffer.from('"}')]),
      { a: '\uFFFD' },
    ],
  ])('holds %s is read as far as it goes', async (_, body, expected) => {
    const { url, rest } = await answering((response) => response.end(body))
    expect((await rest.get(url)).body).toEqual(expected)
  })

  test.each<[string, (socket: Socket) => void]>([
    [
      'has fifty thousand headers',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        socket.end(Array.from({ length: 50_000 }, (_, at) => `x-${at}: y\r\n`).join('') + '\r\n{}')
      },
    ],
    ['has a header of 64 KiB', (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(65_536)}\r\n\r\n{}`)],
    ['has a name that is none', (socket) => socket.end('HTTP/1.1 200 OK\r\nx y: z\r\ncontent-length: 2\r\n\r\n{}')],
    ['is not HTTP', (socket) => socket.end('220 mail.example ESMTP\r\n')],
  ])('%s is refused', async (_, answer) => {
    const { url, rest } = await restAt(
      createPlainServer((socket) => void socket.on('error', () => {}).once('data', () => answer(socket))),
    )
    await expect(rest.get(url)).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'MALFORMED' })
  })
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('by %i is followed nowhere, and no login goes along', async (status) => {
    const stranger = await upstream()
    open.push(() => stranger.close())
    const { server, rest } = await emulated()
    for (const location of [
      `${stranger.url}/ok`,
      '/ok',
      `${server.url}/ok`,
      '//127.0.0.1:1/',
      'file:///etc/passwd',
      '',
    ]) {
      server.journal.clear()
      server.faults.next({ status, headers: { location } })
      await expect(rest.get(`${server.url}/ok`, { location }, { fresh: true })).rejects.toMatchObject({
        code: 'PROVIDER_BAD_RESPONSE',
        reason: 'REDIRECT',
      })
      expect(server.journal.entries).toHaveLength(1)
    }
    expect(stranger.journal.entries).toEqual([])
  })
})

describe('an answer without end', () => {
  /** Resident memory while it is read, above what there was before, MiB. */
  async function cost(work: () => Promise<unknown>): Promise<number> {
    const before = process.memoryUsage().rss
    let most = before
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 1)
    await work()
    clearInterval(watch)
    return (Math.max(most, process.memoryUsage().rss) - before) / 2 ** 20
  }

  const member = gzipSync(Buffer.alloc(2 ** 20))
  /** 400 kB of many small archives one after the other, as gzip allows. */
  const bomb = Buffer.concat(Array.from({ length: 400 }, () => member))

  test.each([
    ['by its ratio', {}],
    ['by its size', { compressionRatio: 10_000 }],
  ])('that unpacks from 400 kB to 400 MB is stopped %s, before it costs 40 MB', async (_, limits) => {
    expect(bomb.length).toBeLessThan(500_000)
    const { url, rest } = await restAt(
      createServer((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
      limits,
    )
    const spent = await cost(() =>
      expect(rest.get(url)).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'TOO_LARGE' }),
    )
    expect(spent).toBeLessThan(40)
  })

  test('in pieces, without a length, is stopped at the cap, and its connection closed', async () => {
    let gone = () => {}
    const letGo = new Promise<void>((resolve) => (gone = resolve))
    const piece = Buffer.alloc(64 * 1024, ' ')
    const { url, rest } = await restAt(
      createServer((_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write(piece));
        }
        response
          .once('close', gone)
          .on('drain', more)
          .on('error', () => {})
        more()
      }),
    )
    const spent = await cost(() =>
      expect(rest.get(url)).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'TOO_LARGE' }),
    )
    expect(spent).toBeLessThan(40)
    await letGo
  })
})

describe('a host that hangs', () => {
  test('has its own connections and its own queue, and both have an end', async () => {
    const hanging = await upstream()
    const healthy = await upstream()
    hanging.faults.next({ hang: true, times: Infinity })
    const limits = { ...defaultHttpLimits, originConnections: 2, originQueue: 3, providerTimeoutMs: 400 }
    const sender = createSender(limits, systemClock)
    open.push(
      () => hanging.close(),
      () => healthy.close(),
      () => sender.close(),
    )
    const ask = (url: string) => sender.send({ method: 'GET', url: `${url}/ok`, headers: {} })
    const stuck = Array.from({ length: 5 }, () => ask(hanging.url))
    for (const one of stuck) one.catch(() => {})
    await expect(ask(hanging.url)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(healthy.url)))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200))
    // Those that wait for a connection are given up like those that have one; all end at once, so one may just have begun.
    for (const one of stuck) await expect(one).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' })
    expect(hanging.journal.entries.length).toBeLessThanOrEqual(3)
  })

  test('is not waited for by anybody any more once it answers again, however many have left its queue', async () => {
    const slow = await upstream()
    slow.faults.next({ hang: true, times: 2 })
    const limits = { ...defaultHttpLimits, originConnections: 2, originQueue: 100 }
    const sender = createSender(limits, systemClock)
    open.push(
      () => slow.close(),
      () => sender.close(),
    )
    const leaving = new AbortController()
    const ask = (signal?: AbortSignal) => sender.send({ method: 'GET', url: `${slow.url}/ok`, headers: {} }, { signal })
    const left = Array.from({ length: 20 }, () => ask(leaving.signal))
    const staying = Array.from({ length: 20 }, () => ask())
    while (slow.journal.entries.length < 2) await new Promise((resolve) => setImmediate(resolve))
    leaving.abort()
    for (const one of await Promise.allSettled(left)) expect(one.status).toBe('rejected')
    expect((await Promise.all(staying)).map(({ status }) => status)).toEqual(Array(20).fill(200))
  })
})

describe('a name', () => {
  const rest = (resolve: () => Promise<{ address: string; family: number }[]>, limits: Partial<HttpLimits> = {}) => {
    const sender = createSender({ ...defaultHttpLimits, ...limits }, systemClock, { mayBePrivate: () => true, resolve })
    open.push(() => sender.close())
    return sender.send
  }

  test('that nobody knows is told as that, and found as soon as somebody does', async () => {
    const server = await upstream()
    open.push(() => server.close())
    let isKnown = false
    const send = rest(async () => {
      if (isKnown) return [{ address: '127.0.0.1', family: 4 }]
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    })
    const url = `http://pbx.example:${new URL(server.url).port}/ok`
    const ask = () => send({ method: 'GET', url, headers: {} })
    await expect(ask()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', reason: 'DNS' })
    isKnown = true
    expect((await ask()).status).toBe(200)
  })

  test('whose resolver hangs is asked for once, whoever waits, and not beyond the deadline', async () => {
    let asked = 0
    const send = rest(
      () => {
        asked += 1
        return new Promise(() => {})
      },
      { providerTimeoutMs: 200, tokenTimeoutMs: 300 },
    )
    const answers = Array.from({ length: 10 }, () => send({ method: 'GET', url: 'http://pbx.example/', headers: {} }))
    for (const answer of answers)
      await expect(answer).rejects.toMatchObject({ code: expect.stringMatching(/PROVIDER_(TIMEOUT|UNAVAILABLE)/) })
    expect(asked).toBe(1)
  })
})
