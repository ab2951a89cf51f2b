import { createServer, type AddressInfo, type Socket } from 'node:net'

import { answersOf, type Office } from './offices.js'

/** A provider that only answers: what it says was made before the first question. */
export interface Stub {
  /** `http://127.0.0.1:port`; an office is below it, by its key. */
  readonly url: string
  /** Requests since the last `clear`, token endpoint aside. */
  count(): number
  /** The same by path. */
  asked(): Readonly<Record<string, number>>
  clear(): void
  /** From now on it is so far away, ms. */
  move(latencyMs: number): void
  close(): Promise<void>
}

export interface StubOptions {
  readonly offices: readonly Office[]
  /** How far away it is. */
  readonly latencyMs?: number
  /** Answers that are not kept but made, by path; what a million calls need. */
  readonly made?: ReadonlyMap<string, (query: URLSearchParams) => unknown>
}

/**
 * Speaks as much HTTP/1.1 as clients need that send a request, wait for its answer and keep the connection. It shares a core with whoever
 * asks the server under test, so it must cost next to nothing: `node:http` costs three times as much.
 */
export async function startStub({ offices, latencyMs = 0, made = new Map() }: StubOptions): Promise<Stub> {
  const kept = new Map<string, Buffer>()
  for (const office of offices) {
    for (const [path, answer] of answersOf(office)) kept.set(`/${office.key}${path}`, packed(answer))
  }
  let counts = new Map<string, number>()
  let distance = latencyMs
  const sockets = new Set<Socket>()

  function answer(target: string): Buffer {
    const [path = '', search = ''] = target.split('?', 2)
    if (path === TOKEN_PATH) return TOKEN
    counts.set(path, (counts.get(path) ?? 0) + 1)
    const make = made.get(path)
    if (make) return packed(make(new URLSearchParams(search)))
    // What was made before is one page; whoever asks for more has misread it.
    return (/(?:^|&)page=(?!1(?:&|$))/.test(search) ? undefined : kept.get(path)) ?? NOT_FOUND
  }

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    let read = ''
    socket.on('data', (chunk: Buffer) => {
      read += chunk.toString('latin1')
      for (let end = read.indexOf(END_OF_HEAD); end >= 0; end = read.indexOf(END_OF_HEAD)) {
        const head = read.slice(0, end)
        const length = head.startsWith('GET') ? 0 : Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
        if (read.length < end + END_OF_HEAD.length + length) return
        read = read.slice(end + END_OF_HEAD.length + length)
        const bytes = answer(head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/')))
        if (distance === 0) socket.write(bytes)
        else setTimeout(() => socket.write(bytes), distance)
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    asked: () => Object.fromEntries(counts),
    clear() {
      counts = new Map()
    },
    move(latencyMs) {
      distance = latencyMs
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const TOKEN_PATH = '/oauth/token'
const END_OF_HEAD = '\r\n\r\n'

function packed(answer: unknown, status = '200 OK'): Buffer {
  const body = Buffer.from(JSON.stringify(answer))
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}${END_OF_HEAD}`
  return Buffer.concat([Buffer.from(head), body])
}

const NOT_FOUND = packed({ error: 'Not found' }, '404 Not Found')
const TOKEN = packed({
  access_token: 'access-token-of-the-stub',
  refresh_token: 'refresh-token-of-the-stub',
  token_type: 'bearer',
  expires_in: 7_200,
})
