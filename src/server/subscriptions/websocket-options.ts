import type { IncomingHttpHeaders } from 'node:http'

import type { GraphQLFormattedError } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'

import type { Clock } from '../../clock.js'
import type { Caller } from '../callers/caller.js'
import type { GraphqlAnswer } from '../endpoint/graphql-over-http.js'
import type { PreparedSubscription } from './prepare.js'
import type { Subscriber, SubscriptionEnd } from './subscription.js'

/** What a client sent to be done, answered or prepared. */
export interface Asked {
  readonly answer: GraphqlAnswer
  /** Whether it was refused before anything was executed. */
  readonly isRefused: boolean
  readonly subscription: PreparedSubscription | null
  readonly requestId: string
}

export interface AskingOperation {
  readonly done: Promise<Asked>
  abandon(): void
}

/** What operations over a connection need of the request that opened it, which is not kept. */
export interface OpeningRequest {
  readonly id: string
  readonly trace: unknown
  readonly headers: Pick<IncomingHttpHeaders, 'cache-control' | 'x-dialgraph-explain'>
}

/** The same for all connections of a server. */
export interface WebSocketConnectionOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  /** @throws AppError RATE_LIMITED */
  readonly ask: (payload: SubscribePayload, caller: Caller, opening: OpeningRequest) => AskingOperation
  /** @throws AppError RATE_LIMITED */
  readonly begin: (
    asked: Asked,
    caller: Caller,
    subscriber: Subscriber,
    opening: OpeningRequest,
  ) => { stop(how: SubscriptionEnd): void }
  readonly formatError: (error: unknown, opening: OpeningRequest) => GraphQLFormattedError
  readonly bufferBytes: number
  readonly stalledMs: number
  readonly operations: number
  readonly initTimeoutMs: number
  readonly onSlow: () => void
  readonly onDefect: (error: unknown, opening: OpeningRequest) => void
}

/** How a client says who it is. */
export interface Opening {
  readonly request: OpeningRequest
  /** Of the request; null: `connection_init` must say who it is. */
  readonly caller: Caller | null
  /** Let go once it is known: it holds the whole request. */
  readonly identify: (authorization: string | undefined) => Promise<Caller>
}
