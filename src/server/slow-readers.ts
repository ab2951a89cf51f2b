import type { ServerResponse } from 'node:http'

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
  // In the order in which they were ready.
  const waiting = new Map<ServerResponse, number>()
  let bytes = 0
  const forget = (response: ServerResponse) => {
    bytes -= waiting.get(response) ?? 0
    waiting.delete(response)
  }
  app.addHook('onSend', async ({ raw: { socket } }, { raw: response }, payload) => {
    // Who has gone before there was an answer will not be heard of again.
    if (socket.destroyed || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return
    const late = setTimeout(() => socket.destroy(), limits.responseTimeoutMs)
    waiting.set(response, payload.length)
    bytes += payload.length
    response.once('close', () => {
      clearTimeout(late)
      forget(response)
    })
    for (const slowest of waiting.keys()) {
      if (bytes <= limits.waitingResponseBytes || slowest === response) break
      slowest.destroy()
      forget(slowest)
    }
  })
}
