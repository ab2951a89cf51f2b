import type { ApolloServer } from '@apollo/server'
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Clock } from '../../clock.js'
import type { Config } from '../config/config.js'
import { askApollo, sendAnswer, type GraphqlAnswer, type GraphqlHandler } from '../endpoint/graphql-over-http.js'
import { searchOf } from '../endpoint/operation-id.js'
import type { Log } from '../observing/log.js'
import { respondWithError, type ErrorStatuses } from '../web/error-response.js'
import { acceptedStream, type AcceptedStream } from './accept.js'
import type { StreamConnections } from './connections.js'
import type { SubscriptionEngine, Transport } from './engine.js'
import { preparedIn, type PreparedSubscription, type SubscriptionContext } from './prepare.js'
import { eventStream, multipartStream } from './stream-format.js'
import { openStreamResponse, type StreamResponse } from './stream-response.js'

export interface HttpStreamsOptions<Ctx extends SubscriptionContext> {
  readonly apollo: ApolloServer<Ctx>
  readonly engine: SubscriptionEngine
  readonly connections: StreamConnections
  readonly limits: Pick<Config['limits'], 'live' | 'responseTimeoutMs'>
  readonly clock: Clock
  readonly onSlow: (transport: Transport) => void
  readonly log: Log
}

const FORMATS = { sse: eventStream, multipart: multipartStream }

/** Answers requests over HTTP: subscriptions by a stream, where the client takes one. */
export function httpStreams<Ctx extends SubscriptionContext>(
  options: HttpStreamsOptions<Ctx>,
  contextOf: (request: FastifyRequest, reply: FastifyReply) => Ctx,
): GraphqlHandler {
  const { apollo, log } = options

  async function ask(request: FastifyRequest, reply: FastifyReply, accepted: AcceptedStream | null) {
    const { method, url, body } = request
    // Apollo Server must not refuse to make JSON of what is sent as an event.
    const headers =
      accepted && !accepted.json ? { ...request.headers, accept: 'application/json' } : { ...request.headers }
    const search = searchOf(url)
    const streams = accepted !== null && method !== 'HEAD'
    const context = contextOf(request, reply)
    if (streams) context.operation.subscription = { prepared: null }
    const answer = await askApollo(apollo, { method, headers, search, body }, context)
    const isSubscription = context.operation.summary?.kind === 'subscription'
    if (!streams || method !== 'GET' || !isSubscription) return { answer, context }
    // Apollo Server takes queries alone by GET: this is none, so it is asked as if it were a POST.
    const again = contextOf(request, reply)
    again.operation.subscription = { prepared: null }
    const posted = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, search: '' }
    return { answer: await askApollo(apollo, { ...posted, body: bodyOf(search) }, again), context: again }
  }

  return async (request, reply) => {
    const accepted = acceptedStream(request.headers.accept)
    const { answer, context } = await ask(request, reply, accepted)
    const subscription = preparedIn(context.operation)
    if (!accepted || (!subscription && (accepted.json || isRefusal(answer)))) return sendAnswer(request, reply, answer)
    if (!subscription) return sendOne(reply, accepted, answer)
    try {
      options.connections.assertRoom()
      return stream(request, reply, accepted, subscription, context)
    } catch (error) {
      return respondWithError(request, reply, error, { statuses: STATUSES, log })
    }
  }

  function stream(
    request: FastifyRequest,
    reply: FastifyReply,
    { kind }: AcceptedStream,
    subscription: PreparedSubscription,
    { operation }: Ctx,
  ): FastifyReply {
    const { engine, connections, limits, clock, onSlow } = options
    const caller = request.caller!
    let opened: StreamResponse | null = null
    const subscriber = () => opened!.subscriber
    // Nothing is delivered before this turn is over.
    const running = engine.begin({
      ...{ subscription, caller, transport: kind, requestId: request.id, explain: operation.journal !== null },
      subscriber: {
        next: (payload) => subscriber().next(payload),
        drained: () => subscriber().drained(),
        complete: () => subscriber().complete(),
        fallBehind: () => subscriber().fallBehind(),
      },
    })
    opened = openStreamResponse(reply, {
      ...{ transport: kind, format: FORMATS[kind], caller, clock, onSlow: () => onSlow(kind) },
      ...{ bufferBytes: limits.live.eventBufferBytes, stalledMs: limits.responseTimeoutMs },
    })
    opened.attach(running)
    const remove = connections.add(opened)
    if (reply.raw.destroyed) remove()
    else reply.raw.once('close', remove)
    return reply
  }
}

/** The answer to a query or a mutation, to a client that takes nothing but streams. */
function sendOne(reply: FastifyReply, { kind }: AcceptedStream, { text }: GraphqlAnswer): FastifyReply {
  const { contentType, opening, next, completion } = FORMATS[kind]
  const body = `${opening}${next([text.trimEnd()]).toString()}${completion}`
  return reply.code(200).header('content-type', contentType).header('x-accel-buffering', 'no').send(body)
}

const isRefusal = ({ status }: GraphqlAnswer): boolean => status >= 400

const STATUSES: ErrorStatuses = { byCode: { RATE_LIMITED: 429, SERVICE_UNAVAILABLE: 503 }, otherwise: 500 }

/** The parameters of an address that Apollo Server has read already, as the body of a POST. */
function bodyOf(search: string): Record<string, unknown> {
  const parameters = [...new URLSearchParams(search)]
  return Object.fromEntries(
    parameters.map(([name, value]) => [
      name,
      name === 'variables' || name === 'extensions' ? (JSON.parse(value) as unknown) : value,
    ]),
  )
}
