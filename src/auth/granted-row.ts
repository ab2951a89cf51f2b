import type { Clock } from '../clock.js'
import type { StoredGrant } from '../store/token-store.js'
import type { Flow, Grant } from './flow.js'
import { believedLifetime, believedRefreshLifetime, lifetimeUntilEnd } from './lifetime.js'

/** The code recorded for a user that is gone or locked; no token endpoint's failure has it. */
export const LOCKED_OUT = 'PROVIDER_FORBIDDEN'

/** A login about which nothing has been stored yet. */
export const EMPTY_ROW: Omit<StoredGrant, 'generation' | 'configuredWith'> = {
  status: 'BACKOFF',
  accessToken: null,
  refreshToken: null,
  receivedAt: null,
  lifetimeSeconds: null,
  refreshExpiresAt: null,
  scopes: [],
  identity: {},
  intent: null,
  lastError: null,
}

/**
 * The row to store for a grant. `previous` is the row that was refreshed: its refresh token, scopes
 * and identity remain where the response has none; null after a login from scratch.
 */
export function grantedRow(
  flow: Flow,
  clock: Clock,
  grant: Grant,
  previous: StoredGrant | null,
): Omit<StoredGrant, 'generation'> {
  const now = clock.now()
  const refreshToken = grant.refreshToken && grant.refreshToken.reveal() !== '' ? grant.refreshToken : null
  const refreshSeconds = believedRefreshLifetime(grant.refreshExpiresIn)
  // A user that is locked out stays so until the provider accepts a token again.
  const lastError = previous?.lastError?.code === LOCKED_OUT ? previous.lastError : null
  const previousEnd = refreshToken ? null : (previous?.refreshExpiresAt ?? null)
  return {
    status: lastError ? 'BACKOFF' : 'ACTIVE',
    accessToken: grant.accessToken,
    refreshToken: refreshToken ?? previous?.refreshToken ?? null,
    receivedAt: now,
    lifetimeSeconds: lifetimeUntilEnd(believedLifetime(grant.expiresIn, grant.defaultExpiresIn), grant.endsInSeconds),
    refreshExpiresAt: refreshSeconds === null ? previousEnd : now + refreshSeconds * 1000,
    scopes: grant.scopes ?? previous?.scopes ?? [],
    identity: { ...previous?.identity, ...grant.identity },
    configuredWith: configuredWith(flow),
    intent: null,
    lastError,
  }
}

/**
 * The configuration a row was made with: fingerprints of the login and of its first refresh token.
 */
export const configuredWith = ({ fingerprint, initialRefreshToken }: Flow): string =>
  initialRefreshToken ? `${fingerprint}.${initialRefreshToken.fingerprint()}` : fingerprint

/**
 * Whether a row belongs to the login that is configured now. Removing the first refresh token from
 * the configuration keeps the login; putting another one in starts a new login.
 */
export function isMadeWith(row: StoredGrant, { fingerprint, initialRefreshToken }: Flow): boolean {
  const [login, initial] = row.configuredWith.split('.')
  return login === fingerprint && (!initialRefreshToken || initial === initialRefreshToken.fingerprint())
}
