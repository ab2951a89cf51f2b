import type { Client, Sink, SubscribePayload } from 'graphql-ws'

import { socket } from './socket.js'

type Answer = { readonly data?: Readonly<Record<string, unknown>> | null }

/**
 * Subscribes at the socket of now: another key has another one. Whatever has `resumeAfter` among its
 * variables goes on after the last event that came, whenever the connection comes back.
 */
export const subscribeGoingOn: Client['subscribe'] = (payload, sink) => {
  if (!payload.variables || !('resumeAfter' in payload.variables)) return socket().subscribe(payload, sink)
  // The very object that is sent each time the connection is made.
  const variables = { ...payload.variables }
  const going: Sink = {
    next(result) {
      for (const event of Object.values((result as Answer).data ?? {})) {
        const cursor = (event as { readonly cursor?: unknown } | null)?.cursor
        if (typeof cursor === 'string') variables['resumeAfter'] = cursor
      }
      sink.next(result as never)
    },
    error: (error) => sink.error(error),
    complete: () => sink.complete(),
  }
  return socket().subscribe({ ...payload, variables } satisfies SubscribePayload, going)
}
