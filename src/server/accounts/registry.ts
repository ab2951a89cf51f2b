import type { Login } from '../../auth/login.js'
import { ConfigurationError } from '../../errors.js'
import type { Provider } from '../../providers/provider.js'
import type { StoredAccount } from '../../store/account-store.js'
import type { Store } from '../../store/store.js'
import { NO_DEFAULTS, type AccountConfig, type AccountDefaults } from '../config/account.js'
import { archiveSettings } from '../config/archive.js'
import { checkConfig, type Config } from '../config/config.js'
import { liveSettings } from '../config/live.js'
import type { Log } from '../observing/log.js'
import { connectAccount, type ConnectionServices, type JoinedAccount } from './connect-account.js'

/** How soon a replica sees the changes of another one. */
const REFRESH_EVERY_MS = 2_000
const SWEEP_EVERY_MS = 60_000

export interface RegistryOptions {
  readonly store: Store
  readonly providers: readonly Provider[]
  readonly services: ConnectionServices
  readonly log: Log
  /** Called when there are other linked accounts than before. */
  readonly onChange?: () => void
}

interface LinkedAccount {
  readonly stored: StoredAccount
  readonly joined: JoinedAccount
}

/**
 * Every account this process serves: configured ones, and linked ones, which it reads from the
 * store. Its own changes apply at once, those of other replicas within two seconds: it polls a
 * version number, so that no request waits for the store.
 */
export class AccountRegistry {
  readonly #options: RegistryOptions
  readonly #defaults: AccountDefaults
  readonly #configured: readonly JoinedAccount[]
  /** By link, in the order of linking; includes pending ones. */
  #linked: ReadonlyMap<string, LinkedAccount> = new Map()
  #workspaces = new Map<string, ReadonlyMap<string, JoinedAccount>>()
  #byKey: ReadonlyMap<string, JoinedAccount> | null = null
  readonly #storedByFlow = new WeakMap<Login['flow'], StoredAccount>()
  #version: string | null = null
  #refreshing: Promise<void> = Promise.resolve()
  #timers: readonly NodeJS.Timeout[] = []
  /** Accounts that a warning was logged for, so that it is logged once. */
  readonly #warned = new Set<string>()

  constructor({ accounts, accountDefaults }: Pick<Config, 'accounts' | 'accountDefaults'>, options: RegistryOptions) {
    this.#options = options
    this.#defaults = accountDefaults
    this.#configured = accounts.map((account) => connectAccount(account, options.services))
  }

