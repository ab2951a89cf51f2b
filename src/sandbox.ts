import type { EmulatedAccount, Emulator, EmulatorOptions } from './emulator/emulator.js'
import type { Provider } from './providers/provider.js'

/** An entry of `accounts` in the configuration file. */
export type SandboxAccount = EmulatedAccount & { readonly id: string }

/** The started emulators of all providers, and the accounts that connect a server to them. */
export interface Sandbox {
  /** By the provider's slug. */
  readonly emulators: ReadonlyMap<string, Emulator>
  readonly accounts: readonly SandboxAccount[]
  /** Accounts without a login: a person links them in a browser. */
  readonly unlinked: readonly SandboxAccount[]
  close(): Promise<void>
}

const UNLINKED_LABEL = 'To be linked in the browser'

/**
 * Starts one emulator per provider on loopback; all of them serve the same story, which ends now.
 */
export async function startSandbox(
  providers: readonly Provider[],
  options: Omit<EmulatorOptions, 'port'> = {},
): Promise<Sandbox> {
  const emulators = new Map<string, Emulator>()
  const story = { storyEnd: options.now ?? Date.now(), ...options }
  const close = async () => void (await Promise.all([...emulators.values()].map((emulator) => emulator.close())))
  try {
    // In turn: most of the work is loading code and creating the story, which the emulators share.
    for (const { slug, emulator } of providers) emulators.set(slug, await (await emulator())(story))
  } catch (error) {
    await close()
    throw error
  }
  return {
    emulators,
    accounts: [...emulators].flatMap(([slug, emulator]) => linkedAccounts(slug, emulator)),
    unlinked: [...emulators.values()].flatMap(({ accounts, sandbox }) =>
      Object.entries(sandbox?.unlinked ?? {}).map(([name, id]) => ({ ...accounts[name]!, id, label: UNLINKED_LABEL })),
    ),
    close,
  }
}

function linkedAccounts(slug: string, { accounts, sandbox }: Emulator): SandboxAccount[] {
  const linked = sandbox?.linked ?? { [Object.keys(accounts)[0] ?? '']: slug }
  return Object.entries(linked).map(([name, id]) => ({ id, ...accounts[name]! }))
}
