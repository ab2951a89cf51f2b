import { systemClock } from '../clock.js'
import type { Provider } from '../providers/provider.js'
import type { Config } from '../server/config/config.js'
import { connectLinks, OPERATOR } from '../server/links/connect-links.js'
import type { Log } from '../server/observing/log.js'
import { queryAccounts, withStoredAccounts } from './read-accounts.js'

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

const NODE =
  'key provider { slug } authorization { flow status expiresAt authorizeUrl lastError { code reason nextAttemptAt } }'

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

/** Queries a running server for its accounts, without logging in; null when no server answers. */
export async function queryAccountStates(serverUrl: string): Promise<readonly AccountState[] | null> {
  const nodes = await queryAccounts<AccountNode>(serverUrl, NODE)
  return nodes?.map(stateOf) ?? null
}

/**
 * Reads the accounts from the store, for when no server answers.
 * @throws ConfigurationError for a store that does not open
 */
export function storedAccountStates(
  config: Config,
  providers: readonly Provider[],
  log: Log,
): Promise<readonly AccountState[]> {
  const publicUrl = () => config.server.publicUrl ?? `http://${config.server.host}:${config.server.port}`
  const links = connectLinks({
    signingKeys: config.signingKeys,
    clock: systemClock,
    publicUrl,
    isStillAuthorized: () => true,
    needTickets: config.callers !== null,
  })
  return withStoredAccounts(config, { providers, log, publicUrl }, (accounts) =>
    Promise.all(
      accounts.map(async ({ key, provider, login, authorization }) => {
        const state = await authorization()
        const authorizeUrl = state.authorizeUrl && links.to(login.key, OPERATOR).url
        return stateOf({ key, provider, authorization: { ...state, authorizeUrl } })
      }),
    ),
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
    nextAttemptAt: lastError?.nextAttemptAt ?? null,
    authorizeUrl,
  }
}
