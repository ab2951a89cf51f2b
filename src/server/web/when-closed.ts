import type { FastifyReply } from 'fastify'

declare module 'fastify' {
  interface FastifyReply {
    /** What is called when the response is over. */
    closeListeners: (() => void)[] | null
  }
}

/**
 * Calls `listener` once the response has been sent, or its connection is no more: Fastify's own
 * `onResponse` never comes for a client who has gone. All of them share one listener of the response,
 * which costs a request less than one for each.
 */
export function whenClosed(reply: FastifyReply, listener: () => void): void {
  if (reply.closeListeners) return void reply.closeListeners.push(listener)
  const listeners = (reply.closeListeners = [listener])
  reply.raw.once('close', () => {
    for (const one of listeners) one()
  })
}
