import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

import { afterEach, describe, expect, jest, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import { ProviderError } from '../../../src/errors.js'
import type { SendOptions } from '../../../src/http/http.js'
import { defaultHttpLimits } from '../../../src/http/limits.js'
import { createSender } from '../../../src/http/wire/send.js'

const open: (() => unknown)[] = []
afterEach(async () => {
  jest.restoreAllMocks()
  for (const close of open.splice(0).reverse()) await close()
})

type Addresses = { address: string; family: number }[]
const V4 = { address: '127.0.0.1', family: 4 }
const V6 = { address: '::1', family: 6 }

const senderTo = (resolve: () => Addresses) => {
  const sender = createSender(defaultHttpLimits, systemClock, {
    mayBePrivate: () => true,
    resolve: async () => resolve(),
  })
  open.push(() => sender.close())
  return (url: string, options: SendOptions = {}) => sender.send({ method: 'GET', url, headers: {} }, options)
}

/**
 * A server whose kernel takes no connection for half a second: a process that is stopped, and a full
 * queue before it. The handshake is tried again after a second, and succeeds.
 */
async function slowServer() {
  const program = `
    const server = require('node:http').createServer((request, response) => response.end('{}'))
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(String(line))
  child.kill('SIGSTOP')
  const sockets: Socket[] = []
  let connected = 0
  for (let turn = 0; turn < 6; turn += 1)
    sockets.push(connect(port, '127.0.0.1', () => (connected += 1)).on('error', () => {}))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    child.kill('SIGKILL')
  })
  while (connected < 2) await new Promise((resolve) => setImmediate(resolve))
  return { port, resume: () => child.kill('SIGCONT') }
}

const onLinux = process.platform === 'linux' ? test : test.skip

describe('a name with addresses of both families', () => {
  onLinux(
    'is reached by the slow one where the other refuses, as if it were alone',
    async () => {
      for (const addresses of [[V4], [V4, V6], [V6, V4]]) {
        const { port, resume } = await slowServer()
        const answer = senderTo(() => addresses)(`http://pbx.example:${port}/`)
        setTimeout(resume, 500)
        expect(await answer).toMatchObject({ status: 200 })
      }
    },
    30_000,
  )

  test('is refused at once where all of them refuse', async () => {
    const began = performance.now()
    await expect(senderTo(() => [V4, V6])('http://pbx.example:1/')).rejects.toMatchObject({
      reason: 'CONNECTION_REFUSED',
    })
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

async function listening(listener: RequestListener, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(listener)
  server.listen(port, host)
  await once(server, 'listening')
  open.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

/** Holds the time-outs of half a minute, which are those of connections; `pass` moves their time. */
function holdAging(): { readonly pass: (ms: number) => void } {
  const { setTimeout } = globalThis
  let now = 0
  let held: { readonly at: number; readonly run: () => void }[] = []
  const hold = (run: () => void, ms?: number, ...rest: never[]) => {
    if (ms !== 30_000) return setTimeout(run, ms, ...rest)
    held.push({ at: now + ms, run })
    return setTimeout(() => {}, 0)
  }
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(hold as typeof setTimeout)
  return {
    pass(ms) {
      now += ms
      const due = held.filter(({ at }) => at <= now)
      held = held.filter(({ at }) => at > now)
      for (const { run } of due) run()
    },
  }
}

describe('a name that moves to another address', () => {
  test('is followed within a minute, while requests go on all the time', async () => {
    const aging = holdAging()
    const naming =
      (host: string): RequestListener =>
      (_request, response) =>
        response.end(JSON.stringify({ host }))
    const port = await listening(naming('127.0.0.1'))
    await listening(naming('127.0.0.2'), '127.0.0.2', port)
    let address = '127.0.0.1'
    const send = senderTo(() => [{ address, family: 4 }])
    const hosts: string[] = []
    for (let second = 0; second <= 120; second += 1) {
      if (second === 60) address = '127.0.0.2'
      hosts.push((JSON.parse((await send(`http://pbx.example:${port}/`)).body) as { host: string }).host)
      aging.pass(1_000)
    }
    expect(hosts.slice(0, 60)).toEqual(Array(60).fill('127.0.0.1'))
    expect(hosts.at(-1)).toBe('127.0.0.2')
    expect(hosts.indexOf('127.0.0.2')).toBeLessThan(120)
  })
})

describe('connections that have become old', () => {
  test('are left once what runs over them has come to its end', async () => {
    const aging = holdAging()
    const waiting: ServerResponse[] = []
    const closed: string[] = []
    const port = await listening(({ url = '', socket }, response) => {
      if (socket.listenerCount('close', noteClose) === 0) socket.once('close', noteClose)
      function noteClose() {
        closed.push(url)
      }
      if (url === '/slow') waiting.push(response)
      else response.end('quick')
    })
    const send = senderTo(() => [V4])
    const at = `http://pbx.example:${port}`
    const slow = send(`${at}/slow`, { timeoutMs: 60_000 })
    await send(`${at}/`)
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve))

    aging.pass(31_000)
    while (closed.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(closed).toEqual(['/'])
    expect(await send(`${at}/again`)).toMatchObject({ body: 'quick' })
    waiting[0]!.end('slow')
    expect(await slow).toMatchObject({ status: 200, body: 'slow' })
    while (closed.length < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(closed).toEqual(['/', '/slow'])
  })

  test('are cut at the end of the process, with those that are in use', async () => {
    const aging = holdAging()
    let arrived = 0
    const port = await listening(() => void (arrived += 1))
    const sender = createSender(defaultHttpLimits, systemClock, { mayBePrivate: () => true, resolve: async () => [V4] })
    const url = `http://pbx.example:${port}/`
    const endings: unknown[] = []
    const ask = () =>
      void sender.send({ method: 'GET', url, headers: {} }, { timeoutMs: 90_000 }).catch((error: unknown) => {
        endings.push(error)
      })
    ask()
    while (arrived < 1) await new Promise((resolve) => setImmediate(resolve))
    aging.pass(31_000)
    ask()
    while (arrived < 2) await new Promise((resolve) => setImmediate(resolve))
    await sender.close()
    expect(endings).toEqual([expect.any(ProviderError), expect.any(ProviderError)])
  })

  test('are not made any more after that, also to an origin that was never asked', async () => {
    let arrived = 0
    const port = await listening((_request, response) => {
      arrived += 1
      response.end()
    })
    const sender = createSender(defaultHttpLimits, systemClock, { mayBePrivate: () => true, resolve: async () => [V4] })
    const ask = (host: string) => sender.send({ method: 'GET', url: `http://${host}:${port}/`, headers: {} })
    await ask('pbx.example')
    await sender.close()
    for (const host of ['pbx.example', 'other.example']) await expect(ask(host)).rejects.toBeInstanceOf(ProviderError)
    expect(arrived).toBe(1)
  })
})
