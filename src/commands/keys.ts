import type { Command } from 'commander'

import type { Config } from '../server/config/config.js'
import type { NewApiKey } from './made-keys.js'

interface ConfigOption {
  readonly config?: string
}

/** Adds `dialgraph keys …`. `read` reads the configuration that `--config` names. */
export function addKeysCommand(
  program: Command,
  configFile: readonly [string, string],
  read: (file?: string) => Config | Promise<Config>,
): void {
  const keys = program
    .command('keys')
    .description('Make, list and revoke the API keys that callers send as Authorization: Bearer.')
  keys
    .command('create')
    .description('Make a key. It is printed once, alone on standard output; only a digest of it is kept.')
    .requiredOption('--name <name>', 'what the caller is called')
    .option('--workspace <workspace>', 'whose accounts it sees', 'default')
    .option('--scopes <scopes>', 'what it may do, with commas between', 'telephony:read')
    .option('--extension <extension>', 'whose it is, as <account key>/<number>; telephony:read:own needs it')
    .option(...configFile)
    .action(async (options: NewApiKey & ConfigOption) =>
      (await import('./run-keys.js')).create(await read(options.config), options),
    )
  keys
    .command('list')
    .description('List the keys made with `keys create`; those of the configuration file stand there.')
    .option('--json', 'print JSON')
    .option(...configFile)
    .action(async ({ config, json }: ConfigOption & { readonly json?: true }) =>
      (await import('./run-keys.js')).list(await read(config), json ?? false),
    )
  keys
    .command('revoke')
    .description('Let nobody in with this key any more. Every running server knows within a minute.')
    .argument('<id>', 'as `keys list` shows it')
    .option(...configFile)
    .action(async (id: string, { config }: ConfigOption) =>
      (await import('./run-keys.js')).revoke(await read(config), id),
    )
}
