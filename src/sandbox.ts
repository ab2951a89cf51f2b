import type { EmulatedAccount, Emulator, EmulatorOptions } from './emulator/emulator.js'
import type { Provider } from './providers/provider.js'

/** An entry of `accounts` in the configuration file. */
export type SandboxAccount = EmulatedAccount & { readonly id: string }

/** Every provider's emulator, started, and the accounts that join a server to them. */
export interface Sandbox {
  /** By provider's slug. */
  readonly emulators: ReadonlyMap<string, Emulator>
  readonly accounts: readonly SandboxAccount[]
  /** Accounts that nobody has logged in yet: a browser does. */
  readonly unlinked: readonly SandboxAccount[]
  close(): Promise<void>
}

/** Which of an emulator's accounts a newcomer meets, by the emulator's name for them, and their ids there. No two show the same data. */
const JOINED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bulutfon: { authorizationCode: 'izmir' },
  ipex: { password: 'prague' },
  postacell: { gateway: 'mailings' },
  'rails-api-v1': { password: 'directory' },
}

/** Which account a newcomer logs in with a browser: another login of the company in İzmir, so it shows the same data once it is linked. */
const UNLINKED: typeof JOINED = { bulutfon: { unlinked: 'browser' } }
const UNLINKED_LABEL = 'To be linked in the browser'

/** Starts one emulator per provider on loopback, all telling the same story up to this moment. */
export async function startSandbox(
  providers: readonly Provider[],
  options: Omit<EmulatorOptions, 'port'> = {},
): Promise<Sandbox> {
  const emulators = new Map<string, Emulator>()
  const story = { storyEnd: options.now ?? Date.now(), ...options }
  const close = async () => void (await Promise.all([...emulators.values()].map((emulator) => emulator.close())))
  try {
    // One after the other: most of the work is loading and telling the story, which they share.
    for (const { slug, emulator } of providers) emulators.set(slug, await (await emulator())(story))
  } catch (error) {
    await close()
    throw error
  }
  return {
    emulators,
    accounts: [...emulators].flatMap(([slug, emulator]) => joinedAccounts(slug, emulator)),
    unlinked: [...emulators].flatMap(([slug, { accounts }]) =>
      Object.entries(UNLINKED[slug] ?? {}).map(([name, id]) => ({ ...accounts[name]!, id, label: UNLINKED_LABEL })),
    ),
    close,
  }
}

/** A provider that is not listed above joins with the first account its emulator has. */
function joinedAccounts(slug: string, { accounts }: Emulator): SandboxAccount[] {
  const names = JOINED[slug] ?? { [Object.keys(accounts)[0] ?? '']: slug }
  return Object.entries(names).map(([name, id]) => ({ id, ...accounts[name]! }))
}
