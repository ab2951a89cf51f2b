import { TokenManager } from '../auth/token-manager.js'
import { systemClock, type Clock } from '../clock.js'
import type { Context } from '../graphql/context.js'
import { createExecutor, type ExecutorKind } from '../graphql/execution/executor.js'
import { prefetcher } from '../graphql/prefetch/prefetch.js'
import { buildDialgraphSchema } from '../graphql/schema.js'
import { boundHeapGrowth } from '../heap-growth.js'
import { ReplyCache } from '../http/account/reply-cache.js'
import type { ObservedExchange } from '../http/observed-exchange.js'
import { DIAL_ANYWHERE } from '../http/wire/dial.js'
import { createSender } from '../http/wire/send.js'
import { createStreamer } from '../http/wire/stream.js'
import { Archives } from '../archive/archives.js'
import { AccountChanges } from '../live/account-changes.js'
import { LiveCalls } from '../live/live-calls.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Provider } from '../providers/provider.js'
import type { Store } from '../store/store.js'
import { accountLinking } from './accounts/linking.js'
import { guardedDialling, servesThisMachineOnly } from './accounts/private-origins.js'
import { AccountRegistry } from './accounts/registry.js'
import { Revocations } from './accounts/revocations.js'
import { admission } from './callers/admission.js'
import { authenticatorOf, isStillAuthorizedBy } from './callers/authentication.js'
import type { Config } from './config/config.js'
import { openConfiguredStore } from './config/open-store.js'
import { connectRoutes } from './connect/routes.js'
import { contextFactory } from './context.js'
import { statisticsUpkeep } from './statistics.js'
import { errorFormatter } from './endpoint/error-formatter.js'
import { explainPlugin } from './endpoint/explain.js'
import { startEndpoint } from './endpoint/graphql-endpoint.js'
import { shortcomingsPlugin } from './endpoint/shortcomings.js'
import { graphqlRoute } from './endpoint/graphql-route.js'
import { operationLimits } from './endpoint/operation-limits.js'
import { persistedOperations } from './endpoint/persisted-operations.js'
import { validatorsPlugin } from './endpoint/validators.js'
import { callExports } from './exports/exports.js'
import { createHttpServer } from './http-server.js'
import { connectLinks as createConnectLinks } from './links/connect-links.js'
import { recordingLinkSigner } from './links/recording-links.js'
import { driftWatch } from './observing/drift-watch.js'
import type { Log } from './observing/log.js'
import { createMetrics } from './observing/metrics.js'
import { providerFailures } from './observing/provider-failures.js'
import { seldom } from './observing/seldom.js'
import { notedHealth } from './observing/noted-health.js'
import { observedRequests } from './observing/request-observation.js'
import { createTracing } from './observing/tracing.js'
import { recordingRoute } from './recordings/route.js'
import { createSubscriptions } from './subscriptions/subscriptions.js'
import { openPages } from './web/pages.js'
import { SERVES_ALREADY, STORE_IS_AWAY } from './notices.js'
import type { ReceiveFacts } from './webhooks/route.js'
import { openWebhooks } from './webhooks/webhooks.js'
import { within } from './within.js'
import { providerWrites } from './writes.js'

export interface ServerOptions {
  readonly providers: readonly Provider[]
  readonly log: Log
  /** Default: the system clock. */
  readonly clock?: Clock
  /** Default: the configured store. */
  readonly store?: Store
  /** Stores what providers deliver. Default: the event log does. */
  readonly receive?: ReceiveFacts
  /** What executes queries, with the same results. Default: adaptive; for events, planned. */
  readonly executor?: ExecutorKind
  /** Whether lists are prefetched, with the same requests. Default: true. */
  readonly prefetch?: boolean
  /** Whether Apollo Server is left out where that makes no difference to an answer. Default: true. */
  readonly shortRoad?: boolean
  /** Whether nothing else runs in this process, so that metrics may include it, and its heap is ours. Default: false. */
  readonly wholeProcess?: boolean
}

export interface RunningServer {
  /** `http://host:port`, with the actual port. */
  readonly url: string
  /** The accounts that are served now. */
  readonly accounts: readonly ConnectedAccount[]
  /** Where the provider of an account delivers its events, a secret; null where it may not. */
  webhookUrl(key: string): string | null
  /**
   * Lets running work finish within `limits.drainTimeoutMs`, then closes everything; false when
   * some was cut off.
   */
  close(): Promise<boolean>
}

