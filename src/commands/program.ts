import { Command, InvalidArgumentError } from 'commander'

import type { Log } from '../server/observing/log.js'
import { VERSION } from '../version.js'
import type { AccountsOptions } from './accounts.js'
import { addExportCommand } from './export/command.js'
import { addKeysCommand } from './keys.js'
import { addProviderCommands } from './provider/commands.js'
import type { StartOptions } from './start.js'

interface ConfigOption {
  readonly config?: string
}

/**
 * The command line: `start`, `check`, `config-schema`, `accounts`, `export`, `reencrypt`, `keys`, `provider`, `emulator`. Commands
 * throw; `main.ts` maps errors to exit codes. A command loads what it needs when it runs, so that
 * `--help` answers at once.
 */
export function program(log: Log): Command {
  const configFile = [
    '--config <file>',
    'configuration file (default: $DIALGRAPH_CONFIG, else ./dialgraph.config.yaml if it exists)',
  ] as const
  const runningPort = [
    '--port <number>',
    'port of the running server (default: the configured one, else 4000)',
    portOf,
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
    .action(async (options: StartOptions) => (await import('./start.js')).start(options, log))
  command
    .command('check')
    .description('Read the configuration and report every mistake by its key.')
    .option(...configFile)
    .action(async ({ config }: ConfigOption) => (await import('./check.js')).check(config))
  command
    .command('config-schema')
    .description('Print the JSON Schema of the configuration, with the settings of the providers that it names.')
    .option(...configFile)
    .action(async ({ config }: ConfigOption) => (await import('./config-schema.js')).printConfigSchema(config))
  const list = command
    .command('accounts')
    .description('List the accounts and the state of their logins.')
    .option(...configFile)
    .option(...runningPort)
    .option('--json', 'print JSON')
    .option('--webhooks', 'list the addresses at which providers may deliver events; each is a secret')
    .action(async (options: AccountsOptions) => (await import('./accounts.js')).accounts(options, log))
  list
    .command('retry')
    .description(
      'Try the login of an account now that has ended, or waits. Servers that run use what comes of it from their next request on.',
    )
    .argument('<id>', 'as `accounts` shows it')
    .option(...configFile)
    .action(async (id: string, _options: unknown, child: Command) =>
      (await import('./accounts.js')).retry(id, child.optsWithGlobals<ConfigOption>().config, log),
    )
  command
    .command('reencrypt')
    .description(
      'Seal everything stored under the first of store.encryptionKeys. Servers may go on; give all of them the new key first. Can be stopped and begun again.',
    )
    .option(...configFile)
    .action(async ({ config }: ConfigOption) => (await import('./reencrypt.js')).reencrypt(config))
  addProviderCommands(command, portOf)
  addExportCommand(command, configFile, runningPort)
  addKeysCommand(command, configFile, async (file) => {
    const { config } = await (await import('./required-config.js')).readRequiredConfig(file)
    return config
  })
  return command
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
}
