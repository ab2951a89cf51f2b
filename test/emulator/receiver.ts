import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly path: string
  readonly contentType: string
  readonly authorization: string | null
  readonly body: string
}

/** A server that emulators deliver to. */
export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** Answers of the next requests, in order; then 204. `none`: the connection is closed. */
  answer(...answers: (number | 'none' | { readonly status: number; readonly retryAfter: number })[]): void
}

/** Starts a receiver on any free port, and closes it after the test. */
export async function withReceiver(test: (receiver: Receiver) => Promise<void>): Promise<void> {
  const received: Received[] = []
  let answers: Parameters<Receiver['answer']> = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        contentType: request.headers['content-type'] ?? '',
        authorization: request.headers.authorization ?? null,
        body: Buffer.concat(chunks).toString('utf8'),
      })
      const answer = answers.shift() ?? 204
      if (answer === 'none') return void request.socket.destroy()
      const { status, retryAfter } = typeof answer === 'number' ? { status: answer, retryAfter: null } : answer
      response.writeHead(status, {
        connection: 'close',
        ...(retryAfter !== null && { 'retry-after': String(retryAfter) }),
      })
      response.end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  try {
    await test({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      received,
      answer: (...next) => void (answers = next),
    })
  } finally {
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }
}