  /**
   * Reads the linked accounts, and polls for changes until `close`.
   * @throws the store's error when the first read fails.
   */
  async open(): Promise<void> {
    await this.refresh()
    const { store, services } = this.#options
    // A failing store is reported where it is needed; the next poll catches up.
    const refresh = () => void this.refresh().catch(() => {})
    const sweep = () => void store.sweep(services.clock.now()).catch(() => {})
    this.#timers = [setInterval(refresh, REFRESH_EVERY_MS).unref(), setInterval(sweep, SWEEP_EVERY_MS).unref()]
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  /** By key, configured ones first. The map is never modified, a change makes a new one. */
  ofWorkspace(workspace: string): ReadonlyMap<string, JoinedAccount> {
    const cached = this.#workspaces.get(workspace)
    if (cached) return cached
    const visible = this.all.filter((account) => account.workspace === workspace)
    const accounts = new Map(visible.map((account) => [account.key, account]))
    this.#workspaces.set(workspace, accounts)
    return accounts
  }

  /** An account by its key, but no pending one; the same short time whether there is one or not. */
  served(key: string): JoinedAccount | null {
    this.#byKey ??= new Map(this.all.map((account) => [account.key, account]))
    return this.#byKey.get(key) ?? null
  }

  get all(): readonly JoinedAccount[] {
    const keys = new Set(this.#configured.map(({ key }) => key))
    const linked = [...this.#linked.values()].filter(
      ({ stored, joined }) => stored.pendingUntil === null && !keys.has(joined.key),
    )
    return [...this.#configured, ...linked.map(({ joined }) => joined)]
  }

  /** An account by its key, also a pending one. */
  find(key: string): JoinedAccount | null {
    const configured = this.#configured.find((account) => account.key === key)
    return configured ?? this.#current.find((account) => account.key === key) ?? null
  }

  /** An account by its login key, also a pending one. */
  findLogin(key: string): JoinedAccount | null {
    return [...this.#configured, ...this.#current].find(({ login }) => login.key === key) ?? null
  }

  /** Refreshes before answering null: another replica may have linked the account a moment ago. */
  async findOrRefresh(find: () => JoinedAccount | null): Promise<JoinedAccount | null> {
    const account = find()
    if (account) return account
    await this.refresh()
    return find()
  }

  /** The stored form of a linked account; null for a configured one, or when it was unlinked. */
  stored(link: string | null): StoredAccount | null {
    return (link !== null && this.#linked.get(link)?.stored) || null
  }

  /** The linked account that a flow belongs to, even after it was unlinked. */
  storedOfFlow(flow: Login['flow']): StoredAccount | null {
    return this.#storedByFlow.get(flow) ?? null
  }

  /**
   * Reads the linked accounts again if they have changed.
   * @throws the store's error.
   */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing.catch(() => {}).then(() => this.#refresh())
    return this.#refreshing
  }

  /** Linked accounts and those whose login is still pending, without expired ones. */
  get #current(): readonly JoinedAccount[] {
    const now = this.#options.services.clock.now()
    const current = [...this.#linked.values()].filter(({ stored }) => (stored.pendingUntil ?? Infinity) > now)
    return current.map(({ joined }) => joined)
  }

  async #refresh(): Promise<void> {
    const { store, log } = this.#options
    const version = await store.accountsVersion()
    if (version === this.#version) return
    const accounts = await store.accounts((key) =>
      this.#warnOnce(key, `the linked account ${key} does not open with the keys of this server`, log),
    )
    const linked = new Map<string, LinkedAccount>()
    for (const stored of accounts) {
      const joined = this.#linked.get(stored.link)?.joined ?? this.#join(stored)
      if (joined) linked.set(stored.link, { stored, joined: { ...joined, label: stored.label } })
    }
    const gone = [...this.#linked].filter(([link]) => !linked.has(link))
    this.#linked = linked
    this.#workspaces = new Map()
    this.#byKey = null
    this.#version = version
    for (const [link, { joined }] of gone) {
      this.#options.services.manager.forget(link)
      joined.clearCache()
    }
    this.#options.onChange?.()
  }

  /** Null for an account that this version or configuration cannot serve; the others still are. */
  #join(stored: StoredAccount): JoinedAccount | null {
    const { services, providers, log } = this.#options
    const isHidden = this.#configured.some(({ key }) => key === stored.key)
    if (isHidden)
      this.#warnOnce(
        stored.link,
        `the linked account ${stored.key} is hidden by one of the configuration with its id`,
        log,
      )
    try {
      const joined = connectAccount(accountConfigOf(stored, providers, this.#defaults), services, stored.link)
      this.#storedByFlow.set(joined.login.flow, stored)
      return joined
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      this.#warnOnce(
        stored.link,
        `the linked account ${stored.key} cannot be served: ${error.problems.join('; ')}`,
        log,
      )
      return null
    }
  }

  #warnOnce(link: string, message: string, log: Log): void {
    if (this.#warned.has(link)) return
    this.#warned.add(link)
    log.warning(message)
  }
}

/**
 * The configuration of a linked account, validated like one of the file.
 * @throws ConfigurationError
 */
export function accountConfigOf(
  { key, workspace, provider, label, settings }: Omit<StoredAccount, 'link' | 'pendingUntil'>,
  providers: readonly Provider[],
  defaults: AccountDefaults = NO_DEFAULTS,
): AccountConfig {
  const document = { ...(JSON.parse(settings.reveal()) as object), id: key, workspace, provider, label }
  const { accounts } = checkConfig({ store: { url: 'memory:' }, accounts: [document] }, providers, {
    environment: null,
  })
  const account = accounts[0]!
  const { provider: joined } = account
  return {
    ...account,
    live: liveSettings(joined, {}, defaults.live),
    archive: archiveSettings(joined, undefined, defaults.archive),
  }
}
