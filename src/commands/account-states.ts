import { TokenManager } from '../auth/token-manager.js'
import { systemClock } from '../clock.js'
import { ServiceUnavailable } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import { memoryStore } from '../store/memory.js'
import { AccountRegistry } from '../server/accounts/registry.js'
import type { Config } from '../server/config/config.js'
import { connectLinks, OPERATOR } from '../server/links/connect-links.js'
import type { Log } from '../server/observing/log.js'
import { isStoreBegun, openConfiguredStore } from '../server/config/open-store.js'

/** One line of `dialgraph accounts`. */
export interface AccountState {
  readonly id: string
  readonly provider: string
  readonly flow: string
  readonly status: string
  /** When the current access token expires; ISO 8601, as are all times here. */
  readonly expiresAt: string | null
  /** Code and reason of the last failed login. */
  readonly lastError: string | null
  /** The login is not tried again before. */
  readonly nextAttemptAt: string | null
  /** Where a person logs in again; null while no person is needed. */
  readonly authorizeUrl: string | null
}

const QUERY_TIMEOUT_MS = 2_000

const QUERY = `query AccountStates($after: String) {
  accounts(first: 100, after: $after) {
    nodes {
      key
      provider { slug }
      authorization { flow status expiresAt authorizeUrl lastError { code reason nextAttemptAt } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

interface AccountNode {
  readonly key: string
  readonly provider: { readonly slug: string }
  readonly authorization: Pick<AccountState, 'flow' | 'status' | 'expiresAt' | 'authorizeUrl'> & {
    readonly lastError: {
      readonly code: string
      readonly reason: string | null
      readonly nextAttemptAt: string | null
    } | null
  }
}

interface AccountsPage {
  readonly nodes: readonly AccountNode[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** Queries a running server for its accounts, without logging in; null when no server answers. */
export async function queryAccountStates(serverUrl: string): Promise<readonly AccountState[] | null> {
  const states: AccountState[] = []
  let after: string | null = null
  try {
    do {
      const { nodes, pageInfo }: AccountsPage = await queryPage(serverUrl, after)
      states.push(...nodes.map(stateOf))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after !== null)
  } catch {
    return null
  }
  return states
}

async function queryPage(serverUrl: string, after: string | null): Promise<AccountsPage> {
  const response = await fetch(`${serverUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { after } }),
    signal: AbortSignal.timeout(QUERY_TIMEOUT_MS),
  })
  return ((await response.json()) as { data: { accounts: AccountsPage } }).data.accounts
}

/**
 * Reads the accounts from the store, for when no server answers.
 * @throws ConfigurationError for a store that does not open
 */
export async function storedAccountStates(
  config: Config,
  providers: readonly Provider[],
  log: Log,
): Promise<readonly AccountState[]> {
  const store = isStoreBegun(config) ? await openConfiguredStore(config) : memoryStore()
  try {
    const nothingIsSent = () => Promise.reject(new ServiceUnavailable('Nothing is sent while accounts are listed.'))
    const services = { send: nothingIsSent, openStream: nothingIsSent, limits: config.limits, clock: systemClock }
    const manager = new TokenManager({ ...services, store })
    const publicUrl = () => config.server.publicUrl ?? `http://${config.server.host}:${config.server.port}`
    const links = connectLinks({
      signingKeys: config.signingKeys,
      clock: systemClock,
      publicUrl,
      isStillAuthorized: () => true,
      needTickets: config.callers !== null,
    })
    const registry = new AccountRegistry(config, {
      store,
      providers,
      log,
      services: { ...services, manager, publicUrl },
    })
    await registry.refresh()
    return await Promise.all(
      registry.all.map(async ({ key, provider, login, authorization }) => {
        const state = await authorization()
        const authorizeUrl = state.authorizeUrl && links.to(login.key, OPERATOR).url
        return stateOf({ key, provider, authorization: { ...state, authorizeUrl } })
      }),
    )
  } finally {
    await store.close()
  }
}

function stateOf({ key, provider, authorization }: AccountNode): AccountState {
  const { flow, status, expiresAt, authorizeUrl, lastError } = authorization
  return {
    id: key,
    provider: provider.slug,
    flow,
    status,
    expiresAt,
    lastError: lastError && [lastError.code, lastError.reason].filter(Boolean).join(' '),
    nextAttemptAt: lastError?.nextAttemptAt ?? null,
    authorizeUrl,
  }
}
