import type { EmulatedAccount, Emulator, EmulatorOptions } from './emulator/emulator.js'
import type { Provider } from './providers/provider.js'

/** An entry of `accounts` in the configuration file. */
export type SandboxAccount = EmulatedAccount & { readonly id: string }

/** Every provider's emulator, started, and the accounts that join a server to them. */
export interface Sandbox {
  /** By provider's slug. */
  readonly emulators: ReadonlyMap<string, Emulator>
  readonly accounts: readonly SandboxAccount[]
  close(): Promise<void>
}

/** Which of an emulator's accounts a newcomer meets, by the emulator's name for them, and their ids there. No two show the same data. */
const JOINED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bulutfon: { authorizationCode: 'izmir' },
  ipex: { password: 'prague' },
  postacell: { gateway: 'mailings' },
  'rails-api-v1': { password: 'directory' },
}

/** Starts one emulator per provider on loopback, all telling the same story up to this moment. */
export async function startSandbox(
  providers: readonly Provider[],
  options: Omit<EmulatorOptions, 'port'> = {},
): Promise<Sandbox> {
  const emulators = new Map<string, Emulator>()
  const close = async () => void (await Promise.all([...emulators.values()].map((emulator) => emulator.close())))
  try {
    // One after the other: most of the work is loading and telling the story, which they share.
    for (const { slug, emulator } of providers) emulators.set(slug, await (await emulator())(options))
  } catch (error) {
    await close()
    throw error
  }
  return {
    emulators,
    accounts: [...emulators].flatMap(([slug, emulator]) => joinedAccounts(slug, emulator)),
    close,
  }
}

/** A provider that is not listed above joins with the first account its emulator has. */
function joinedAccounts(slug: string, { accounts }: Emulator): SandboxAccount[] {
  const names = JOINED[slug] ?? { [Object.keys(accounts)[0] ?? '']: slug }
  return Object.entries(names).map(([name, id]) => ({ id, ...accounts[name]! }))
}
