import { randomBytes, randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export type Transport = 'websocket' | 'sse'

export interface SubscriberOptions {
  readonly url: string
  readonly transport: Transport
  readonly headers: Readonly<Record<string, string>>
  readonly document: string
  /** Called with each result: the bytes it is in, which are overwritten afterwards, and where it stands in them. */
  readonly onResult: (bytes: Buffer, from: number, to: number) => void
}

/** One client on a connection of its own, as cheap as it can be: a thousand of them share a core. */
export interface Subscriber {
  /** Resolves once the server has taken it; rejects when it has not. */
  readonly opened: Promise<void>
  /** From now on nothing is read. */
  pause(): void
  resume(): void
  /** Whether the server has ended the connection, as far as has been read. */
  isEnded(): boolean
  close(): void
}

const [TEXT, CLOSE, PING, PONG] = [0x1, 0x8, 0x9, 0xa]
const EVENT_END = Buffer.from('\n\n')
const HEAD_END = Buffer.from('\r\n\r\n')
/** Read into by all: what is left of it for later is copied. */
const shared = Buffer.allocUnsafe(256 * 1024)

export function subscriber(options: SubscriberOptions): Subscriber {
  const { url, transport, headers, document, onResult } = options
  const { hostname, port, host, pathname } = new URL(url)
  const body = JSON.stringify({ query: document })
  let unread: Buffer | null = null
  let isOpen = false
  let isEnded = false
  let settle!: { resolve(): void; reject(error: Error): void }
  const opened = new Promise<void>((resolve, reject) => (settle = { resolve, reject }))

  const socket: Socket = connect({
    ...{ host: hostname, port: Number(port), noDelay: true },
    onread: {
      buffer: shared,
      callback(length) {
        receive(shared.subarray(0, length))
        return true
      },
    },
  })
  socket.on('connect', () => socket.write(transport === 'websocket' ? upgrade() : post()))
  socket.on('error', (error) => over(error))
  socket.on('close', () => over(new Error('the server closed the connection')))

  const lines = (first: string, more: Readonly<Record<string, string | number>>) =>
    `${[first, ...Object.entries({ host, ...headers, ...more }).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`

  const upgrade = () =>
    lines(`GET ${pathname} HTTP/1.1`, {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': 13 },
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': 'graphql-transport-ws',
    })

  const post = () =>
    lines(`POST ${pathname} HTTP/1.1`, {
      ...{ accept: 'text/event-stream', 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    }) + body

  function over(error: Error): void {
    isEnded = true
    settle.reject(error)
    socket.destroy()
  }

  function receive(chunk: Buffer): void {
    const bytes = unread === null ? chunk : Buffer.concat([unread, chunk])
    const from = isOpen ? 0 : openedBy(bytes)
    const read = from < 0 ? 0 : (transport === 'websocket' ? readFrames : readEvents)(bytes, from)
    unread = read === bytes.length ? null : Buffer.from(bytes.subarray(read))
  }

  /** Where what follows the head of the response begins; -1 while the head is not whole. */
  function openedBy(bytes: Buffer): number {
    const end = bytes.indexOf(HEAD_END)
    if (end < 0) return -1
    const status = bytes.toString('latin1', 9, 12)
    if (status !== (transport === 'websocket' ? '101' : '200')) over(new Error(`it was answered ${bytes.toString()}`))
    isOpen = true
    if (transport === 'sse') settle.resolve()
    else send(TEXT, '{"type":"connection_init"}')
    return end + HEAD_END.length
  }

  /** RFC 6455 §5.2; the server's frames are not masked, and none is in parts. Answers how far whole frames go. */
  function readFrames(bytes: Buffer, from: number): number {
    let at = from
    while (at + 2 <= bytes.length) {
      const short = bytes[at + 1]! & 0x7f
      const head = short < 126 ? 2 : short === 126 ? 4 : 10
      if (at + head > bytes.length) return at
      const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6)
      const end = at + head + length
      if (end > bytes.length) return at
      take(bytes[at]! & 0x0f, bytes, at + head, end)
      at = end
    }
    return at
  }

  function take(opcode: number, bytes: Buffer, from: number, to: number): void {
    if (opcode === PING) return send(PONG, bytes.toString('latin1', from, to))
    if (opcode === CLOSE) return over(new Error(`the server closed: ${bytes.toString('utf8', from + 2, to)}`))
    if (opcode !== TEXT) return
    if (isResult(bytes, from, to)) return onResult(bytes, from, to)
    const { type } = JSON.parse(bytes.toString('utf8', from, to)) as { type: string }
    if (type === 'connection_ack') {
      // As graphql-ws does: no two subscriptions have the same id.
      send(TEXT, `{"id":"${randomUUID()}","type":"subscribe","payload":${body}}`)
      settle.resolve()
    } else if (type === 'ping') send(TEXT, '{"type":"pong"}')
    else over(new Error(`it was told ${bytes.toString('utf8', from, to)}`))
  }

  /** Events end with an empty line; the sizes of the chunks between them are skipped with what is no event. */
  function readEvents(bytes: Buffer, from: number): number {
    let at = from
    for (let end = bytes.indexOf(EVENT_END, at); end >= 0; end = bytes.indexOf(EVENT_END, at)) {
      const data = bytes.indexOf('data: {', at)
      if (data >= 0 && data < end) onResult(bytes, data + 'data: '.length, end)
      at = end + EVENT_END.length
    }
    return at
  }

  /** Masked by zeros, which changes nothing. */
  function send(opcode: number, text: string): void {
    const payload = Buffer.from(text)
    const { length } = payload
    const head = Buffer.from(
      length < 126
        ? [0x80 | opcode, 0x80 | length, 0, 0, 0, 0]
        : [0x80 | opcode, 0xfe, length >> 8, length & 0xff, 0, 0, 0, 0],
    )
    socket.write(Buffer.concat([head, payload]))
  }

  return {
    opened,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    isEnded: () => isEnded,
    close: () => void socket.destroy(),
  }
}

const NEXT = Buffer.from('"type":"next"')

/** Seen in its first bytes, or not at all: two servers write the type before the payload. */
function isResult(bytes: Buffer, from: number, to: number): boolean {
  const at = bytes.indexOf(NEXT, from)
  return at >= 0 && at < to
}
