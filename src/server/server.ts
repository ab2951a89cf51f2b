import { TokenManager } from '../auth/token-manager.js'
import { systemClock, type Clock } from '../clock.js'
import type { Context } from '../graphql/context.js'
import { buildDialgraphSchema } from '../graphql/schema.js'
import { createSender } from '../http/send.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Provider } from '../providers/provider.js'
import { memoryStore } from '../store/memory.js'
import type { TokenStore } from '../store/token-store.js'
import { connectAccount } from './accounts.js'
import type { Config } from './config.js'
import { contextFactory } from './context.js'
import { openExplorer } from './explorer.js'
import { startEndpoint } from './graphql-endpoint.js'
import { createHttpServer } from './http-server.js'
import type { Log } from './log.js'

export interface ServerOptions {
  readonly providers: readonly Provider[]
  readonly log: Log
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: in memory. */
  readonly store?: TokenStore
  /** Default: where the build puts GraphiQL. */
  readonly explorerDirectory?: string
}

export interface RunningServer {
  /** `http://host:port`, with the port that was found when any would do. */
  readonly url: string
  readonly accounts: readonly ConnectedAccount[]
  /** Not ready from now on; lets what runs finish within `limits.drainTimeoutMs`, then lets go of everything. */
  close(): Promise<void>
}

/** Wires everything for one process and listens. Makes no request to any provider. Rejects with the socket's error when it cannot listen. */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const { providers, log, clock = systemClock, store = memoryStore() } = options
  const { limits } = config
  const sender = createSender(limits, clock)
  const manager = new TokenManager({ store, send: sender.send, clock, limits, log: log.login })
  const accounts = config.accounts.map((account) =>
    connectAccount(account, { manager, send: sender.send, limits, clock }),
  )
  const endpoint = await startEndpoint<Context>({
    schema: buildDialgraphSchema(),
    explore: config.server.explore,
    operationTokens: limits.operationTokens,
    log,
  })
  const http = createHttpServer<Context>({
    config,
    endpoint,
    createContext: contextFactory(config, accounts, { providers, clock, log }),
    assertReady: async () => void (await store.read(READINESS_KEY)),
    explorer: config.server.explore ? openExplorer(options.explorerDirectory) : null,
    log,
  })

  async function close(): Promise<void> {
    await http.drain()
    await endpoint.apollo.stop()
    await sender.close()
    await store.close()
    log.stopped()
  }

  try {
    const url = await http.listen()
    log.started({ url, accounts: accounts.length })
    return { url, accounts, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** No account can be called so: keys have no space. */
const READINESS_KEY = 'is it there'
