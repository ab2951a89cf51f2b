import type { Clock } from '../clock.js'
import type { StoredGrant } from '../store/token-store.js'
import type { Flow, Grant } from './flow.js'
import { believedLifetime } from './lifetime.js'

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
 * The row a grant makes, to be written over `basis`. `kept` is the row whose refresh token, scopes and identity live on where the
 * answer brought none: the one that was refreshed, null after a login from nothing.
 */
export function grantedRow(flow: Flow, clock: Clock, grant: Grant, kept: StoredGrant | null, basis: StoredGrant | null): StoredGrant {
  const now = clock.now()
  const refreshSeconds = grant.refreshExpiresIn ? Number(grant.refreshExpiresIn) : NaN
  const refreshToken = grant.refreshToken && grant.refreshToken.reveal() !== '' ? grant.refreshToken : null
  return {
    generation: (basis?.generation ?? 0) + 1,
    status: 'ACTIVE',
    accessToken: grant.accessToken,
    refreshToken: refreshToken ?? kept?.refreshToken ?? (basis ? null : (flow.initialRefreshToken ?? null)),
    receivedAt: now,
    lifetimeSeconds: believedLifetime(grant.expiresIn, grant.defaultExpiresIn),
    refreshExpiresAt: Number.isFinite(refreshSeconds) ? now + refreshSeconds * 1000 : refreshToken ? null : (kept?.refreshExpiresAt ?? null),
    scopes: grant.scopes ?? kept?.scopes ?? [],
    identity: { ...kept?.identity, ...grant.identity },
    configuredWith: flow.fingerprint,
    intent: null,
    lastError: null,
  }
}
