import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

import { afterEach, describe, expect, jest, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
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
  return (url: string) => sender.send({ method: 'GET', url, headers: {} })
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

describe('a name that moves to another address', () => {
  const listening = async (host: string, port = 0): Promise<Server> => {
    const server = createServer((_request, response) => response.end(JSON.stringify({ host })))
    server.listen(port, host)
    await once(server, 'listening')
    open.push(() => {
      server.close()
      server.closeAllConnections()
    })
    return server
  }

  test('is followed within a minute, while requests go on all the time', async () => {
    let now = Date.now()
    jest.spyOn(Date, 'now').mockImplementation(() => now)
    const first = await listening('127.0.0.1')
    const { port } = first.address() as AddressInfo
    await listening('127.0.0.2', port)
    let address = '127.0.0.1'
    const send = senderTo(() => [{ address, family: 4 }])
    const hosts: string[] = []
    for (let second = 0; second <= 120; second += 1) {
      if (second === 60) address = '127.0.0.2'
      hosts.push((JSON.parse((await send(`http://pbx.example:${port}/`)).body) as { host: string }).host)
      now += 1_000
    }
    expect(hosts.slice(0, 60)).toEqual(Array(60).fill('127.0.0.1'))
    expect(hosts.at(-1)).toBe('127.0.0.2')
    expect(hosts.indexOf('127.0.0.2')).toBeLessThan(120)
  })
})
