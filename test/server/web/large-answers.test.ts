import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { afterEach, expect, test } from '@jest/globals'

import { startBareServer, type BareServer } from '../bare-server.js'

let server: BareServer | null = null
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server?.close()
})

/** Texts whose answers just fit into a place, just do not, or have as many bytes as no place has, by the letter they are of. */
const LENGTHS: readonly (readonly [string, number])[] = [
  ['a', 10],
  ['b', 65_500],
  ['c', 65_536],
  ['d', 1_048_500],
  ['e', 1_048_576],
  ['f', 3_000_000],
  ['ğ', 500_000],
  ['ş', 524_280],
  ['ü', 524_288],
  ['€', 400_000],
  ['😀', 200_000],
  ['😁', 300_000],
]

async function start(): Promise<URL> {
  const fields = Object.fromEntries(
    LENGTHS.map(([letter, length], index) => [`text${index}`, () => letter.repeat(length)]),
  )
  const [few, filler] = [() => 'X'.repeat(900_000), () => 'Y'.repeat(900_000)]
  server = await startBareServer({ ...fields, few, filler })
  return new URL(`${server.url}/graphql`)
}

async function ask(url: URL, query: string) {
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'identity' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return {
    bytes: Buffer.from(await response.arrayBuffer()),
    length: Number(response.headers.get('content-length')),
  }
}

test('an answer is the same bytes whatever its length and letters, by either road, and says how many', async () => {
  const url = await start()
  for (let time = 0; time < 3; time += 1) {
    for (const [index, [letter, length]] of LENGTHS.entries()) {
      const { bytes, length: told } = await ask(url, `{ text${index} }`)
      const expected = Buffer.from(JSON.stringify({ data: { [`text${index}`]: letter.repeat(length) } }))
      expect([letter, told, bytes.equals(expected)]).toEqual([letter, expected.length, true])
    }
  }
})

const [X, Y] = [...Buffer.from('XY')] as [number, number]

test('an answer that its client reads late is not written over by the answers to others', async () => {
  const url = await start()
  for (const query of ['{ few }', '{ filler }']) for (let time = 0; time < 2; time += 1) await ask(url, query)
  const late = connect({ port: Number(url.port), host: url.hostname })
  sockets.push(late)
  await once(late, 'connect')
  late.pause()
  const body = JSON.stringify({ query: '{ few }' })
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
  // More of them than the system keeps for a client that does not read.
  const requests = 16
  for (let index = 0; index < requests; index += 1) late.write(`${head}\r\n\r\n${body}`)
  for (let index = 0; index < 20; index += 1) await ask(url, '{ filler }')
  let [letters, others] = [0, 0]
  late.on('data', (chunk: Buffer) => {
    for (const byte of chunk) {
      if (byte === X) letters += 1
      if (byte === Y) others += 1
    }
  })
  late.resume()
  while (letters + others < requests * 900_000) await once(late, 'data')
  expect([letters, others]).toEqual([requests * 900_000, 0])
})
