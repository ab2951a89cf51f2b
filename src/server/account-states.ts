import Table from 'cli-table3'

import { TokenManager } from '../auth/token-manager.js'
import { systemClock } from '../clock.js'
import { ServiceUnavailable } from '../errors.js'
import type { Send } from '../http/http.js'
import { memoryStore } from '../store/memory.js'
import { connectAccount } from './accounts.js'
import type { Config } from './config.js'

/** One line of `dialgraph accounts`. */
export interface AccountState {
  readonly id: string
  readonly provider: string
  readonly flow: string
  readonly status: string
  /** When the access token in use runs out. */
  readonly expiresAt: string | null
  /** Code and reason of the last failed login. */
  readonly lastError: string | null
  /** Where a person repairs the login, when only a person can. */
  readonly authorizeUrl: string | null
}

const ASKING_MS = 2_000

const QUERY = `query AccountStates($after: String) {
  accounts(first: 100, after: $after) {
    nodes {
      key
      provider { slug }
      authorization { flow status expiresAt authorizeUrl lastError { code reason } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

interface AccountNode {
  readonly key: string
  readonly provider: { readonly slug: string }
  readonly authorization: Pick<AccountState, 'flow' | 'status' | 'expiresAt' | 'authorizeUrl'> & {
    readonly lastError: { readonly code: string; readonly reason: string | null } | null
  }
}

interface AccountsPage {
  readonly nodes: readonly AccountNode[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** What a running server knows of its logins, which it keeps in memory; null when none answers there. Logs nothing in. */
export async function askAccountStates(serverUrl: string): Promise<readonly AccountState[] | null> {
  const states: AccountState[] = []
  let after: string | null = null
  try {
    do {
      const { nodes, pageInfo }: AccountsPage = await askPage(serverUrl, after)
      states.push(...nodes.map(stateOf))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after !== null)
  } catch {
    return null
  }
  return states
}

async function askPage(serverUrl: string, after: string | null): Promise<AccountsPage> {
  const response = await fetch(`${serverUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { after } }),
    signal: AbortSignal.timeout(ASKING_MS),
  })
  return ((await response.json()) as { data: { accounts: AccountsPage } }).data.accounts
}

/** The configured accounts as they are before anything was asked of them. */
export function configuredAccountStates(config: Config): Promise<readonly AccountState[]> {
  const send: Send = () => Promise.reject(new ServiceUnavailable('Nothing is sent while accounts are listed.'))
  const services = { send, limits: config.limits, clock: systemClock }
  const manager = new TokenManager({ ...services, store: memoryStore() })
  return Promise.all(
    config.accounts.map(async (account) => {
      const { key, provider, authorization } = connectAccount(account, { ...services, manager })
      return stateOf({ key, provider, authorization: await authorization() })
    }),
  )
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
    authorizeUrl,
  }
}

/** A table for a person at a terminal, tab-separated lines for a pipe, below each account in need the link that helps. */
export function printAccountStates(states: readonly AccountState[], terminal: boolean): string {
  const rows = states.map(({ id, provider, flow, status, expiresAt, lastError }) => [
    id,
    provider,
    flow,
    status,
    expiresAt ?? '',
    lastError ?? '',
  ])
  const links = states.flatMap(({ id, authorizeUrl }) => (authorizeUrl ? [`${id}: open ${authorizeUrl}`] : []))
  if (!terminal) return [...rows.map((row) => row.join('\t')), ...links].join('\n')
  const table = new Table({
    head: ['id', 'provider', 'login flow', 'status', 'expires', 'last error'],
    style: { head: ['cyan'] },
  })
  table.push(...rows)
  return [table.toString(), ...links].join('\n')
}
