import { TokenManager } from '../auth/token-manager.js'
import { systemClock, type Clock } from '../clock.js'
import type { Context } from '../graphql/context.js'
import { buildDialgraphSchema } from '../graphql/schema.js'
import { createSender } from '../http/send.js'
import { createStreamer } from '../http/stream.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Provider } from '../providers/provider.js'
import type { Store } from '../store/store.js'
import { accountLinking } from './account-linking.js'
import { AccountRegistry } from './account-registry.js'
import { isLoopback, type Config } from './config.js'
import { connectRoutes } from './connect.js'
import { contextFactory } from './context.js'
import { openExplorer } from './explorer.js'
import { startEndpoint } from './graphql-endpoint.js'
import { createHttpServer } from './http-server.js'
import type { Log } from './log.js'
import { loginMetrics } from './login-metrics.js'
import { openConfiguredStore } from './open-configured-store.js'
import { recordingLinkKey, recordingLinkSigner } from './recording-links.js'
import { recordingRoute } from './recordings.js'
import { Revocations } from './revocations.js'

export interface ServerOptions {
  readonly providers: readonly Provider[]
  readonly log: Log
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: the configured one. */
  readonly store?: Store
  /** Default: where the build puts GraphiQL. */
  readonly explorerDirectory?: string
}

export interface RunningServer {
  /** `http://host:port`, with the port that was found when any would do. */
  readonly url: string
  /** Those that are served now. */
  readonly accounts: readonly ConnectedAccount[]
  /** Not ready from now on; lets what runs finish within `limits.drainTimeoutMs`, then lets go of everything. */
  close(): Promise<void>
}

/**
 * Wires everything for one process and listens. Makes no request to any provider. Rejects with ConfigurationError when the store does
 * not open, and with the socket's error when it cannot listen.
 */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const { providers, clock = systemClock, store = await openConfiguredStore(config) } = options
  const { limits } = config
  const metrics = loginMetrics()
  const log: Log = {
    ...options.log,
    login(event) {
      metrics.count(event)
      options.log.login(event)
    },
  }
  const sender = createSender(limits, clock)
  const streamer = createStreamer(limits, clock)
  let listeningAt = ''
  const publicUrl = () => config.server.publicUrl ?? listeningAt
  const manager = new TokenManager({
    store,
    send: sender.send,
    clock,
    limits,
    log: log.login,
    orphaned(_key, flow, grant) {
      const account = registry.originOf(flow)
      if (account) revocations.add(account, flow, grant).catch((error: unknown) => log.defect(null, error))
    },
  })
  const services = { manager, send: sender.send, openStream: streamer.open, limits, clock, publicUrl }
  const registry = new AccountRegistry(config, { store, providers, services, log })
  const revocations = new Revocations({ store, providers, services, log })
  const linking = accountLinking({
    ...{ registry, revocations, store, providers, services, publicUrl },
    mayNameThisMachine: isLoopback(config.server.host),
  })
  const findAccount = (workspace: string, key: string) => registry.of(workspace).get(key) ?? null
  const links = recordingLinkSigner({
    key: recordingLinkKey(config.cursorKey),
    clock,
    publicUrl,
    find: findAccount,
  })
  const endpoint = await startEndpoint<Context>({
    schema: buildDialgraphSchema(),
    explore: config.server.explore,
    operationTokens: limits.operationTokens,
    log,
  })
  const http = createHttpServer<Context>({
    config,
    endpoint,
    createContext: contextFactory(config, registry, { providers, clock, log, links, linking }),
    assertReady: async () => void (await store.read(READINESS_KEY)),
    routes: [metrics, connectRoutes({ registry, store, clock, log, publicUrl })],
    recordings: recordingRoute({ links, find: findAccount, limits, log }),
    explorer: config.server.explore ? openExplorer(options.explorerDirectory) : null,
    log,
  })

  async function close(): Promise<void> {
    await http.drain()
    await endpoint.apollo.stop()
    registry.close()
    await within(limits.drainTimeoutMs, Promise.all([manager.settle(), revocations.close()]))
    await Promise.all([sender.close(), streamer.close()])
    await store.close()
    log.stopped()
  }

  try {
    await registry.open()
    const url = (listeningAt = await http.listen())
    revocations.open()
    log.started({ url, accounts: registry.all.length })
    return {
      url,
      get accounts() {
        return registry.all
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** What was granted is stored before the store is closed; what hangs is left to whoever takes it up again. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))
  await Promise.race([work, late])
  clearTimeout(timer)
}

/** No account can be called so: keys have no space. */
const READINESS_KEY = 'is it there'
