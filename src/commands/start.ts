import { startSandbox } from '../sandbox.js'
import { checkConfig, findConfigFile, readConfig, type Config } from '../server/config/config.js'
import type { Log } from '../server/observing/log.js'
import { startServer } from '../server/server.js'
import { EXIT } from './exit-codes.js'
import { registeredProviders } from './registered-providers.js'

export interface StartOptions {
  readonly config?: string
  readonly port?: number
  readonly sandbox?: true
}

/** Its providers are on this machine, so no proxy leads there. */
const SANDBOX = { store: { url: 'memory:' }, http: { proxy: false } }

/** `start`: serves the configured accounts, or the sandbox, until a signal ends it. */
export async function start(options: StartOptions, log: Log): Promise<void> {
  const file = options.sandbox ? null : findConfigFile({ file: options.config })
  const providers = await registeredProviders(file)
  const sandbox = file === null ? await startSandbox(providers, { live: {} }) : null
  try {
    const config = sandbox
      ? withLoopbackPages(checkConfig({ ...SANDBOX, accounts: [...sandbox.accounts, ...sandbox.unlinked] }, providers))
      : readConfig(file!, providers)
    const server = await startServer(withPort(config, options.port), { providers, log, wholeProcess: true })
    sandbox?.deliverTo(server.webhookUrl)
    // The sandbox's own warnings ask for what only a real server needs, such as keys.
    for (const warning of sandbox ? [] : config.warnings) console.warn(`warning: ${warning}`)
    console.log(announcement(config, server.url, sandbox !== null))
    endOnSignal(log, async () => {
      const complete = await server.close()
      await sandbox?.close()
      return complete
    })
  } catch (error) {
    await sandbox?.close()
    throw error
  }
}

function announcement({ accounts, server }: Config, url: string, isSandbox: boolean): string {
  return [
    ...(server.console ? [`Console:  ${url}/console`] : []),
    ...(isSandbox ? ['Sandbox: emulated phone systems on this machine, with made-up data.'] : []),
    ...accounts.map(({ facts, provider, label }) => `${facts.key}: ${label} at ${provider.name}`),
    ...(accounts.length === 0 ? ['No accounts are configured.'] : []),
    `GraphQL:  ${url}/graphql`,
    ...(server.explore ? [`GraphiQL: ${url}/`] : []),
  ].join('\n')
}

/**
 * The first signal drains, and exits with 0 unless requests were cut off; the second exits at once.
 */
function endOnSignal(log: Log, close: () => Promise<boolean>): void {
  let ending = false
  const end = () => {
    if (ending) process.exit(EXIT.fixable)
    ending = true
    close().then(
      (complete) => process.exit(complete ? EXIT.done : EXIT.fixable),
      (error: unknown) => {
        log.defect(null, error)
        process.exit(EXIT.ourFault)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

function withPort(config: Config, port: number | undefined): Config {
  return port === undefined ? config : { ...config, server: { ...config.server, port } }
}

/** A front-end under development runs on this machine, on a port that its tool chooses. */
function withLoopbackPages(config: Config): Config {
  const cors = { ...config.server.cors, loopbackPages: true }
  return { ...config, server: { ...config.server, cors } }
}
