import type { Command } from 'commander'

import type { Config } from '../server/config/config.js'
import { createApiKey, listApiKeys, printApiKeys, revokeApiKey, type NewApiKey } from './made-keys.js'

interface ConfigOption {
  readonly config?: string
}

/** Adds `dialgraph keys …`. `read` reads the configuration that `--config` names. */
export function addKeysCommand(
  program: Command,
  configFile: readonly [string, string],
  read: (file?: string) => Config,
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
    .action((options: NewApiKey & ConfigOption) => create(read(options.config), options))
  keys
    .command('list')
    .description('List the keys made with `keys create`; those of the configuration file stand there.')
    .option('--json', 'print JSON')
    .option(...configFile)
    .action((options: ConfigOption & { readonly json?: true }) => list(read(options.config), options.json ?? false))
  keys
    .command('revoke')
    .description('Let nobody in with this key any more. Every running server knows within a minute.')
    .argument('<id>', 'as `keys list` shows it')
    .option(...configFile)
    .action((id: string, options: ConfigOption) => revoke(read(options.config), id))
}

async function create(config: Config, options: NewApiKey): Promise<void> {
  const { id, key } = await createApiKey(config, options)
  console.log(key.reveal())
  console.error(`This is the key ${id}. Keep it now: it cannot be shown again.`)
  if (config.callers === null)
    console.error('The configuration has no `callers`, so nobody is asked for a key: `callers: {}` is enough to begin.')
}

async function list(config: Config, asJson: boolean): Promise<void> {
  const keys = await listApiKeys(config, (id) => console.error(`The key ${id} does not open: its row was changed.`))
  if (asJson) console.log(JSON.stringify(keys, null, 2))
  else if (keys.length > 0) console.log(printApiKeys(keys, process.stdout.isTTY))
  else console.error('There are no keys yet: `dialgraph keys create` makes one.')
}

async function revoke(config: Config, idOrKey: string): Promise<void> {
  console.log(`The key ${await revokeApiKey(config, idOrKey)} is revoked; running servers refuse it within a minute.`)
}
