import type { Clock } from '../clock.js'
import type { StoredGrant } from '../store/token-store.js'
import type { Flow, Grant } from './flow.js'
import { believedLifetime, believedRefreshLifetime } from './lifetime.js'

/** A login of which nothing is known yet. */
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
 * The row a grant makes, to be written over another. `kept` is the row whose refresh token, scopes and identity live on where the
 * answer brought none: the one that was refreshed, null after a login from nothing.
 */
export function grantedRow(
  flow: Flow,
  clock: Clock,
  grant: Grant,
  kept: StoredGrant | null,
): Omit<StoredGrant, 'generation'> {
  const now = clock.now()
  const refreshToken = grant.refreshToken && grant.refreshToken.reveal() !== '' ? grant.refreshToken : null
  const refreshSeconds = believedRefreshLifetime(grant.refreshExpiresIn)
  const knownEnd = refreshToken ? null : (kept?.refreshExpiresAt ?? null)
  return {
    status: 'ACTIVE',
    accessToken: grant.accessToken,
    refreshToken: refreshToken ?? kept?.refreshToken ?? null,
    receivedAt: now,
    lifetimeSeconds: believedLifetime(grant.expiresIn, grant.defaultExpiresIn),
    refreshExpiresAt: refreshSeconds === null ? knownEnd : now + refreshSeconds * 1000,
    scopes: grant.scopes ?? kept?.scopes ?? [],
    identity: { ...kept?.identity, ...grant.identity },
    configuredWith: configuredWith(flow),
    intent: null,
    lastError: null,
  }
}

/** What a row notes of the configuration it was made under: the login's own fingerprint, and that of a first refresh token. */
export const configuredWith = ({ fingerprint, initialRefreshToken }: Flow): string =>
  initialRefreshToken ? `${fingerprint}.${initialRefreshToken.fingerprint()}` : fingerprint

/**
 * Whether a row is of the login that is configured now. A first refresh token that was taken out of the configuration has done its
 * work; another one that was put in begins anew.
 */
export function isMadeWith(row: StoredGrant, { fingerprint, initialRefreshToken }: Flow): boolean {
  const [login, initial] = row.configuredWith.split('.')
  return login === fingerprint && (!initialRefreshToken || initial === initialRefreshToken.fingerprint())
}
