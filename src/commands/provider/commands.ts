import { InvalidArgumentError, type Command } from 'commander'

import type { EmulatorCommandOptions } from './emulator.js'

/** Adds `provider new`, `provider check` and `emulator`. */
export function addProviderCommands(command: Command, portOf: (text: string) => number): void {
  const provider = command.command('provider').description('Write a provider of your own, and see how good it is.')
  provider
    .command('new')
    .description('Write a folder with a provider that starts at once, its emulator and its test.')
    .argument('<name>', 'small letters, digits and hyphens: its slug, and the name of the folder')
    .action(async (name: string) => (await import('./new.js')).create(name))
  provider
    .command('check')
    .description(
      'Try every promise of the contract against a provider and its emulator. Exits with 0 when nothing that it claims is red.',
    )
    .argument('<path>', 'its folder, its file, an installed package, or the slug of a built-in provider')
    .option('--json', 'print JSON')
    .action(async (path: string, options: { readonly json?: true }) =>
      (await import('./check.js')).check(path, options),
    )
  command
    .command('emulator')
    .description(
      'Serve one emulated phone system for tests of your own, driven by /-/journal, /-/clock and /-/faults. Prints its addresses and accounts as JSON on one line.',
    )
    .argument('<name>', 'the slug of a built-in provider, or the folder of one')
    .option('--port <number>', 'port to listen on (default: any free one)', portOf)
    .option('--seed <number>', 'the same number gives the same data (default: 1)', numberOf)
    .option(
      '--speed <factor>',
      'let calls come by themselves, this much faster than in life (default: none come)',
      factorOf,
    )
    .action(async (name: string, options: EmulatorCommandOptions) =>
      (await import('./emulator.js')).emulate(name, options),
    )
}

function numberOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A seed is a whole number.')
}

function factorOf(text: string): number {
  const factor = Number(text)
  if (factor > 0 && factor <= 1_000) return factor
  throw new InvalidArgumentError('A speed is a number above 0, at most 1000.')
}
