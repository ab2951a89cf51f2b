import type { OutgoingHttpHeaders } from 'node:http'

import type { FastifyReply } from 'fastify'

import type { Clock } from '../../clock.js'
import type { Caller } from '../callers/caller.js'
import { Backlog } from './backlog.js'
import type { Transport } from './engine.js'
import type { CloseReason, StreamConnection } from './connections.js'
import type { StreamFormat } from './stream-format.js'
import type { Subscriber, SubscriptionEnd } from './subscription.js'

export interface StreamResponseOptions {
  readonly transport: Transport
  readonly format: StreamFormat
  readonly caller: Caller
  readonly clock: Pick<Clock, 'monotonic'>
  /** Bytes it may leave unread. */
  readonly bufferBytes: number
  /** Within this time its client must read something, ms. */
  readonly stalledMs: number
  readonly onSlow: () => void
}

/** A response that goes on for as long as a subscription does. */
export interface StreamResponse extends StreamConnection {
  readonly subscriber: Subscriber
  /** The subscription that is ended with the response. */
  attach(subscription: { stop(how: SubscriptionEnd): void }): void
}

export const KEEP_ALIVE_MS = 12_000
/** For what is left in the buffer of a client that reads slowly. */
const CLOSING_MS = 10_000

/** Sends the head of the stream and takes the response out of Fastify's hands. */
export function openStreamResponse(reply: FastifyReply, options: StreamResponseOptions): StreamResponse {
  const { transport, format, caller, clock, bufferBytes, stalledMs } = options
  const { raw: response } = reply.hijack()
  const { socket } = response
  let stop: (how: SubscriptionEnd) => void = () => {}
  let ended: SubscriptionEnd | null = response.destroyed ? 'client' : null
  let sentAt = clock.monotonic()
  const backlog = new Backlog(socket)

  function end(how: SubscriptionEnd, last = ''): void {
    if (ended) return
    ended = how
    stop(how)
    response.end(last)
    setTimeout(() => response.destroy(), CLOSING_MS).unref()
  }

  function write(send: () => unknown): void {
    if (ended) return
    // Before it is added: what is larger than the bound must be deliverable, too.
    if (response.writableLength > bufferBytes) return fallBehind()
    sentAt = clock.monotonic()
    send()
  }

  function fallBehind(): void {
    options.onSlow()
    end('slow')
  }

  response.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': format.contentType,
    // nginx would gather what is sent.
    'x-accel-buffering': 'no',
    // A stopping server waits for connections that could be used again.
    connection: 'close',
  })
  // Each event is a packet of its own that nothing should wait for.
  socket?.setNoDelay(true)
  response.write(format.opening)
  // Written by HTTP, each chunk would be made and copied anew for each subscriber, in four parts.
  const chunked = response.chunkedEncoding ? socket : null
  const stream = chunked ?? response
  response.once('close', () => {
    ended ??= 'client'
    stop(ended)
  })

  return {
    transport,
    caller,
    subscriber: {
      next: (payload) =>
        write(() =>
          chunked ? chunked.write(payload.frame(format.nextChunk)) : response.write(payload.frame(format.next)),
        ),
      complete: () => end('completed', format.completion),
      fallBehind,
      drained: () =>
        ended || response.writableLength <= bufferBytes / 2
          ? undefined
          : new Promise((resolve) => {
              const done = () => {
                stream.off('drain', done).off('close', done)
                resolve()
              }
              stream.on('drain', done).on('close', done)
            }),
    },
    attach(subscription) {
      stop = (how) => subscription.stop(how)
      if (ended) stop(ended)
    },
    beat() {
      const now = clock.monotonic()
      if (backlog.look(now) >= stalledMs) return void response.destroy()
      if (now - sentAt >= KEEP_ALIVE_MS) write(() => response.write(format.heartbeat))
    },
    // Never `complete`, which would tell the client not to come back.
    close: (reason: CloseReason) => end(reason),
    terminate: () => response.destroy(),
  }
}
