import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { noProcess, startRecordingProcess, type RecordingProcess } from './recording-process.js'

const MEGABYTE = 1_000_000
const SIZE = 200 * MEGABYTE
/** What the server is warmed up with, and how often: until everything is compiled and its memory has found its size. */
const SHORT = 20 * MEGABYTE
const WARM_UPS = 10
const GROWTH = 20 * MEGABYTE

/** Every recording here is this block again and again, behind the mark of an Ogg file. */
const BLOCK = Buffer.alloc(64 * 1024, 'sound')
BLOCK.write('OggS\0', 'latin1')

const suite = noProcess ? describe.skip : describe
suite(noProcess ? `200 MB (skipped: ${noProcess})` : '200 MB through a server in a process of its own', () => {
  let provider: Server
  let server: RecordingProcess
  let link: string
  /** Bytes the provider has handed to its sockets, and answers it has under way. */
  let sent = 0
  let busy = 0

  beforeAll(async () => {
    provider = createServer((request, response) => {
      busy += 1
      response.once('close', () => (busy -= 1))
      response.on('error', () => {})
      let left = request.url?.includes('/short/') ? SHORT : SIZE
      response.writeHead(200, { 'content-type': 'audio/ogg', 'content-length': left })
      const more = () => {
        while (left > 0 && !response.destroyed) {
          const part = BLOCK.subarray(0, left)
          left -= part.length
          sent += part.length
          if (!response.write(part)) return
        }
        if (left === 0) response.end()
      }
      response.on('drain', more)
      more()
    })
    provider.listen(0, '127.0.0.1')
    await once(provider, 'listening')
    const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
    const urls = { api: url, token: `${url}/token` }
    const auth = { flow: 'static_token', token: 'master' }
    server = await startRecordingProcess({ provider: 'bulutfon', urls, auth })
    link = await server.link('long')
    for (let warmUp = 0; warmUp < WARM_UPS; warmUp += 1) await take(await opened(await server.link('short')))
  }, 60_000)

  afterAll(async () => {
    server?.close()
    provider?.closeAllConnections()
    await new Promise((resolve) => provider?.close(resolve))
  })

  test('pass whole, and leave nothing behind', async () => {
    const before = server.memory()
    let most = before
    const { bytes, sha256 } = await take(await opened(link), () => (most = Math.max(most, server.memory())))
    expect({ bytes, sha256 }).toEqual({ bytes: SIZE, sha256: expected() })
    expect(most - before).toBeLessThan(GROWTH)
  }, 60_000)

  test('are not read ahead of listeners who take nothing', async () => {
    const before = server.memory()
    const alreadySent = sent
    const listeners = await Promise.all(Array.from({ length: 8 }, () => opened(link)))
    for (const listener of listeners) listener.pause()
    // The provider stands still when what it has sent no longer grows: what is on its way then waits in sockets.
    for (let last = -1; last !== sent; await new Promise((resolve) => setTimeout(resolve, 300))) last = sent
    expect(busy).toBe(listeners.length)
    expect(sent - alreadySent).toBeLessThan((listeners.length * SIZE) / 4)
    expect(server.memory() - before).toBeLessThan(GROWTH)
    for (const listener of listeners) listener.destroy()
    while (busy > 0) await new Promise((resolve) => setImmediate(resolve))
  }, 60_000)
})

async function opened(url: string): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(200)
  return response
}

/** Takes all there is; `onMegabyte` is called along the way. */
async function take(response: IncomingMessage, onMegabyte: () => void = () => {}) {
  const hash = createHash('sha256')
  let bytes = 0
  let last = 0
  for await (const chunk of response) {
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
    if (bytes - last < MEGABYTE) continue
    last = bytes
    onMegabyte()
  }
  return { bytes, sha256: hash.digest('hex') }
}

function expected(): string {
  const hash = createHash('sha256')
  for (let left = SIZE; left > 0; left -= Math.min(left, BLOCK.length)) hash.update(BLOCK.subarray(0, left))
  return hash.digest('hex')
}
