import { DIAL_ANYWHERE } from '../../../src/http/wire/dial.js'
import { createSender } from '../../../src/http/wire/send.js'
import { createExecutor, type ExecutorKind } from '../../../src/graphql/execution/executor.js'
import { admission } from '../../../src/server/callers/admission.js'
import { authenticatorOf, isStillAuthorizedBy } from '../../../src/server/callers/authentication.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { errorFormatter } from '../../../src/server/endpoint/error-formatter.js'
import { startEndpoint } from '../../../src/server/endpoint/graphql-endpoint.js'
import { graphqlRoute } from '../../../src/server/endpoint/graphql-route.js'
import { explainPlugin } from '../../../src/server/endpoint/explain.js'
import { operationLimits } from '../../../src/server/endpoint/operation-limits.js'
import { persistedOperations } from '../../../src/server/endpoint/persisted-operations.js'
import { createHttpServer } from '../../../src/server/http-server.js'
import { createLog } from '../../../src/server/observing/log.js'
import { createMetrics } from '../../../src/server/observing/metrics.js'
import { createSubscriptions, type SubscriptionsOptions } from '../../../src/server/subscriptions/subscriptions.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { Store } from '../../../src/store/store.js'
import { Ticker, type TickerContext } from './ticker.js'

export interface TickerServer {
  readonly url: string
  readonly ticker: Ticker
  readonly store: Store
  readonly logLines: string[]
  readonly clock: { now(): number; monotonic(): number; advance(seconds: number): void }
  metrics(): Promise<string>
  /** The lines of the log with this message. */
  logged(message: string): readonly Record<string, unknown>[]
  close(): Promise<boolean>
}

export interface TickerServerOptions {
  readonly config?: object
  readonly executor?: ExecutorKind
  readonly receiveStored?: () => Promise<void>
  readonly transports?: Partial<SubscriptionsOptions<TickerContext>>
}

/** Our server over HTTP as it is, around a schema whose one feed a test appends to. */
export async function startTickerServer(options: TickerServerOptions = {}): Promise<TickerServer> {
  const ticker = new Ticker()
  const { schema } = ticker
  const logLines: string[] = []
  const log = createLog({ write: (line: string) => void logLines.push(line) })
  let moved = 0
  const clock = {
    now: () => Date.now() + moved,
    monotonic: () => performance.now() + moved,
    advance: (seconds: number) => void (moved += seconds * 1000),
  }
  const document = { store: { url: 'memory:' }, ...options.config, server: { port: 0, ...serverOf(options.config) } }
  const config = checkConfig(document, [], { environment: {} })
  const { limits } = config
  const { explore } = config.server
  const store = memoryStore(clock.monotonic)
  const keyReader = createSender(limits, clock, DIAL_ANYWHERE)
  const authenticator = config.callers && authenticatorOf(config.callers, { store, clock, send: keyReader.send })
  const metrics = createMetrics({ accounts: () => [], providerOf: () => null, wholeProcess: false })
  const formatError = errorFormatter({ explore, operationTokens: limits.operationTokens, log })
  const persisted = persistedOperations(config.operations)
  const sized = operationLimits({ schema, limits, explore })
  const admitted = admission({ config, authenticator, publicUrl: () => 'http://127.0.0.1', clock, log })
  const subscriptions = createSubscriptions<TickerContext>({
    config,
    schema,
    executor: options.executor,
    createContext: (operation, { viewer }) => ({ operation, viewer, accounts: new Map() }) as TickerContext,
    formatError,
    isStillAuthorized: isStillAuthorizedBy(authenticator),
    receiveStored: options.receiveStored,
    clock,
    log,
    metrics: metrics.subscriptions,
    onOperation: metrics.operation,
    observeEvent: () => ({ trace: null, end: () => {} }),
    beatMs: 20,
    ...options.transports,
  })
  const endpoint = await startEndpoint<TickerContext>({
    ...{ schema, explore, log, formatError, operationTokens: limits.operationTokens },
    execute: createExecutor(schema),
    subscribe: subscriptions.subscribe,
    validationRules: sized.validationRules,
    persistedQueries: persisted.persistedQueries,
    plugins: [persisted.plugin, sized.plugin as never, explainPlugin(), subscriptions.plugin],
  })
  const streams = subscriptions.open(endpoint.apollo, { admission: admitted, refusal: persisted.refusal })
  const graphql = graphqlRoute<TickerContext>({
    ...{ config, endpoint, log, explorer: null, refuse: persisted.refuse },
    admission: admitted,
    createContext: (operation, { viewer }) => ({ operation, viewer, accounts: new Map() }) as TickerContext,
    answering: streams.answering,
    upgrades: streams.upgrades,
  })
  const routes = [graphql, streams]
  const server = createHttpServer({ config, assertReady: async () => {}, routes, log })
  return {
    url: await server.listen(),
    ticker,
    store,
    logLines,
    clock,
    metrics: metrics.text,
    logged: (message) =>
      logLines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === message),
    async close() {
      const complete = await server.drain()
      await keyReader.close()
      return complete
    },
  }
}

const serverOf = (config: object = {}): object => (config as { readonly server?: object }).server ?? {}

const LONGEST_MS = 10_000

/** Waits for what another task does; fails rather than wait for ever. */
export async function until(condition: () => boolean): Promise<void> {
  const late = performance.now() + LONGEST_MS
  while (!condition()) {
    if (performance.now() > late) throw new Error(`This did not come: ${condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
