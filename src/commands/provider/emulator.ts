import type { Emulator } from '../../emulator/emulator.js'
import { CommandFailed } from '../command-failed.js'
import { EXIT } from '../exit-codes.js'
import { findProvider } from './find-provider.js'

export interface EmulatorCommandOptions {
  readonly port?: number
  readonly seed?: number
  readonly speed?: number
}

/** `emulator`: one emulator alone, for tests of other people, until a signal ends it. */
export async function emulate(name: string, options: EmulatorCommandOptions): Promise<void> {
  const emulator = await startAlone(name, options)
  console.log(JSON.stringify(described(emulator)))
  const end = () => void emulator.close().then(() => process.exit(EXIT.done))
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

/** The emulator as the command serves it. */
export async function startAlone(name: string, { port, seed, speed }: EmulatorCommandOptions): Promise<Emulator> {
  const provider = await findProvider(name)
  const start = async () => (await provider.emulator())({ port, ...(seed !== undefined && { seed }), controlled: true })
  const emulator = await start().catch((error: NodeJS.ErrnoException) => {
    // Of a socket: told with its address and what to do.
    if (error.syscall === 'listen') throw error
    throw new CommandFailed(`The emulator of ${provider.name} did not start: ${error.message ?? error}`)
  })
  if (speed) emulator.live?.start({ speed, callsPerMinute: CALLS_PER_MINUTE * speed })
  return emulator
}

const CALLS_PER_MINUTE = 6

/** Says it in the names of the configuration, so that an account is an entry of `accounts` with these keys. */
export function described({ url, accounts }: Emulator) {
  const entries = Object.entries(accounts)
  return {
    urls: entries[0]?.[1].urls ?? { api: url },
    accounts: entries.map(([name, { auth, options }]) => ({
      id: name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      auth,
      ...(options && { options }),
    })),
  }
}
