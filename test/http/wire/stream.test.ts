import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { json } from '../../../src/emulator/serve.js'
import { ProviderError } from '../../../src/errors.js'
import type { Authorizer } from '../../../src/http/account/authorizer.js'
import type { FileReply } from '../../../src/http/rest.js'
import type { HttpLimits } from '../../../src/http/limits.js'
import { pathSegment } from '../../../src/http/path-segment.js'
import { clientOf, noLogin, upstream, readsOf } from '../upstream.js'
import { anyText } from '../../support/any-text.js'
import { cases } from '../../support/proof.js'

const SOUND = Buffer.concat([Buffer.from('OggS\0'), Buffer.alloc(10_000, 5)])

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function started(limits: Partial<HttpLimits> = {}, authorizer: Authorizer = noLogin) {
  const server = await upstream([
    { method: 'GET', pattern: /\/sound/, handle: () => ({ status: 200, body: SOUND }) },
    { method: 'GET', pattern: /\/error/, handle: () => json({ error: 'Token expired' }) },
  ])
  const { client, sender } = clientOf(server.url, limits, authorizer)
  open.push(sender, server)
  const stop = new AbortController()
  let sent = 0
  return { server, client, stop, rest: readsOf(client, stop.signal).rest(() => (sent += 1)), sent: () => sent }
}

async function bytesOf(reply: FileReply | null): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of reply!.stream!.chunks) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('a file', () => {
  test('comes as it is, uncompressed, with its beginning to look at', async () => {
    const { server, rest } = await started()
    const reply = await rest.file(`${server.url}/sound`, { a: 1 }, { range: 'bytes=0-9' })
    expect(reply!.stream!.beginning.subarray(0, 5)).toEqual(SOUND.subarray(0, 5))
    expect((await bytesOf(reply)).equals(SOUND)).toBe(true)
    expect(server.journal.entries[0]).toMatchObject({
      query: { a: '1' },
      headers: { range: 'bytes=0-9', 'accept-encoding': 'identity' },
    })
  })

  test.each(['none', 'binary', 'utf-8', 'aws-chunked'])(
    'labelled %s, which is no way to pack it, is a file',
    async (coding) => {
      const { server, rest } = await started()
      server.faults.next({ headers: { 'content-encoding': coding } })
      expect((await bytesOf(await rest.file(`${server.url}/sound`))).equals(SOUND)).toBe(true)
    },
  )

  test('is read anew each time, and counted each time', async () => {
    const { server, rest, sent } = await started()
    for (let turn = 0; turn < 2; turn += 1) await bytesOf(await rest.file(`${server.url}/sound`))
    expect([server.journal.entries.length, sent()]).toEqual([2, 2])
  })

  test('that is not there is null', async () => {
    const { server, rest } = await started()
    expect(await rest.file(`${server.url}/missing`)).toBeNull()
  })

  test('is asked for at the addresses of the account alone', async () => {
    const { server, rest } = await started()
    await expect(rest.file('http://127.0.0.1:1/sound')).rejects.toMatchObject({
      code: 'PROVIDER_MISCONFIGURED',
      reason: 'ORIGIN',
    })
    expect(server.journal.entries).toEqual([])
  })

  test('that is an error in JSON is shown to the login, whose next one opens it', async () => {
    const told: string[] = []
    const authorizer: Authorizer = {
      ...noLogin,
      reauthorize: async ({ body }, { request }) => {
        told.push(body)
        return body.includes('expired')
          ? { request: { ...request, url: request.url.replace('error', 'sound') }, login: 2 }
          : null
      },
    }
    const { server, rest } = await started({}, authorizer)
    expect((await bytesOf(await rest.file(`${server.url}/error`))).equals(SOUND)).toBe(true)
    expect(told).toEqual(['{"error":"Token expired"}'])
    // The bytes of a file are nothing a login is told.
    await bytesOf(await rest.file(`${server.url}/sound`))
    expect(told[1]).toBe('')
  })

  test('that fails again and again opens the circuit for everything of the account', async () => {
    const { server, client, rest } = await started({ breakerFailures: 3, attempts: 1 })
    server.faults.next({ status: 503, times: 3 })
    for (let turn = 0; turn < 3; turn += 1)
      await expect(rest.file(`${server.url}/sound`)).rejects.toThrow(ProviderError)
    expect(client.health().circuit).toBe('OPEN')
    await expect(rest.get(`${server.url}/ok`)).rejects.toMatchObject({ reason: 'CIRCUIT_OPEN' })
  })

  test('takes no place among the requests while it is read', async () => {
    const { server, rest } = await started({ providerConcurrency: 1, providerQueue: 0 })
    const files = [await rest.file(`${server.url}/sound`), await rest.file(`${server.url}/sound`)]
    expect((await rest.get(`${server.url}/ok`)).body).toEqual({ fine: true })
    for (const file of files) expect((await bytesOf(file)).length).toBe(SOUND.length)
  })

  test('has its first bytes by the deadline, and then all the time it needs', async () => {
    let release = () => {}
    const slow = createServer((request, response) => {
      response.writeHead(200)
      if (request.url === '/never') return response.flushHeaders()
      response.write(SOUND)
      return void new Promise<void>((resolve) => (release = resolve)).then(() => response.end(SOUND))
    })
    slow.listen(0, '127.0.0.1')
    await once(slow, 'listening')
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`
    const { client, sender } = clientOf(url, { providerTimeoutMs: 1_000 })
    open.push(sender, {
      async close() {
        slow.closeAllConnections()
        await new Promise((resolve) => slow.close(resolve))
      },
    })
    const rest = readsOf(client).rest()
    await expect(rest.file(`${url}/never`)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' })
    const reply = await rest.file(`${url}/slow`)
    setTimeout(release, 1_200)
    expect((await bytesOf(reply)).length).toBe(2 * SOUND.length)
  })

  test('that breaks off says so, and says that the operation ended when that is why', async () => {
    const { server, rest, stop } = await started()
    server.faults.next({ truncate: true })
    await expect(rest.file(`${server.url}/sound`).then(bytesOf)).rejects.toMatchObject({
      code: 'PROVIDER_BAD_RESPONSE',
      reason: 'TRUNCATED',
    })
    const whole = await rest.file(`${server.url}/sound`)
    stop.abort()
    await expect(bytesOf(whole)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT', reason: 'OPERATION_ENDED' })
  })
})

test('a name is one piece of a path or none at all', () => {
  fc.assert(
    fc.property(fc.oneof(anyText(), fc.webPath(), fc.constantFrom('..', '.', '%2e%2e', '\\')), (name) => {
      const segment = pathSegment(name)
      if (segment === null) return
      const url = new URL(`http://provider.example/api/recordings/${segment}/stream`)
      expect([url.host, url.search, url.hash]).toEqual(['provider.example', '', ''])
      expect(url.pathname.split('/').slice(0, 3).concat(url.pathname.split('/').slice(4))).toEqual([
        '',
        'api',
        'recordings',
        'stream',
      ])
      expect(decodeURIComponent(url.pathname.split('/')[3]!)).toBe(name)
    }),
    { numRuns: cases(1000) },
  )
})
