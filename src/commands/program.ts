import { Command, InvalidArgumentError } from 'commander'

import { ConfigurationError } from '../errors.js'
import { providers } from '../providers/index.js'
import { startSandbox } from '../sandbox.js'
import { checkConfig, findConfigFile, readConfig, type Config } from '../server/config/config.js'
import { retryStoredLogin } from '../server/accounts/retry-stored.js'
import type { Log } from '../server/observing/log.js'
import { startServer } from '../server/server.js'
import { VERSION } from '../version.js'
import { queryAccountStates, storedAccountStates } from './account-states.js'
import { EXIT } from './exit-codes.js'
import { addKeysCommand } from './keys.js'
import { listAccountStates, tabulateAccountStates } from './print-account-states.js'
import { reencryptStore } from './reencrypt-store.js'

interface StartOptions {
  readonly config?: string
  readonly port?: number
  readonly sandbox?: true
}

interface AccountsOptions extends StartOptions {
  readonly json?: true
}

const DEFAULT_PORT = 4_000

/**
 * The command line: `start`, `check`, `accounts`, `accounts retry`, `reencrypt`, `keys`. Commands throw; `main.ts`
 * maps errors to exit codes.
 */
export function program(log: Log): Command {
  const configFile = [
    '--config <file>',
    'configuration file (default: $DIALGRAPH_CONFIG, else ./dialgraph.config.yaml if it exists)',
  ] as const
  const command = new Command('dialgraph')
    .description('One GraphQL graph over the phone systems a company uses.')
    .version(VERSION)
    .exitOverride()
  command
    .command('start', { isDefault: true })
    .description('Serve the configured accounts; with no configuration, the sandbox.')
    .option(...configFile)
    .option('--port <number>', 'port to listen on, 0 for any free one (default: the configured one, else 4000)', portOf)
    .option('--sandbox', 'serve emulated phone systems with made-up data, whatever the configuration says')
    .action((options: StartOptions) => start(options, log))
  command
    .command('check')
    .description('Read the configuration and report every mistake by its key.')
    .option(...configFile)
    .action(check)
  const list = command
    .command('accounts')
    .description('List the accounts and the state of their logins.')
    .option(...configFile)
    .option('--port <number>', 'port of the running server (default: the configured one, else 4000)', portOf)
    .option('--json', 'print JSON')
    .action((options: AccountsOptions) => accounts(options, log))
  list
    .command('retry')
    .description(
      'Try the login of an account now that has ended, or waits. Servers that run use what comes of it from their next request on.',
    )
    .argument('<id>', 'as `accounts` shows it')
    .option(...configFile)
    .action((id: string, _options: unknown, child: Command) => retry(id, child.optsWithGlobals<StartOptions>(), log))
  command
    .command('reencrypt')
    .description(
      'Seal everything stored under the first of store.encryptionKeys. Servers may go on; give all of them the new key first. Can be stopped and begun again.',
    )
    .option(...configFile)
    .action(reencrypt)
  addKeysCommand(command, configFile, (file) => readConfig(requiredFile(file), providers))
  return command
}

/** Its providers are on this machine, so no proxy leads there. */
const SANDBOX = { store: { url: 'memory:' }, http: { proxy: false } }

async function start(options: StartOptions, log: Log): Promise<void> {
  const file = options.sandbox ? null : findConfigFile({ file: options.config })
  const sandbox = file === null ? await startSandbox(providers) : null
  try {
    const config = sandbox
      ? withLoopbackPages(checkConfig({ ...SANDBOX, accounts: [...sandbox.accounts, ...sandbox.unlinked] }, providers))
      : readConfig(file!, providers)
    const server = await startServer(withPort(config, options.port), { providers, log, wholeProcess: true })
    for (const warning of config.warnings) console.warn(`warning: ${warning}`)
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

function check({ config }: StartOptions): void {
  const file = requiredFile(config)
  const { accounts, warnings } = readConfig(file, providers)
  for (const warning of warnings) console.warn(`warning: ${warning}`)
  console.log(`${file} is fine: ${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}`)
}

/** Queries the running server, which knows most; without one, reads the store. */
async function accounts(options: AccountsOptions, log: Log): Promise<void> {
  const file = findConfigFile({ file: options.config })
  const config = file === null ? null : readConfig(file, providers)
  const url = `http://${hostInUrl(config?.server.host ?? '127.0.0.1')}:${options.port ?? config?.server.port ?? DEFAULT_PORT}`
  // With callers, a server shows each only the accounts of its workspace; the store has all of
  // them.
  const served = config?.callers ? null : await queryAccountStates(url)
  if (!served && !config)
    throw new ConfigurationError('The configuration', [`there is none, and no server answers at ${url}`])
  if (!served && !config?.callers)
    console.warn(`No server answers at ${url}: this is what the store knows. Links to open work once one does.`)
  const states = served ?? (await storedAccountStates(config!, providers, log))
  if (options.json) console.log(JSON.stringify(states, null, 2))
  else console.log(process.stdout.isTTY ? tabulateAccountStates(states, Date.now()) : listAccountStates(states))
}

async function retry(id: string, { config: file }: StartOptions, log: Log): Promise<void> {
  const config = readConfig(requiredFile(file), providers)
  const { id: key, state, failure } = await retryStoredLogin(config, id, { providers, log })
  if (failure === null) return console.log(`${key}: ${state.status}`)
  throw new ConfigurationError(`The login of ${key}`, [`${state.status}: ${failure}`])
}

async function reencrypt({ config: file }: StartOptions): Promise<void> {
  const config = readConfig(requiredFile(file), providers)
  const moved = await reencryptStore(config, ({ seen, all }) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${seen} of ${all} rows`)
  })
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  console.log(`${moved} ${moved === 1 ? 'row was' : 'rows were'} sealed anew; no row needs another key than the first.`)
}

function announcement({ accounts, server }: Config, url: string, isSandbox: boolean): string {
  return [
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

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function requiredFile(option: string | undefined): string {
  const file = findConfigFile({ file: option })
  if (file === null)
    throw new ConfigurationError('The configuration', [
      'there is none: name one with --config, or write ./dialgraph.config.yaml',
    ])
  return file
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
}
