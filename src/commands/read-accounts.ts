import { TokenManager } from '../auth/token-manager.js'
import { systemClock } from '../clock.js'
import { ServiceUnavailable } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import type { JoinedAccount } from '../server/accounts/connect-account.js'
import { AccountRegistry } from '../server/accounts/registry.js'
import type { Config } from '../server/config/config.js'
import { isStoreBegun, openConfiguredStore } from '../server/config/open-store.js'
import type { Log } from '../server/observing/log.js'
import { memoryStore } from '../store/memory.js'

const QUERY_TIMEOUT_MS = 2_000

interface AccountsPage<Node> {
  readonly nodes: readonly Node[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/**
 * Queries a running server for its accounts, without logging in; null when no server answers.
 * `fields`: a selection of `Account`.
 */
export async function queryAccounts<Node>(serverUrl: string, fields: string): Promise<readonly Node[] | null> {
  const query = `query Accounts($after: String) {
    accounts(first: 100, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } }
  }`
  const all: Node[] = []
  let after: string | null = null
  try {
    do {
      const { nodes, pageInfo }: AccountsPage<Node> = await queryPage(serverUrl, query, after)
      all.push(...nodes)
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after !== null)
  } catch {
    return null
  }
  return all
}

async function queryPage<Node>(serverUrl: string, query: string, after: string | null): Promise<AccountsPage<Node>> {
  const response = await fetch(`${serverUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { after } }),
    signal: AbortSignal.timeout(QUERY_TIMEOUT_MS),
  })
  return ((await response.json()) as { data: { accounts: AccountsPage<Node> } }).data.accounts
}

export interface StoredAccountsOptions {
  readonly providers: readonly Provider[]
  readonly log: Log
  readonly publicUrl: () => string
}

/**
 * Gives `work` the accounts of the configuration and of the store, without asking any provider.
 * @throws ConfigurationError for a store that does not open
 */
export async function withStoredAccounts<T>(
  config: Config,
  { providers, log, publicUrl }: StoredAccountsOptions,
  work: (accounts: readonly JoinedAccount[]) => Promise<T> | T,
): Promise<T> {
  const store = isStoreBegun(config) ? await openConfiguredStore(config) : memoryStore()
  try {
    const nothingIsSent = () => Promise.reject(new ServiceUnavailable('Nothing is sent while accounts are listed.'))
    const services = { send: nothingIsSent, openStream: nothingIsSent, limits: config.limits, clock: systemClock }
    const manager = new TokenManager({ ...services, store })
    const registry = new AccountRegistry(config, {
      store,
      providers,
      log,
      services: { ...services, manager, publicUrl },
    })
    await registry.refresh()
    return await work(registry.all)
  } finally {
    await store.close()
  }
}