/**
 * Wires everything for one process and listens; makes no request to any provider.
 * @throws ConfigurationError when the store does not open, or the socket's error when it cannot
 * listen.
 */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const { providers, clock = systemClock, store = await openConfiguredStore(config) } = options
  const { limits, signingKeys } = config
  const providerOf = (login: string) => registry.findLogin(login.replace(/#.*/, ''))?.provider.slug ?? null
  const metrics = createMetrics({
    accounts: () => registry.all,
    providerOf,
    cache: () => cache.figures(),
    archives: { accounts: () => registry.all, log: store, now: clock.now },
    wholeProcess: options.wholeProcess ?? false,
  })
  const tracing = createTracing(providerOf)
  const log: Log = {
    ...options.log,
    login(event) {
      metrics.login(event)
      options.log.login(event)
      noteLogin(event)
    },
  }
  const dialling = guardedDialling(config, log)
  const sender = createSender(limits, clock, dialling)
  const streamer = createStreamer(limits, clock, dialling)
  // The login service is the operator's own, and may be at a private address.
  const keyReader = createSender(limits, clock, { ...DIAL_ANYWHERE, proxies: config.proxies })
  let listeningAt = ''
  const publicUrl = () => config.server.publicUrl ?? listeningAt
  const manager = new TokenManager({
    store,
    send: sender.send,
    clock,
    limits,
    log: log.login,
    onTokenRequestEnd(record) {
      metrics.tokenRequest(record)
      tracing.tokenRequest(record)
    },
    orphaned(_key, flow, grant) {
      const account = registry.storedOfFlow(flow)
      if (account) revocations.add(account, flow, grant).catch((error: unknown) => log.defect(null, error))
    },
  })
  const writeFailure = providerFailures(log)
  const onExchange = (exchange: ObservedExchange) => {
    writeFailure(exchange)
    metrics.exchange(exchange)
    tracing.exchange(exchange)
    noteExchange(exchange)
  }
  const cache = new ReplyCache({ bytes: limits.cacheBytes, staleMs: limits.staleMs, clock })
  const services = {
    manager,
    send: sender.send,
    openStream: streamer.open,
    ...{ limits, clock, publicUrl, onExchange, cache, archives: store },
    onCallChanged: (account: string, startedAt: string) => archives.readAgain(account, startedAt),
    driftOf: driftWatch(log, (provider, noun, field) => metrics.contractDrift(provider, `${noun}.${field}`)),
  }
  const onChange = () => [live, archives].forEach((one) => one.accountsChanged())
  const registry = new AccountRegistry(config, { store, providers, services, log, onChange })
  const revocations = new Revocations({ store, providers, services, log })
  const onTrouble = seldom(clock, () => log.warning(STORE_IS_AWAY))
  const changes = new AccountChanges({ log: store, clock, onTrouble })
  const { noteLogin, noteExchange, noteLinked: onLinked } = notedHealth(changes, () => ({ registry, archives }))
  const onDefect = (error: unknown) => log.defect(null, error)
  const live = new LiveCalls({
    find: (key) => registry.served(key),
    readAccounts: () => registry.refresh(),
    ...{ accounts: () => registry.all, store, clock, limits, onTrouble, onDefect },
    onPoll: ({ provider }, result) => metrics.livePoll(provider.slug, result),
    onEnd: (key) => archives.callEnded(key),
  })
  const archives = new Archives({
    ...{ accounts: () => registry.all, find: (key) => registry.served(key), store, clock, limits, onTrouble },
    isBusy: (key) => registry.served(key)?.isBusy() ?? false,
    ...{ onLook: metrics.archiveLook, onChanges: metrics.archiveChanges },
  })
  const { note: onStatistics, ...statistics } = statisticsUpkeep({
    ...{ accounts: () => registry.all, find: (key) => registry.served(key), store, clock, metrics, onTrouble },
  })
  const writes = providerWrites({
    ...{ store, clock, live, registry: () => registry, limits, onTrouble },
    onChange: metrics.providerChange,
  })
  const authenticator = config.callers && authenticatorOf(config.callers, { store, clock, send: keyReader.send })
  const isStillAuthorized = isStillAuthorizedBy(authenticator)
  const needTickets = authenticator !== null
  const connectLinks = createConnectLinks({ signingKeys, clock, publicUrl, needTickets, isStillAuthorized })
  const linking = accountLinking({
    ...{ registry, revocations, store, providers, services, connectLinks, onLinked },
    changesPerMinute: limits.accountChangesPerMinute,
    mayNameThisMachine: servesThisMachineOnly(config),
  })
  const findAccount = (workspace: string, key: string) => registry.ofWorkspace(workspace).get(key) ?? null
  const links = recordingLinkSigner({ signingKeys, clock, publicUrl, find: findAccount })
  const webhooks = openWebhooks({
    ...{ registry, signingKeys, publicUrl, clock, log },
    receive: options.receive ?? ((account, facts) => live.receive(account, facts)),
    onDelivery: metrics.webhookDelivery,
  })
  const shared = { store, clock, limits, registry: () => registry, signingKeys, publicUrl, metrics, log }
  const exports = callExports({
    ...{ ...shared, isStillAuthorized, onTrouble },
    onMaking: options.wholeProcess ? boundHeapGrowth : undefined,
  })
  const { explore } = config.server
  const schema = buildDialgraphSchema({ federation: config.server.federation })
  const { validationRules, refusal: isTooLarge, plugin: sized } = operationLimits({ schema, limits, explore })
  const { persistedQueries, refuse, refusal, plugin: persisted } = persistedOperations(config.operations)
  const formatError = errorFormatter({ explore, operationTokens: limits.operationTokens, log })
  const createContext = contextFactory(config, registry, {
    ...{ providers, clock, log, links, connectLinks, linking, webhooks, live, writes, exports, store, onStatistics },
  })
  const subscriptions = createSubscriptions<Context>({
    ...{ config, schema, createContext, formatError, isStillAuthorized, clock, log },
    executor: options.executor,
    receiveStored: () => live.tail.catchUp(),
    metrics: metrics.subscriptions,
    onOperation: metrics.operation,
    observeEvent: tracing.event,
  })
  const endpoint = await startEndpoint<Context>({
    schema,
    formatError,
    subscribe: subscriptions.subscribe,
    explore,
    ...{ validationRules, refusal: isTooLarge, persistedQueries, log },
    execute: createExecutor(schema, {
      executor: options.executor,
      onQuery: options.prefetch === false ? undefined : prefetcher(schema),
    }),
    operationTokens: limits.operationTokens,
    plugins: [persisted, sized, explainPlugin(), shortcomingsPlugin(), validatorsPlugin(schema), subscriptions.plugin],
  })
  const admitted = admission({ config, authenticator, publicUrl, clock, log })
  const streams = subscriptions.open(endpoint.apollo, { admission: admitted, refusal })
  const { explorer, pages } = openPages(config.server)
  const http = createHttpServer({
    config,
    // Never an account's: keys contain no space.
    assertReady: async () => void (await store.read('is it there')),
    observed: observedRequests([metrics.request, tracing.request, exports.observe]),
    routes: [
      graphqlRoute({
        ...{ config, endpoint, refuse, createContext, shortRoad: options.shortRoad },
        admission: admitted,
        answering: streams.answering,
        upgrades: streams.upgrades,
        explorer,
        log,
      }),
      tracing,
      metrics,
      connectRoutes({ registry, store, clock, log, publicUrl, links: connectLinks, signingKeys, onLinked }),
      webhooks,
      recordingRoute({ links, find: findAccount, isStillAuthorized, limits, log }),
      exports,
      streams,
      ...pages,
    ],
    log,
  })

  async function close(): Promise<boolean> {
    const late = performance.now() + limits.drainTimeoutMs
    const left = () => Math.max(LAST_WORK_MS, late - performance.now())
    const answered = await http.drain()
    await endpoint.apollo.stop()
    registry.close()
    await within(left(), writes.close())
    await Promise.all([...[live, archives, statistics, exports].map((one) => one.close()), changes.settle()])
    // Grants are stored before the store is closed; a hanging request is left to whoever recovers it.
    const settled = await within(left(), Promise.all([manager.settle(), revocations.close()]))
    if (!settled) await within(LAST_WORK_MS, manager.abandon())
    // Before the connections: requests they break off must not be stored as failures of a provider.
    const stored = await within(left(), store.close())
    await Promise.all([sender, streamer, keyReader].map((one) => one.close()))
    log.stopped({ complete: answered && settled && stored })
    return answered && settled && stored
  }

  try {
    if (!(await store.claimServing())) log.warning(SERVES_ALREADY)
    await registry.open()
    const url = (listeningAt = await http.listen())
    for (const one of [revocations, live, archives, statistics, exports, writes]) one.open()
    log.started({ url, accounts: registry.all.length })
    return {
      url,
      get accounts() {
        return registry.all
      },
      webhookUrl: (key) => webhooks.endpointOf(registry.served(key) ?? undefined)?.url ?? null,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Always granted, however late: enough to store pending grants. */
const LAST_WORK_MS = 500
