import { systemClock } from '../../src/clock.js'
import { providers } from '../../src/providers/index.js'
import { startSandbox, type Sandbox } from '../../src/sandbox.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer, type RunningServer } from '../../src/server/server.js'

/** The sandbox as `npm start` makes it, but small and on any free port, with the lines of its log. */
export interface SandboxedServer extends RunningServer {
  readonly sandbox: Sandbox
  readonly logLines: readonly string[]
}

export interface SandboxedServerOptions {
  /** The `server` section of the configuration. */
  readonly server?: object
  /** Adds the account that nobody has logged in. */
  readonly unlinked?: boolean
  /** How much of the story is told; 1 is all of it. */
  readonly scale?: number
  /** The moment, in ms, at which the story ends and all clocks stand still; default: now, and they run. */
  readonly at?: number
}

export async function startSandboxedServer({
  server = {},
  unlinked = false,
  scale = 0.05,
  at,
}: SandboxedServerOptions = {}): Promise<SandboxedServer> {
  const sandbox = await startSandbox(providers, { scale, ...(at !== undefined && { now: at }) })
  const clock = at === undefined ? systemClock : { now: () => at, monotonic: () => performance.now() }
  const config = checkConfig(
    {
      server: { port: 0, ...server },
      store: { url: 'memory:' },
      limits: { cacheBytes: 0 },
      accounts: [...sandbox.accounts, ...(unlinked ? sandbox.unlinked : [])],
    },
    providers,
    { environment: {} },
  )
  const logLines: string[] = []
  const log = createLog({ write: (line: string) => void logLines.push(line) })
  const running = await startServer(config, { providers, log, clock })
  return {
    ...running,
    sandbox,
    logLines,
    async close() {
      const complete = await running.close()
      await sandbox.close()
      return complete
    },
  }
}
