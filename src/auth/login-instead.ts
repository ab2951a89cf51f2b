import { ProviderError } from '../errors.js'
import type { StoredGrant } from '../store/token-store.js'
import { UnclearRefusal } from './flow.js'
import { LOCKED_OUT } from './granted-row.js'
import type { LoginParts } from './login-parts.js'

/** When a login with the configured credentials takes the place of a refresh. */

/** A token endpoint that fails is asked twice at most in this time. */
const ASKED_TWICE_WITHIN_MS = 10_000

type Parts = Pick<LoginParts, 'flow' | 'services'>

/**
 * Whether the refresh token has run out by the word of its own answer: that spares a login the
 * attempt. Where only a person could log in, the endpoint is asked nevertheless.
 */
export function isOver({ services }: Parts, row: StoredGrant | null): boolean {
  return (row?.refreshExpiresAt ?? Infinity) <= services.clock.now()
}

/** After two failed refreshes the third attempt is a login; later ones follow `mayLogInInstead`. */
export function isLoginsTurn(parts: Parts, row: StoredGrant | null): boolean {
  return row?.status === 'BACKOFF' && row.lastError?.attempts === 2 && mayLogIn(parts, row)
}

/**
 * Whether a failed refresh is followed by a login at once: where the provider refused it, or it
 * leads elsewhere, or it failed before, and not so lately that the endpoint would be asked three
 * times within ten seconds. Never where it asks us to wait, or refuses our client.
 */
export function mayLogInInstead(parts: Parts, row: StoredGrant, failure: unknown): boolean {
  if (!(failure instanceof ProviderError) || failure.retryAfterMs !== null || !mayLogIn(parts, row)) return false
  if (failure instanceof UnclearRefusal || failure.reason === 'REDIRECT') return true
  const { lastError } = row
  return lastError !== null && parts.services.clock.now() - lastError.occurredAt >= ASKED_TWICE_WITHIN_MS
}

/** Whether the credentials may be used beside a refresh token: not after they were refused. */
function mayLogIn({ flow, services }: Parts, { lastError }: StoredGrant): boolean {
  if (lastError?.code === LOCKED_OUT) return false
  return Boolean(flow.acquire) && (lastError?.noLoginBefore ?? 0) <= services.clock.now()
}
