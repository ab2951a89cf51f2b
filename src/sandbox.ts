import type { EmulatedAccount, Emulator, EmulatorOptions } from './emulator/emulator.js'
import type { Pace } from './emulator/live/live.js'
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
  /**
   * Lets the offices live on, as far as the sandbox was started for that: tells the emulators where
   * the server takes their events, by the account's id, and calls begin. Null: nowhere.
   */
  deliverTo(urlOf: (accountId: string) => string | null): void
  close(): Promise<void>
}

export interface SandboxOptions extends Omit<EmulatorOptions, 'port'> {
  /** The offices live on after the story has ended. Default: they stand still. */
  readonly live?: Pace
}

const UNLINKED_LABEL = 'To be linked in the browser'

/**
 * Starts one emulator per provider on loopback; all of them serve the same story, which ends now.
 */
export async function startSandbox(
  providers: readonly Provider[],
  { live, ...options }: SandboxOptions = {},
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
  const linked = providers.flatMap((provider) => {
    const emulator = emulators.get(provider.slug)!
    return linkedAccounts(provider.slug, emulator).map((account) => ({ emulator, account, provider }))
  })
  return {
    emulators,
    accounts: linked.map(({ account, emulator, provider }) => ({
      ...account,
      ...(live && provider.webhook && { live: WEBHOOK }),
      ...(live && emulator.history && { archive: ARCHIVE }),
    })),
    unlinked: [...emulators.values()].flatMap(({ accounts, sandbox }) =>
      Object.entries(sandbox?.unlinked ?? {}).map(([name, id]) => ({ ...accounts[name]!, id, label: UNLINKED_LABEL })),
    ),
    deliverTo(urlOf) {
      if (!live) return
      for (const { emulator, account } of linked) {
        const url = urlOf(account.id)
        emulator.live?.deliverTo(url === null ? null : { url, varied: true })
        emulator.live?.start({ settleDelayMs: SETTLE_DELAY_MS, ...live })
      }
    },
    close,
  }
}

const WEBHOOK = { webhook: true }
/** As often as may be, so that a person sees changes. */
const ARCHIVE = { everySeconds: 10 }
/** Prices and recordings come some seconds after their records, so that there is something to see. */
const SETTLE_DELAY_MS = 20_000

function linkedAccounts(slug: string, { accounts, sandbox }: Emulator): SandboxAccount[] {
  const linked = sandbox?.linked ?? { [Object.keys(accounts)[0] ?? '']: slug }
  return Object.entries(linked).map(([name, id]) => ({ id, ...accounts[name]! }))
}
