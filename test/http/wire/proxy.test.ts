import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { inspect } from 'node:util'

import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import { defaultHttpLimits } from '../../../src/http/limits.js'
import { DIAL_ANYWHERE, type Dialling } from '../../../src/http/wire/dial.js'
import { proxyFor } from '../../../src/http/wire/proxy.js'
import { createSender } from '../../../src/http/wire/send.js'
import { createStreamer } from '../../../src/http/wire/stream.js'
import { Secret } from '../../../src/secret.js'
import { proxiesOf } from '../../../src/server/config/proxies.js'
import { startHttpProxy, type HttpProxy } from '../../support/http-proxy.js'
import { canMakeCertificates, makeAuthority, type Authority } from './certificates.js'

const onlyWithOpenssl = canMakeCertificates ? test : test.skip
let trusted: Authority
beforeAll(() => {
  if (canMakeCertificates) trusted = makeAuthority()
})

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

async function proxy(options: { password?: string } = {}): Promise<HttpProxy> {
  const started = await startHttpProxy(options)
  open.push(started.close)
  return started
}

/** A provider, and the headers it was asked with. */
async function provider() {
  const headers: NodeJS.Dict<string | string[]>[] = []
  const server = createServer((incoming, response) => {
    headers.push(incoming.headers)
    response.end('{"fine":true}')
  })
  return { headers, port: await listening(server) }
}

function clients(dialling: Partial<Dialling>) {
  const all = { ...DIAL_ANYWHERE, ...dialling }
  const sender = createSender(defaultHttpLimits, systemClock, all)
  const streamer = createStreamer(defaultHttpLimits, systemClock, all)
  open.push(() => Promise.all([sender.close(), streamer.close()]))
  return [sender.send, streamer.open]
}

const read = (url: string, headers = {}) => ({ method: 'GET', url, headers }) as const

