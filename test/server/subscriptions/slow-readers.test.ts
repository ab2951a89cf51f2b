import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { expect, test } from '@jest/globals'

import { open, start } from './opened.js'
import { until } from './ticker-server.js'

const MEBIBYTE = 1024 * 1024
const BIG = 'x'.repeat(60_000)
const TICKS = 'subscription ($after: String) { ticks(resumeAfter: $after) { text cursor } }'

test.each(['websocket', 'sse'] as const)(
  'a client that reads slowly is sent what it has missed over %s, however long that takes',
  async (transport) => {
    const server = await start()
    const { ticker, clock } = server
    ticker.append(...Array.from({ length: 700 }, (_, at) => `${at} ${BIG}`))
    const address = new URL(server.url)
    const socket = connect(Number(address.port), address.hostname)
    open.push({ close: () => socket.destroy() })
    let read = 0
    socket.on('data', ({ length }: Buffer) => {
      read += length
      if (read >= most) socket.pause()
    })
    let most = MEBIBYTE
    socket.write(asking(transport))
    // Nothing for a while, and then more than the system holds.
    for (let step = 0; step < 4; step++) {
      await until(() => read >= most)
      clock.advance(20)
      await delay(100)
      most += 8 * MEBIBYTE
      socket.resume()
    }
    await until(() => read >= most)
    expect([server.logged('subscription ended'), socket.readyState]).toEqual([[], 'open'])
  },
  60_000,
)

/** What a client writes first that wants all events there were. */
function asking(transport: 'websocket' | 'sse'): Buffer {
  const payload = { query: TICKS, variables: { after: '0' } }
  const head = (...lines: string[]) => Buffer.from([...lines, 'host: localhost', '', ''].join('\r\n'))
  if (transport === 'sse') {
    const body = Buffer.from(JSON.stringify(payload))
    const lines = ['accept: text/event-stream', 'content-type: application/json', `content-length: ${body.length}`]
    return Buffer.concat([head('POST /graphql HTTP/1.1', ...lines), body])
  }
  const upgrade = ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13']
  const key = `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`
  const messages = [{ type: 'connection_init' }, { id: 'a', type: 'subscribe', payload }]
  return Buffer.concat([
    head('GET /graphql HTTP/1.1', ...upgrade, key, 'sec-websocket-protocol: graphql-transport-ws'),
    ...messages.map(masked),
  ])
}

/** One frame of a client (RFC 6455 §5.2), masked with zeros. */
function masked(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  const length = text.length < 126 ? [0x80 | text.length] : [0x80 | 126, text.length >> 8, text.length & 0xff]
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), text])
}
