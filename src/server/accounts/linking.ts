import { randomUUID } from 'node:crypto'

import { TokenManager } from '../../auth/token-manager.js'
import { AppError, ConfigurationError, CredentialsUnavailable } from '../../errors.js'
import type { AccountLinks, NewAccount } from '../../graphql/context.js'
import { parseGlobalId } from '../../model/id.js'
import type { Operation } from '../../operation.js'
import type { LinkRequest, Provider } from '../../providers/provider.js'
import { Secret } from '../../secret.js'
import type { StoredAccount } from '../../store/account-store.js'
import { memoryStore } from '../../store/memory.js'
import type { Store } from '../../store/store.js'
import type { StoredGrant } from '../../store/token-store.js'
import type { Caller } from '../callers/caller.js'
import { rateLimit } from '../callers/rate-limit.js'
import type { AccountConfig } from '../config/account.js'
import type { ConnectLinks } from '../links/connect-links.js'
import { connectAccount, type ConnectionServices, type JoinedAccount } from './connect-account.js'
import { linkedAddressProblem } from './linked-address.js'
import {
  assertLabel,
  inputProblem,
  keyTaken,
  loginRefusal,
  managedByConfiguration,
  notFound,
  orUserErrors,
  Refusal,
} from './refusals.js'
import { accountConfigOf, type AccountRegistry } from './registry.js'
import { retryLogin } from './retry.js'
import type { Revocations } from './revocations.js'

export interface LinkingOptions {
  readonly registry: AccountRegistry
  readonly revocations: Revocations
  readonly store: Store
  readonly providers: readonly Provider[]
  readonly services: ConnectionServices
  readonly connectLinks: ConnectLinks
  /** Attempts to change accounts that one caller has per minute. */
  readonly changesPerMinute: number
  /**
   * Whether loopback addresses are accepted: only on a server that is reachable from its own
   * machine only.
   */
  readonly mayNameThisMachine: boolean
  readonly onLinked?: (account: JoinedAccount) => void
}

/** How long a new account waits for its login in a browser. */
const PENDING_MS = 10 * 60_000
const MAXIMUM_PENDING_PER_WORKSPACE = 5

/** Makes the account mutations of one operation, for its caller. */
export function accountLinking(options: LinkingOptions): (caller: Caller, operation: Operation) => AccountLinks {
  const { changesPerMinute, services } = options
  const changes = rateLimit({ perSecond: changesPerMinute / 60, burst: changesPerMinute }, services.clock)
  return (caller, operation) => {
    const linking = new AccountLinking(options, caller, operation)
    let used = false
    // Keeps aliases, and floods of requests, from trying out passwords at a provider.
    const once = <T>(work: () => Promise<T>): Promise<T> => {
      if (used) throw new AppError('OPERATION_TOO_COMPLEX', 'One operation may change one account.')
      used = true
      const wait = changes.take(caller.identity ?? '')
      if (wait > 0)
        throw new AppError('RATE_LIMITED', 'Too many changes of accounts. Try again later.', { retryAfterMs: wait })
      return work()
    }
    return {
      begin: (request) => once(() => linking.begin(request)),
      link: (request) => once(() => linking.link(request)),
      unlink: (accountId) => once(() => linking.unlink(accountId)),
      retry: (accountId) => once(() => linking.retry(accountId)),
    }
  }
}

class AccountLinking implements AccountLinks {
  constructor(
    private readonly options: LinkingOptions,
    private readonly caller: Caller,
    private readonly operation: Operation,
  ) {}

  begin(request: Parameters<AccountLinks['begin']>[0]): ReturnType<AccountLinks['begin']> {
    const { accountId } = request
    return orUserErrors(async (): Promise<{ authorizeUrl: string; expiresAt: string | null }> =>
      accountId === undefined ? this.#beginNew(request) : this.#beginAgain(request, accountId),
    )
  }