describe('with a proxy', () => {
  test('what is for http: is handed to it, headers and all, and not its own credentials onwards', async () => {
    const { lines, port } = await proxy({ password: 'p@ss:ö' })
    const api = await provider()
    const proxies = proxiesOf(undefined, { HTTP_PROXY: `http://ada:${encodeURIComponent('p@ss:ö')}@127.0.0.1:${port}` })
    const url = `http://pbx.example:${api.port}/calls?page=2`
    for (const send of clients({ proxies }))
      expect(await send(read(url, { authorization: 'Bearer canary' }))).toMatchObject({ status: 200 })
    expect(lines).toEqual([`GET ${url}`, `GET ${url}`])
    for (const one of api.headers) {
      expect(one).toMatchObject({ authorization: 'Bearer canary', host: `pbx.example:${api.port}` })
      expect(one['proxy-authorization']).toBeUndefined()
    }
  })

  onlyWithOpenssl(
    'what is for https: goes through a tunnel, and the certificate is still that of the provider',
    async () => {
      const { lines, port } = await proxy()
      const answer = createSecureServer(trusted.issue('127.0.0.1'), (_request, response) => void response.end('{}'))
      const secure = await listening(answer)
      const proxies = proxiesOf(undefined, { https_proxy: `127.0.0.1:${port}` })
      for (const send of clients({ proxies, authorities: trusted.cert }))
        expect(await send(read(`https://127.0.0.1:${secure}/`))).toMatchObject({ status: 200 })
      for (const send of clients({ proxies }))
        await expect(send(read(`https://127.0.0.1:${secure}/`))).rejects.toMatchObject({ reason: 'TLS' })
      expect(new Set(lines)).toEqual(new Set([`CONNECT 127.0.0.1:${secure}`]))
    },
  )

  test('that refuses us, or is not there, is told as that, without its password', async () => {
    const { port } = await proxy({ password: 'right' })
    const api = await provider()
    for (const [address, reason] of [
      [`http://ada:canary@127.0.0.1:${port}`, 'PROXY'],
      ['http://ada:canary@127.0.0.1:1', 'CONNECTION_REFUSED'],
    ] as const) {
      const [send] = clients({ proxies: proxiesOf(address, {}) })
      for (const scheme of ['http', 'https']) {
        const error: unknown = await send!(read(`${scheme}://pbx.example:${api.port}/`)).catch(
          (thrown: unknown) => thrown,
        )
        expect(error).toMatchObject({
          code: 'PROVIDER_UNAVAILABLE',
          reason,
          message: expect.stringContaining('the proxy'),
        })
        expect(inspect(error, { depth: 20 })).not.toMatch(/canary/)
      }
    }
    expect(api.headers).toEqual([])
    expect(inspect(proxiesOf('http://ada:canary@127.0.0.1:1', {}), { depth: 20 })).not.toMatch(/canary/)
  })

  test('nothing is sent to a private address, by name or by number, and a name nobody knows here is the proxy’s to find', async () => {
    const { lines, port } = await proxy()
    const api = await provider()
    const refused: string[] = []
    const addresses: Record<string, string> = {
      'inside.example': '10.0.0.7',
      'both.example': '::1',
      'public.example': '93.184.216.34',
    }
    const [send] = clients({
      proxies: proxiesOf(`http://127.0.0.1:${port}`, {}),
      mayBePrivate: (origin) => origin === `http://own.example:${api.port}`,
      onRefused: (host) => void refused.push(host),
      resolve: async (name) => {
        if (name === '127.0.0.1') return [{ address: name, family: 4 }]
        const address = addresses[name]
        if (!address) throw Object.assign(new Error(name), { code: 'ENOTFOUND' })
        return [{ address, family: address.includes(':') ? 6 : 4 }]
      },
    })
    for (const host of ['127.0.0.1', '169.254.169.254', '[::1]', 'localhost', 'inside.example', 'both.example'])
      await expect(send!(read(`http://${host}:${api.port}/`))).rejects.toMatchObject({
        reason: 'PRIVATE_ADDRESS',
        unsent: true,
      })
    expect(lines).toEqual([])
    expect(refused).toHaveLength(6)
    for (const host of ['public.example', 'nobody-knows.example', 'own.example'])
      expect(await send!(read(`http://${host}:${api.port}/`))).toMatchObject({ status: 200 })
    expect(lines).toHaveLength(3)
  })

  test('what NO_PROXY names is reached without it', async () => {
    const { lines, port } = await proxy()
    const api = await provider()
    const proxies = proxiesOf(`http://127.0.0.1:${port}`, { NO_PROXY: '127.0.0.0/8' })
    for (const send of clients({ proxies }))
      expect(await send(read(`http://127.0.0.1:${api.port}/`))).toMatchObject({ status: 200 })
    expect(lines).toEqual([])
  })
})

test.each<[string, string, boolean]>([
  ['', 'https://pbx.example', false],
  ['*', 'https://pbx.example', true],
  ['pbx.example', 'https://pbx.example', true],
  ['PBX.Example', 'https://pbx.example', true],
  ['pbx.example', 'https://api.pbx.example', true],
  ['.pbx.example', 'https://api.pbx.example', true],
  ['.pbx.example', 'https://pbx.example', true],
  ['*.pbx.example', 'https://api.pbx.example', true],
  ['pbx.example', 'https://otherpbx.example', false],
  ['bx.example', 'https://pbx.example', false],
  ['a.example, pbx.example', 'https://pbx.example', true],
  ['a.example pbx.example', 'https://pbx.example', true],
  ['pbx.example:443', 'https://pbx.example', true],
  ['pbx.example:80', 'http://pbx.example', true],
  ['pbx.example:8443', 'https://pbx.example', false],
  ['10.1.2.3', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.0.0.0/99', 'https://10.1.2.3', false],
  ['fd00::/8', 'https://[fd00::1]', true],
  ['[fd00::1]:8443', 'https://[fd00::1]:8443', true],
  ['[fd00::1]:8443', 'https://[fd00::1]', false],
  ['fd00::1', 'https://[fd00::1]', true],
  ['::1', 'http://[::1]:3000', true],
  ['example.', 'https://pbx.example', true],
])('NO_PROXY "%s" and %s: %s', (except, origin, isExcepted) => {
  const proxy = new Secret('http://127.0.0.1:1')
  expect(proxyFor({ http: proxy, https: proxy, except }, new URL(origin))).toBe(isExcepted ? null : proxy)
})
