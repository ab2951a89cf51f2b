import { isoTime } from '../clock.js'
import type { ErrorCode } from '../errors.js'
import type { StoredGrant } from '../store/token-store.js'
import type { FlowKind } from './flow.js'
import type { LoginParts } from './login-parts.js'

/** What may be shown of a login: times in ISO 8601 UTC, no secret. */
export interface LoginState {
  readonly flow: FlowKind
  readonly status: 'NEW' | 'ACTIVE' | 'BACKOFF' | 'REAUTHORIZATION_REQUIRED'
  readonly scopes: readonly string[]
  readonly expiresAt: string | null
  readonly lastRefreshedAt: string | null
  readonly impersonating: string | null
  readonly authorizeUrl: string | null
  readonly lastError: {
    readonly code: ErrorCode
    readonly reason: string | null
    readonly occurredAt: string
    readonly attempts: number
    readonly nextAttemptAt: string | null
  } | null
}

/** A login that only a browser can begin has an `authorizeUrl` from the start. */
export function describeLogin(
  { flow, authorizeUrl }: Pick<LoginParts, 'flow' | 'authorizeUrl'>,
  row: StoredGrant | null,
): LoginState {
  const needsPerson = row ? row.status === 'REAUTHORIZATION_REQUIRED' : !flow.acquire && !flow.initialRefreshToken
  const expiresAt =
    row?.accessToken && row.receivedAt !== null && row.lifetimeSeconds !== null
      ? row.receivedAt + row.lifetimeSeconds * 1000
      : null
  return {
    flow: flow.kind,
    status: row?.status ?? 'NEW',
    scopes: row?.scopes ?? [],
    expiresAt: isoTime(expiresAt),
    lastRefreshedAt: isoTime(row?.receivedAt ?? null),
    impersonating: flow.impersonation?.subject ?? null,
    authorizeUrl: needsPerson ? authorizeUrl() : null,
    lastError: row?.lastError
      ? {
          code: row.lastError.code as ErrorCode,
          reason: row.lastError.reason,
          occurredAt: new Date(row.lastError.occurredAt).toISOString(),
          attempts: row.lastError.attempts,
          nextAttemptAt: isoTime(row.lastError.nextAttemptAt),
        }
      : null,
  }
}

/** A login whose row cannot be read now: what was last read of it, in backoff. */
export function describeUnreadable(
  login: Pick<LoginParts, 'flow' | 'authorizeUrl' | 'services'>,
  lastRead: StoredGrant | null,
): LoginState {
  const occurredAt = new Date(login.services.clock.now()).toISOString()
  return {
    ...describeLogin(login, lastRead),
    status: 'BACKOFF',
    authorizeUrl: null,
    lastError: { code: 'CREDENTIALS_UNAVAILABLE', reason: null, occurredAt, attempts: 1, nextAttemptAt: null },
  }
}
