import { connect, type Socket } from 'node:net'

import { expect, test } from '@jest/globals'

import { open, start } from './opened.js'
import { until } from './ticker-server.js'

const TICKS = 'subscription { ticks { text cursor } }'
const EVENT = 'event: next\ndata: {"data":{"ticks":{"text":"one","cursor":"1"}}}\n\n'
const TWO = 'event: next\ndata: {"data":{"ticks":{"text":"two","cursor":"2"}}}\n\n'

/** What a server answers to requests that are sent all at once, byte for byte. */
function askAtOnce(url: string, version: string, queries: readonly string[]) {
  const { hostname, port, host } = new URL(url)
  let text = ''
  const socket: Socket = connect(Number(port), hostname, () => {
    for (const query of queries) {
      const body = JSON.stringify({ query })
      const head = [
        `POST /graphql HTTP/${version}`,
        `host: ${host}`,
        'accept: text/event-stream, application/json;q=0.5',
      ]
      const about = ['content-type: application/json', `content-length: ${body.length}`]
      socket.write(`${[...head, ...about].join('\r\n')}\r\n\r\n${body}`)
    }
  })
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  open.push({ close: () => socket.destroy() })
  return () => text
}

/** The last answer: its head, and its body as it came. */
function lastAnswer(text: string): readonly [head: string, body: string] {
  const answer = text.slice(text.lastIndexOf('HTTP/1.1 200'))
  const at = answer.indexOf('\r\n\r\n')
  return [answer.slice(0, at).toLowerCase(), answer.slice(at + 4)]
}

/** The content of whole chunks, RFC 9112 §7.1. */
function unchunked(text: string): string {
  const [size, digits] = /^([0-9a-f]+)\r\n/.exec(text) ?? []
  if (!size) return ''
  const end = size.length + parseInt(digits!, 16)
  expect(text.slice(end, end + 2)).toBe('\r\n')
  return text.slice(size.length, end) + unchunked(text.slice(end + 2))
}

test.each([
  ['alone', [TICKS]],
  ['behind a query on the same connection', ['{ hello }', TICKS]],
])('a subscription over HTTP/1.1, asked %s, comes in chunks that hold each event whole', async (_name, queries) => {
  const server = await start()
  const text = askAtOnce(server.url, '1.1', queries)
  await until(() => server.ticker.listeners > 0)
  server.ticker.append('one')
  await until(() => text().includes('"one"'))
  server.ticker.append('two')
  await until(() => text().includes('"two"'))
  const [head, body] = lastAnswer(text())
  expect(head).toContain('transfer-encoding: chunked')
  expect(unchunked(body)).toBe(`:\n\n${EVENT}${TWO}`)
})

test('a subscription over HTTP/1.0, which knows no chunks, comes without', async () => {
  const server = await start()
  const text = askAtOnce(server.url, '1.0', [TICKS])
  await until(() => server.ticker.listeners > 0)
  server.ticker.append('one')
  await until(() => text().includes('"one"'))
  const [head, body] = lastAnswer(text())
  expect(head).not.toContain('transfer-encoding')
  expect(body).toBe(`:\n\n${EVENT}`)
})
