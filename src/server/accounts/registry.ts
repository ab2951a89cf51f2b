import type { Login } from '../../auth/login.js'
import { ConfigurationError } from '../../errors.js'
import type { Provider } from '../../providers/provider.js'
import type { StoredAccount } from '../../store/account-store.js'
import type { Store } from '../../store/store.js'
import { connectAccount, type ConnectionServices, type JoinedAccount } from './connect-account.js'
import type { AccountConfig } from '../config/account.js'
import { checkConfig, type Config } from '../config/config.js'
import type { Log } from '../observing/log.js'

/** How long another replica may take to see what one of them has changed. */
const LOOK_EVERY_MS = 2_000
const SWEEP_EVERY_MS = 60_000

export interface RegistryOptions {
  readonly store: Store
  readonly providers: readonly Provider[]
  readonly services: ConnectionServices
  readonly log: Log
}

interface LinkedAccount {
  readonly stored: StoredAccount
  readonly joined: JoinedAccount
}

/**
 * Every account this process serves: those of the configuration, and those linked since, which it learns of from the store. A change
 * made here counts at once; one that another replica made is seen within two seconds, by asking the store for a version number,
 * so that no request ever waits for it.
 */
export class AccountRegistry {
  readonly #options: RegistryOptions
  readonly #configured: readonly JoinedAccount[]
  /** By link, in the order they were linked; pending ones, too. */
  #linked: ReadonlyMap<string, LinkedAccount> = new Map()
  #workspaces = new Map<string, ReadonlyMap<string, JoinedAccount>>()
  readonly #origins = new WeakMap<Login['flow'], StoredAccount>()
  #version: string | null = null
  #looking: Promise<void> = Promise.resolve()
  #timers: readonly NodeJS.Timeout[] = []
  /** Accounts that were told of as unusable, so that each is told of once. */
  readonly #told = new Set<string>()

  constructor({ accounts }: Pick<Config, 'accounts'>, options: RegistryOptions) {
    this.#options = options
    this.#configured = accounts.map((account) => connectAccount(account, options.services))
  }

  /** Looks at the store, and goes on looking until `close`. */
  async open(): Promise<void> {
    await this.look()
    const { store, services } = this.#options
    // A store that is gone is told of by those who need it; the next look finds what this one did not.
    const look = () => void this.look().catch(() => {})
    const sweep = () => void store.sweep(services.clock.now()).catch(() => {})
    this.#timers = [setInterval(look, LOOK_EVERY_MS).unref(), setInterval(sweep, SWEEP_EVERY_MS).unref()]
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  /** By key, those of the configuration first; the map never changes, a later one takes its place. */
  of(workspace: string): ReadonlyMap<string, JoinedAccount> {
    const known = this.#workspaces.get(workspace)
    if (known) return known
    const visible = this.all.filter((account) => account.workspace === workspace)
    const accounts = new Map(visible.map((account) => [account.key, account]))
    this.#workspaces.set(workspace, accounts)
    return accounts
  }

  get all(): readonly JoinedAccount[] {
    const keys = new Set(this.#configured.map(({ key }) => key))
    const linked = [...this.#linked.values()].filter(
      ({ stored, joined }) => stored.pendingUntil === null && !keys.has(joined.key),
    )
    return [...this.#configured, ...linked.map(({ joined }) => joined)]
  }

  /** An account by its key; one that waits for a person to agree counts, too. */
  find(key: string): JoinedAccount | null {
    const configured = this.#configured.find((account) => account.key === key)
    return configured ?? this.#alive.find((account) => account.key === key) ?? null
  }

  /** An account by the key its login is stored under. */
  findLogin(key: string): JoinedAccount | null {
    return [...this.#configured, ...this.#alive].find(({ login }) => login.key === key) ?? null
  }

  /** Looks at the store before it says that there is none: another replica may have begun it a moment ago. */
  async seek(find: () => JoinedAccount | null): Promise<JoinedAccount | null> {
    const known = find()
    if (known) return known
    await this.look()
    return find()
  }

  /** What was stored of a linked account; null for one of the configuration, or when it is not there any more. */
  stored(link: string | null): StoredAccount | null {
    return (link !== null && this.#linked.get(link)?.stored) || null
  }

  /** The linked account a flow was made for, even when it has been unlinked since. */
  originOf(flow: Login['flow']): StoredAccount | null {
    return this.#origins.get(flow) ?? null
  }

  /** Reads what has changed, if anything has. Rejects with the store's own error. */
  look(): Promise<void> {
    this.#looking = this.#looking.catch(() => {}).then(() => this.#look())
    return this.#looking
  }

  /** Linked ones, and those that still wait for a person. */
  get #alive(): readonly JoinedAccount[] {
    const now = this.#options.services.clock.now()
    const alive = [...this.#linked.values()].filter(({ stored }) => (stored.pendingUntil ?? Infinity) > now)
    return alive.map(({ joined }) => joined)
  }

  async #look(): Promise<void> {
    const { store, log } = this.#options
    const version = await store.accountsVersion()
    if (version === this.#version) return
    const accounts = await store.accounts((key) =>
      this.#tellOnce(key, `the linked account ${key} does not open with the keys of this server`, log),
    )
    const linked = new Map<string, LinkedAccount>()
    for (const stored of accounts) {
      const joined = this.#linked.get(stored.link)?.joined ?? this.#join(stored)
      if (joined) linked.set(stored.link, { stored, joined: { ...joined, label: stored.label } })
    }
    const gone = [...this.#linked].filter(([link]) => !linked.has(link))
    this.#linked = linked
    this.#workspaces = new Map()
    this.#version = version
    for (const [link, { joined }] of gone) {
      this.#options.services.manager.forget(link)
      joined.forgetAnswers()
    }
  }

  /** Null for an account this version, or this configuration, cannot serve: the others are served all the same. */
  #join(stored: StoredAccount): JoinedAccount | null {
    const { services, providers, log } = this.#options
    const taken = this.#configured.some(({ key }) => key === stored.key)
    if (taken)
      this.#tellOnce(
        stored.link,
        `the linked account ${stored.key} is hidden by one of the configuration with its id`,
        log,
      )
    try {
      const joined = connectAccount(accountConfigOf(stored, providers), services, stored.link)
      this.#origins.set(joined.login.flow, stored)
      return joined
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      this.#tellOnce(
        stored.link,
        `the linked account ${stored.key} cannot be served: ${error.problems.join('; ')}`,
        log,
      )
      return null
    }
  }

  #tellOnce(link: string, message: string, log: Log): void {
    if (this.#told.has(link)) return
    this.#told.add(link)
    log.warning(message)
  }
}

/** What the configuration would say of a linked account, checked as the configuration is. Throws ConfigurationError. */
export function accountConfigOf(
  { key, workspace, provider, label, settings }: Omit<StoredAccount, 'link' | 'pendingUntil'>,
  providers: readonly Provider[],
): AccountConfig {
  const document = { ...(JSON.parse(settings.reveal()) as object), id: key, workspace, provider, label }
  return checkConfig({ store: { url: 'memory:' }, accounts: [document] }, providers, { environment: null }).accounts[0]!
}
