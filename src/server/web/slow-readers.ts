import type { Socket } from 'node:net'

import type { FastifyInstance } from 'fastify'

import { whenClosed } from './when-closed.js'

export interface SlowReaderLimits {
  /** Within this time a client must have read a response, ms. */
  readonly responseTimeoutMs: number
  /** Bytes of responses that clients have not read yet, all together. */
  readonly waitingResponseBytes: number
}

/**
 * Closes the connections of clients that do not read their responses: each after its time-out, and
 * the one waited for longest when too many bytes are buffered. Streams have back pressure, and
 * time-outs of their own.
 */
export function closeSlowReaders(app: FastifyInstance, limits: SlowReaderLimits): void {
  // In order of their first unread response. Keyed by socket, which lives longer than a response:
  // V8 promotes the entries of a map that churns to its old generation.
  const waiting = new Map<Socket, number>()
  let bytes = 0
  const release = (socket: Socket, length = Infinity) => {
    const before = waiting.get(socket) ?? 0
    const left = Math.max(0, before - length)
    bytes -= before - left
    if (left > 0) waiting.set(socket, left)
    else waiting.delete(socket)
  }
  app.addHook('onSend', ({ raw: { socket } }, reply, payload, done) => {
    // A closed socket emits no further `close` to release its bytes.
    if (socket.destroyed || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return done()
    const late = setTimeout(() => socket.destroy(), limits.responseTimeoutMs)
    const { length } = payload
    waiting.set(socket, (waiting.get(socket) ?? 0) + length)
    bytes += length
    whenClosed(reply, () => {
      clearTimeout(late)
      release(socket, length)
    })
    for (const slowest of waiting.keys()) {
      if (bytes <= limits.waitingResponseBytes || slowest === socket) break
      slowest.destroy()
      release(slowest)
    }
    done()
  })
}
