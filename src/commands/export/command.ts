import { InvalidArgumentError, Option, type Command } from 'commander'

import type { ExportOptions } from './export.js'

interface CommandOptions extends ExportOptions {
  readonly config?: string
  readonly port?: number
  readonly server?: string
}

/** Adds `export`; `config` and `port` are the options by which all commands find a server. */
export function addExportCommand(
  command: Command,
  config: readonly [string, string],
  port: readonly [string, string, (text: string) => number],
): void {
  command
    .command('export')
    .description(
      'Write call records to a file, by way of a running server: the newest first. Where the server has callers, DIALGRAPH_TOKEN has the credential of one. Exits with 3 where the file has gaps, which it names.',
    )
    .option('--from <time>', 'calls that began then or later: a day, or a time with its zone (default: all)')
    .option('--until <time>', 'calls that began before (default: now)')
    .addOption(
      new Option('--format <format>', 'how they are written').choices(['jsonl', 'csv', 'vcon']).default('jsonl'),
    )
    .option('--account <key...>', 'calls of these accounts (default: all)')
    .option('--fields <names>', 'members of CallRecord, with commas (default: all that cost no request)', namesIn)
    .option('--time-zone <zone>', 'of days, and of the times in the file (default: UTC)')
    .option('--legs', 'with the way of each call')
    .option('--from-provider', 'walk providers instead of archives')
    .option('--manifest', 'in a ZIP with a manifest of what is missing')
    .option('--output <file>', 'write there (default: standard output)')
    .option('--resume <id>', 'go on with an export, after the bytes that its output has: `--output`, or `>>`')
    .option('--server <url>', 'where the server is (default: on this machine, as configured)', serverUrl)
    .option(...config)
    .option(...port)
    .action(async ({ config: file, port: at, server, ...options }: CommandOptions) => {
      const { exportCalls } = await import('./export.js')
      const { configuredServer } = await import('../configured-server.js')
      const { commandCredential } = await import('../../server/config/config.js')
      const token = commandCredential()
      await exportCalls(options, { server: server ?? (await configuredServer({ config: file, port: at })).url, token })
    })
}

const namesIn = (text: string): readonly string[] => text.split(',').map((name) => name.trim())

function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isServer = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (!isServer || url.username !== '' || url.search !== '')
    throw new InvalidArgumentError('The address of a server begins with http:// or https://, and holds no credential.')
  return url.href.replace(/\/+$/, '').replace(/\/graphql$/, '')
}
