import type { Secret } from '../secret.js'

/** One login as it is stored: its tokens, their lifetimes, and how the last attempt ended. */
export interface StoredGrant {
  /** Increases by one with every write, for compare-and-set. The first row has 1. */
  readonly generation: number
  readonly status: 'ACTIVE' | 'BACKOFF' | 'REAUTHORIZATION_REQUIRED'
  readonly accessToken: Secret | null
  readonly refreshToken: Secret | null
  /** Wall-clock ms at which the access token was received. */
  readonly receivedAt: number | null
  /**
   * Seconds from `receivedAt`; null for credentials that do not expire (static token, password).
   */
  readonly lifetimeSeconds: number | null
  /** Wall-clock ms at which the refresh token expires, when the provider says so. */
  readonly refreshExpiresAt: number | null
  readonly scopes: readonly string[]
  /** Facts about the login, never secrets: user id, e-mail, name. */
  readonly identity: Readonly<Record<string, string>>
  /** Fingerprint of the configured credentials; a row made with others does not count. */
  readonly configuredWith: string
  /** Stored before a refresh, cleared by its response. */
  readonly intent: TokenIntent | null
  readonly lastError: StoredGrantError | null
}

/** A refresh token is about to be redeemed: others find this when the process dies meanwhile. */
export interface TokenIntent {
  readonly refreshTokenFingerprint: string
  /** Wall-clock ms. */
  readonly startedAt: number
  /** The process that redeems it. */
  readonly owner: string
}

/** Why the last attempt failed. */
export interface StoredGrantError {
  readonly code: string
  readonly reason: string | null
  /** Wall-clock ms. */
  readonly occurredAt: number
  /** Failures in a row. */
  readonly attempts: number
  /** Wall-clock ms; null: no other attempt. */
  readonly nextAttemptAt: number | null
  /** Refusals of the refresh token in the provider's own words, in a row, none of which ends it. */
  readonly refusals?: number
  /** Wall-clock ms; the credentials were refused while the refresh token was in doubt. */
  readonly noLoginBefore?: number
}

/** A login that was begun in a browser and is not finished yet, RFC 6749 §4.1. */
export interface AuthorizationTransaction {
  /** Digest of `state`: reading the store is not enough to finish the login. */
  readonly stateDigest: string
  /** Key of the login it is for. */
  readonly login: string
  readonly provider: string
  /** Digest of the cookie of the browser that began. */
  readonly browserDigest: string
  readonly codeVerifier: Secret
  readonly redirectUri: string
  /** Wall-clock ms. */
  readonly expiresAt: number
}

/**
 * Stores logins. The key of a login is `<account>` for an account of the configuration and
 * `<account>~<link>` for a linked one, so that it is never mistaken for one that had its name
 * before. An impersonating account has two: `#actor` is appended for the login it exchanges from,
 * `#as:<subject>` for the exchanged one.
 */
export interface TokenStore {
  read(key: string): Promise<StoredGrant | null>
  /**
   * Compare-and-set: writes only while the stored generation is `expected` (0: there is no row),
   * and returns whether it did. `next.generation` must be `expected + 1`. Never writes the login of
   * an unlinked account.
   */
  write(key: string, expected: number, next: StoredGrant): Promise<boolean>
  /**
   * Stores an intent in a row as it was read, under the same generation; false when the row, or its
   * intent, was written meanwhile: so each of several processes learns of the others.
   */
  intend(key: string, row: Pick<StoredGrant, 'generation' | 'intent'>, intent: TokenIntent): Promise<boolean>
  /** Deletes the row unless it has another generation; returns whether it did. */
  remove(key: string, generation: number): Promise<boolean>
  /**
   * Takes the lease on a key for `owner` unless another owner holds one that has not expired. A
   * lease that ends later than twice `milliseconds` from now stems from before the clock was set
   * back, and counts as expired.
   */
  lease(key: string, owner: string, milliseconds: number): Promise<boolean>
  /**
   * Prolongs the lease of `owner`; false when another owner has taken it since, even if released.
   */
  prolong(key: string, owner: string, milliseconds: number): Promise<boolean>
  /** Releases the lease; does nothing when `owner` no longer holds it. */
  release(key: string, owner: string): Promise<void>
  /**
   * Stores a transaction. At most `atMost` of one login and browser stay open, and of one login as
   * many as `OPEN_BROWSERS` browsers may have; the oldest are deleted, as are all that have expired
   * at `now` (wall-clock ms).
   */
  begin(transaction: AuthorizationTransaction, atMost: number, now: number): Promise<void>
  /**
   * Takes a transaction; `taken` tells that an earlier call has. Null when there is none any more.
   */
  take(stateDigest: string): Promise<{ transaction: AuthorizationTransaction; taken: boolean } | null>
}

/**
 * Previews of a link open it like browsers, each its own: they must not displace the login that a
 * person is making.
 */
export const OPEN_BROWSERS = 20

/** Taken transactions kept of one login, so that a repeated callback is told how it ended. */
export const REMEMBERED_TRANSACTIONS = 50

/** The linked account a login belongs to; null for an account of the configuration. */
export function linkOf(key: string): string | null {
  return /^[^~#]*~([^#]+)/.exec(key)?.[1] ?? null
}
