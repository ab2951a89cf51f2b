import type { Socket } from 'node:net'

import type { FastifyInstance } from 'fastify'

export interface SlowReaderLimits {
  /** Time a client has to take an answer that is ready, ms. */
  readonly responseTimeoutMs: number
  /** Bytes of answers that are ready and not taken yet, all clients together. */
  readonly waitingResponseBytes: number
}

/**
 * Closes the connections of clients that do not take their answers: each after its time, and the one that has been waited for longest
 * when all that waits is too much to keep. A stream waits for its reader by itself, and whoever sends one bounds how long.
 */
export function closeSlowReaders(app: FastifyInstance, limits: SlowReaderLimits): void {
  // In the order in which they had something ready. Not by answer: a map that answers come to and go from keeps them from dying young.
  const waiting = new Map<Socket, number>()
  let bytes = 0
  const forget = (socket: Socket, length = Infinity) => {
    const known = waiting.get(socket) ?? 0
    const left = Math.max(0, known - length)
    bytes -= known - left
    if (left > 0) waiting.set(socket, left)
    else waiting.delete(socket)
  }
  app.addHook('onSend', async ({ raw: { socket } }, { raw: response }, payload) => {
    // Who has gone before there was an answer will not be heard of again.
    if (socket.destroyed || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return
    const late = setTimeout(() => socket.destroy(), limits.responseTimeoutMs)
    const { length } = payload
    waiting.set(socket, (waiting.get(socket) ?? 0) + length)
    bytes += length
    response.once('close', () => {
      clearTimeout(late)
      forget(socket, length)
    })
    for (const slowest of waiting.keys()) {
      if (bytes <= limits.waitingResponseBytes || slowest === socket) break
      slowest.destroy()
      forget(slowest)
    }
  })
}
