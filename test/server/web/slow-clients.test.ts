import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { afterEach, describe, expect, test } from '@jest/globals'

import { startBareServer, type BareServer } from '../bare-server.js'

/** More than the system keeps for a client that does not read. */
const LARGE = 'x'.repeat(16 * 1024 * 1024)
/** Letters that no compression makes much shorter. */
const NOISE = randomBytes(12 * 1024 * 1024).toString('base64')

let server: BareServer | null = null
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server?.close()
  server = null
})

async function start(limits: object): Promise<string> {
  server = await startBareServer({ hello: () => 'there', large: () => LARGE, noise: () => NOISE }, { limits })
  return server.url
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))
const hello = async (url: string) =>
  (
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ hello }"}',
    })
  ).json()
const asking = (query: string, encoding = 'identity') => {
  const body = JSON.stringify({ query })
  return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: ${encoding}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

describe('a client that takes its time', () => {
  test('with its headers is sent away', async () => {
    const url = await start({ headersTimeoutMs: 1_000, requestTimeoutMs: 60_000 })
    const socket = await open(url)
    socket.resume().write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    await closed(socket)
    expect(await hello(url)).toEqual({ data: { hello: 'there' } })
  })

  test('with its body is sent away', async () => {
    const url = await start({ headersTimeoutMs: 1_000, requestTimeoutMs: 1_000 })
    const socket = await open(url)
    socket.resume().write(asking('{ hello }').slice(0, -5))
    await closed(socket)
    expect(await hello(url)).toEqual({ data: { hello: 'there' } })
  })

  test('to read a large answer is sent away before it has it, and the answer is kept no longer', async () => {
    const url = await start({ responseTimeoutMs: 300 })
    const socket = await open(url)
    let received = 0
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      socket.pause()
    })
    socket.write(asking('{ large }'))
    await until(() => server!.logLines.some((line) => line.includes('"operation"')))
    const gone = closed(socket)
    socket
      .removeAllListeners('data')
      .on('data', (chunk: Buffer) => (received += chunk.length))
      .resume()
    await gone
    expect(received).toBeLessThan(LARGE.length)
    expect(await hello(url)).toEqual({ data: { hello: 'there' } })
  })

  test('and reads all the same gets its answer, however large', async () => {
    const url = await start({})
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ large }"}',
    })
    expect((await response.text()).length).toBeGreaterThan(LARGE.length)
  })
})

test('answers that nobody takes are kept up to a limit, and then those first that have waited longest', async () => {
  const url = await start({ waitingResponseBytes: 40 * 1024 * 1024 })
  const ask = async () => {
    const socket = await open(url)
    const begun = new Promise<void>((resolve) => socket.once('data', () => resolve(void socket.pause())))
    socket.write(asking('{ large }'))
    await begun
    return socket
  }
  const first = await ask()
  const second = await ask()
  const third = await ask()
  await until(() => server!.logLines.filter((line) => line.includes('"operation"')).length === 1)
  await closed(first.resume())
  await Promise.all([allOf(second), allOf(third)])
})

test('compressed answers that nobody takes are counted as they are sent, and kept up to the same limit', async () => {
  const url = await start({ waitingResponseBytes: 30 * 1024 * 1024 })
  const ask = async () => {
    const socket = await open(url)
    const begun = new Promise<void>((resolve) => socket.once('data', () => resolve(void socket.pause())))
    socket.write(asking('{ noise }', 'gzip'))
    await begun
    return socket
  }
  // Each has some 12 MiB, whatever is done to it, and the system keeps a part of that.
  const first = await ask()
  const second = await ask()
  const third = await ask()
  await until(() => server!.logLines.filter((line) => line.includes('"operation"')).length === 1)
  await closed(first.resume())
  expect([second.destroyed, third.destroyed]).toEqual([false, false])
  const small = await startBareServer(
    { large: () => LARGE.slice(0, 4_000_000) },
    { limits: { waitingResponseBytes: 1024 * 1024 } },
  )
  try {
    // Four megabytes that become four kilobytes are within the limit.
    const sockets = await Promise.all([open(small.url), open(small.url)])
    const answers = sockets.map((socket) =>
      once(
        socket.on('error', () => {}),
        'data',
      ),
    )
    for (const socket of sockets) socket.write(asking('{ large }', 'gzip'))
    expect((await Promise.all(answers)).map(([chunk]) => /content-encoding: gzip/.test(String(chunk)))).toEqual([
      true,
      true,
    ])
  } finally {
    await small.close()
  }
})

/** Resolves when all of a large answer has come, but for what came before. */
const allOf = (socket: Socket) =>
  new Promise<void>((resolve) => {
    let bytes = 0
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length) > LARGE.length - 200_000 && resolve()).resume()
  })

describe('connections', () => {
  test('beyond the limit are closed as they come, and have a place again when another goes', async () => {
    const url = await start({ connections: 3 })
    const kept = [await open(url), await open(url), await open(url)]
    for (const socket of kept) {
      socket.write(asking('{ hello }'))
      await once(socket, 'data')
    }
    const refused = await open(url)
    let told = ''
    refused
      .on('data', (chunk) => (told += String(chunk)))
      .write(asking('{ hello }').replace('\r\n', '\r\nConnection: close\r\n'))
    await closed(refused)
    expect(told).toBe('')
    kept[0]!.destroy()
    await until(async () => (await hello(url).catch(() => null)) !== null)
    expect(kept[1]!.destroyed).toBe(false)
  })

  test('by the hundred are served one and all', async () => {
    const url = await start({})
    const many = await Promise.all(Array.from({ length: 300 }, () => open(url)))
    const answers = await Promise.all(
      many.map(async (socket) => {
        socket.write(asking('{ hello }'))
        return String((await once(socket, 'data'))[0])
      }),
    )
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200 '))).toHaveLength(300)
  })
})

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}