  link({ flow, credentials, impersonate, ...request }: NewAccount & LinkRequest): ReturnType<AccountLinks['link']> {
    return orUserErrors(async () => {
      const provider = this.#providerOf(request.provider)
      if (flow === 'OAUTH2_AUTHORIZATION_CODE' && provider.flows.includes(flow)) {
        throw new Refusal('FLOW_NOT_SUPPORTED', 'This login is made in a browser: use accountAuthorizationBegin.', [
          'flow',
        ])
      }
      const account = this.#accountOf(request, provider, { flow, credentials, impersonate }, null)
      const config = this.#checked(account)
      this.#assertFree(request.key)
      const logins = await this.#tryLogin(account, config)
      return { account: await this.#keep(account, logins) }
    })
  }

  unlink(accountId: string): ReturnType<AccountLinks['unlink']> {
    return orUserErrors(async () => {
      const { registry, revocations, store } = this.options
      const account = this.#find(accountId)
      const linked = registry.stored(account.link)
      if (!linked) throw managedByConfiguration()
      const toRevoke = (logins: readonly StoredGrant[]) => revocations.of(linked, account.login.flow, logins)
      const gone = await stored(() => store.unlink(linked.link, toRevoke))
      await stored(() => registry.refresh())
      if (!gone) throw notFound()
      void revocations.wake()
      return {}
    })
  }

  retry(accountId: string): ReturnType<AccountLinks['retry']> {
    return orUserErrors(async () => {
      const account = this.#find(accountId)
      const tried = await orUserErrors(async () => {
        await retryLogin(account, this.operation)
        return { userErrors: [] }
      })
      return { account, ...tried }
    })
  }

  async #beginNew(request: Parameters<AccountLinks['begin']>[0]): Promise<{ authorizeUrl: string; expiresAt: string }> {
    const { provider: slug, key, label, urls, clientId, clientSecret } = request
    for (const [field, value] of Object.entries({ provider: slug, key, label })) {
      if (value === undefined) throw new Refusal('INVALID_INPUT', 'is required for a new account', [field])
    }
    const provider = this.#providerOf(slug!)
    const flow = 'OAUTH2_AUTHORIZATION_CODE'
    const expiresAt = this.options.services.clock.now() + PENDING_MS
    const loginRequest = { flow, credentials: { clientId, clientSecret } } as const
    const account = this.#accountOf(
      { provider: slug!, key: key!, label: label!, urls },
      provider,
      loginRequest,
      expiresAt,
    )
    this.#checked(account, [])
    this.#assertFree(key!)
    const { login } = await this.#keep(account, new Map())
    const { url } = this.options.connectLinks.to(login.key, this.caller.identity)
    return { authorizeUrl: url, expiresAt: new Date(expiresAt).toISOString() }
  }

  async #beginAgain(
    request: Parameters<AccountLinks['begin']>[0],
    accountId: string,
  ): Promise<{ authorizeUrl: string; expiresAt: string | null }> {
    const account = this.#find(accountId)
    for (const field of ['provider', 'key', 'clientId', 'clientSecret', 'urls'] as const) {
      if (request[field] !== undefined)
        throw new Refusal('INVALID_INPUT', 'is for a new account: leave it out', [field])
    }
    if (!account.login.flow.authorization) {
      throw new Refusal('FLOW_NOT_SUPPORTED', 'The login of this account is not made in a browser.', ['accountId'])
    }
    if (request.label !== undefined) await this.#rename(account, request.label)
    const { url, expiresAt } = this.options.connectLinks.to(account.login.key, this.caller.identity)
    return { authorizeUrl: url, expiresAt }
  }

  async #rename({ link }: JoinedAccount, label: string): Promise<void> {
    if (link === null) throw managedByConfiguration(['label'])
    assertLabel(label)
    await stored(() => this.options.store.relabel(link, label))
    await stored(() => this.options.registry.refresh())
  }

  /** @throws Refusal when the key is taken; a pending account does not count and is replaced. */
  #assertFree(key: string): void {
    const { registry } = this.options
    const existing = registry.find(key)
    if (existing && registry.stored(existing.link)?.pendingUntil == null) throw keyTaken(key)
  }

  /** @throws Refusal; an account of another workspace is treated as missing. */
  #find(accountId: string): JoinedAccount {
    const id = parseGlobalId(accountId)
    const account =
      id?.type === 'Account'
        ? this.options.registry.ofWorkspace(this.caller.viewer.workspace).get(id.account)
        : undefined
    if (!account) throw notFound()
    return account
  }

  #providerOf(slug: string): Provider {
    const provider = this.options.providers.find((one) => one.slug === slug)
    if (provider) return provider
    const slugs = this.options.providers.map((one) => one.slug).join(', ')
    throw new Refusal('PROVIDER_UNKNOWN', `There is no such provider; there are ${slugs}.`, ['provider'])
  }

  #accountOf(
    { key, label, urls }: NewAccount,
    provider: Provider,
    request: LinkRequest,
    pendingUntil: number | null,
  ): StoredAccount {
    const auth = provider.flows.includes(request.flow) ? provider.linkAuth?.(request) : null
    if (!auth) {
      const flows = provider.flows.join(', ')
      throw new Refusal('FLOW_NOT_SUPPORTED', `${provider.name} does not log in that way; it knows ${flows}.`, ['flow'])
    }
    if (request.impersonate !== undefined && !('impersonate' in auth)) {
      throw new Refusal('INVALID_INPUT', 'this login cannot act for somebody else', ['impersonate'])
    }
    assertLabel(label)
    const defined = Object.fromEntries(Object.entries(auth).filter(([, value]) => value !== undefined))
    const settings = JSON.stringify({ ...(urls !== undefined && { urls }), auth: defined })
    return {
      link: randomUUID(),
      key,
      workspace: this.caller.viewer.workspace,
      provider: provider.slug,
      label,
      settings: new Secret(settings),
      pendingUntil,
    }
  }

  /**
   * Validates the account like one of the configuration; `within` is the input path of its
   * credentials.
   * @throws Refusal with the first problem.
   */
  #checked(stored: StoredAccount, within: readonly string[] = ['credentials']): AccountConfig {
    const problems: string[] = []
    try {
      const config = accountConfigOf(stored, this.options.providers)
      const { origins } = config.provider.connect(config.settings, config.facts)
      const problem = origins
        .map((origin) => linkedAddressProblem(origin, this.options.mayNameThisMachine))
        .find(Boolean)
      if (!problem) return config
      problems.push(`accounts[0].urls: ${problem}`)
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      problems.push(...error.problems)
    }
    const [field, message] = inputProblem(problems[0]!, within)
    throw new Refusal('INVALID_INPUT', message, field)
  }

  /**
   * Logs in against a temporary store, so that a failed attempt leaves nothing behind; gives the
   * grants by login key.
   */
  async #tryLogin(stored: StoredAccount, config: AccountConfig): Promise<ReadonlyMap<string, StoredGrant>> {
    const { services } = this.options
    const trial = memoryStore(services.clock.monotonic)
    await trial.link(stored, new Map(), MAXIMUM_PENDING_PER_WORKSPACE, services.clock.now())
    const manager = new TokenManager({ ...services.manager.options, store: trial })
    const account = connectAccount(config, { ...services, manager }, stored.link)
    const { login } = account
    try {
      // A credential without an expiry, such as an API key, was not requested from anywhere: only a
      // read verifies it.
      const { row } = await login.token()
      if (row.lifetimeSeconds === null) await account.source(this.operation).profile()
    } catch (error) {
      throw loginRefusal(error)
    }
    const made = [login, login.actor].filter((one) => one !== null)
    const rows = await Promise.all(made.map(async ({ key }) => [key, await trial.read(key)] as const))
    return new Map(rows.filter((entry): entry is [string, StoredGrant] => entry[1] !== null))
  }

  async #keep(account: StoredAccount, logins: ReadonlyMap<string, StoredGrant>): Promise<JoinedAccount> {
    const { registry, store, services } = this.options
    const kept = await stored(() => store.link(account, logins, MAXIMUM_PENDING_PER_WORKSPACE, services.clock.now()))
    if (!kept) throw keyTaken(account.key)
    await stored(() => registry.refresh())
    const joined = registry.find(account.key)!
    if (account.pendingUntil === null) this.options.onLinked?.(joined)
    return joined
  }
}

/** @throws CredentialsUnavailable for every failure of the store: the caller can only try again. */
async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new CredentialsUnavailable('Linked accounts cannot be read or written now. Try again later.', { cause })
  }
}
