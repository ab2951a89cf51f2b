import type { ApolloServer, ApolloServerPlugin } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'

import type { Clock } from '../../clock.js'
import { credentialSelector } from '../../graphql/credential-fields.js'
import { eventSchema } from '../../graphql/execution/event-schema.js'
import { createExecutor, type Executor, type ExecutorKind } from '../../graphql/execution/executor.js'
import type { Operation } from '../../operation.js'
import type { Caller } from '../callers/caller.js'
import type { IsStillAuthorized } from '../callers/authentication.js'
import type { Config } from '../config/config.js'
import type { FormatError } from '../endpoint/error-formatter.js'
import type { GraphqlRouteOptions, Upgrades } from '../endpoint/graphql-route.js'
import type { Log } from '../observing/log.js'
import type { EndedOperation } from '../observing/metrics-requests.js'
import type { SubscriptionMetrics } from '../observing/metrics-subscriptions.js'
import type { Routes } from '../web/routes.js'
import { streamConnections } from './connections.js'
import { subscriptionEngine, type Transport } from './engine.js'
import { eventExecution, type EventObserver } from './event-execution.js'
import { httpStreams } from './http-streams.js'
import { subscriptionAdvice, subscriptionPreparer, type SubscriptionContext } from './prepare.js'
import { webSockets, type WebSocketsOptions } from './websocket-server.js'

export interface SubscriptionsOptions<Ctx extends SubscriptionContext> {
  readonly config: Pick<Config, 'limits'>
  readonly schema: GraphQLSchema
  readonly executor?: ExecutorKind | undefined
  readonly createContext: (operation: Operation, caller: Caller) => Ctx
  readonly formatError: FormatError
  readonly isStillAuthorized: IsStillAuthorized
  /** Makes sure that what is stored has been received, before a stop. Default: nothing to do. */
  readonly receiveStored?: (() => Promise<void>) | undefined
  readonly clock: Clock
  readonly log: Log
  readonly metrics: SubscriptionMetrics
  /** Called with each operation over a WebSocket, where it is no request of its own. */
  readonly onOperation: (ended: EndedOperation) => void
  readonly observeEvent: EventObserver
  /** How often connections are looked after, ms. Default: a second. */
  readonly beatMs?: number | undefined
  /** Within this time a WebSocket's client must have sent `connection_init`. Default: 3 s. */
  readonly initTimeoutMs?: number | undefined
}

/** Subscriptions over all transports, in the parts that a server is made of. */
export interface Subscriptions<Ctx extends SubscriptionContext> {
  /** For Apollo Server, in place of executing a subscription. */
  readonly subscribe: Executor<Ctx>
  readonly plugin: ApolloServerPlugin<Ctx>
  /** What answers once the endpoint has started. */
  open(
    apollo: ApolloServer<Ctx>,
    services: Pick<WebSocketsOptions<Ctx>, 'admission' | 'refusal'>,
  ): OpenSubscriptions<Ctx>
}

export interface OpenSubscriptions<Ctx extends SubscriptionContext> extends Routes {
  readonly upgrades: Upgrades
  /** Answers over HTTP what the endpoint is asked. */
  readonly answering: NonNullable<GraphqlRouteOptions<Ctx>['answering']>
}

export function createSubscriptions<Ctx extends SubscriptionContext>(
  options: SubscriptionsOptions<Ctx>,
): Subscriptions<Ctx> {
  const { schema, config, createContext, formatError, isStillAuthorized, clock, log, metrics } = options
  const { limits } = config
  const events = eventSchema(schema)
  const execution = eventExecution<Ctx>({
    execute: events
      ? // Code made for each question would be cold and large: every event is executed for all of them in turn.
        createExecutor(events, { executor: options.executor ?? 'planned' })
      : nothingToExecute,
    createContext,
    formatError,
    timeoutMs: limits.operationTimeoutMs,
    observe: options.observeEvent,
  })
  const engine = subscriptionEngine({
    execution,
    limits: limits.live,
    selectsCredential: credentialSelector(schema),
    observer: {
      began(record) {
        metrics.subscriptionBegan(record.transport)
        log.subscribed(record)
      },
      ended(record) {
        metrics.subscriptionEnded(record.transport, record.how)
        log.subscriptionEnded(record)
      },
      delivered: metrics.eventDelivered,
      executed: metrics.eventExecuted,
    },
  })
  const onDefect = (error: unknown) => log.defect(null, error)
  const { receiveStored, beatMs } = options
  const connections = streamConnections({
    ...{ clock, limits: limits.live, isStillAuthorized, engine, receiveStored, beatMs, onDefect },
  })
  metrics.countConnections((transport) => connections.count(transport as Transport))
  return {
    subscribe: subscriptionPreparer<Ctx>(schema),
    plugin: subscriptionAdvice<Ctx>(),
    open(apollo, services) {
      const common = { apollo, engine, connections, limits, clock, log }
      const { slowReaderClosed } = metrics
      const sockets = webSockets<Ctx>({
        ...{ ...common, ...services, createContext, formatError, initTimeoutMs: options.initTimeoutMs },
        onOperation: options.onOperation,
        onSlow: () => slowReaderClosed('websocket'),
      })
      return {
        upgrades: sockets,
        answering: (contextOf) => httpStreams<Ctx>({ ...common, onSlow: slowReaderClosed }, contextOf),
        register(app) {
          sockets.register(app)
          // Not `onClose`: the server waits for its connections before that.
          app.addHook('preClose', () => connections.stop(limits.drainTimeoutMs / 2))
        },
      }
    },
  }
}

const nothingToExecute = () => Promise.reject(new Error('The schema has no subscriptions'))
