import type { Secret } from '../secret.js'

/** The state of one login as it is kept: tokens, what is known of their lifetime, and how the last attempt went. */
export interface StoredGrant {
  /** Rises by one with every write; the guard of compare-and-set. The first row has 1. */
  readonly generation: number
  readonly status: 'ACTIVE' | 'BACKOFF' | 'REAUTHORIZATION_REQUIRED'
  readonly accessToken: Secret | null
  readonly refreshToken: Secret | null
  /** Wall-clock ms when the access token was received. */
  readonly receivedAt: number | null
  /** Lifetime in seconds counted from `receivedAt`; null for credentials that do not run out (static token, password per call). */
  readonly lifetimeSeconds: number | null
  /** Wall-clock ms after which the refresh token is dead, when the provider says. */
  readonly refreshExpiresAt: number | null
  readonly scopes: readonly string[]
  /** What the login told of itself, no secrets: user id, e-mail, name. */
  readonly identity: Readonly<Record<string, string>>
  /** A change of the configured credentials makes another fingerprint, and an old latch or token no longer counts. */
  readonly configuredWith: string
  /** Stored before a token call and cleared by its answer: what was about to be redeemed, by fingerprint. */
  readonly intent: TokenIntent | null
  readonly lastError: StoredGrantError | null
}

export interface TokenIntent {
  readonly refreshTokenFingerprint: string
  /** Wall-clock ms. */
  readonly startedAt: number
  /** The process that means to redeem it. */
  readonly owner: string
}

export interface StoredGrantError {
  readonly code: string
  readonly reason: string | null
  readonly occurredAt: number
  readonly attempts: number
  readonly nextAttemptAt: number | null
}

/** A login somebody has begun in a browser and not finished yet. */
export interface AuthorizationTransaction {
  /** Digest of the `state`: whoever reads the store cannot finish what another began. */
  readonly stateDigest: string
  /** Key of the login it is for. */
  readonly login: string
  readonly provider: string
  /** Digest of the cookie that the beginning browser holds. */
  readonly browserDigest: string
  readonly codeVerifier: Secret
  readonly redirectUri: string
  /** Wall-clock ms. */
  readonly expiresAt: number
}

/**
 * Where logins are kept. The key of a login is `<account>` for an account of the configuration and `<account>~<link>` for one that was
 * linked, so that an account is never mistaken for one that had its name before; the login an impersonating account exchanges from
 * has `#actor` behind that, the exchanged one `#as:<subject>`.
 */
export interface TokenStore {
  read(key: string): Promise<StoredGrant | null>
  /**
   * Compare-and-set: writes only when the stored generation is still `expected` (0: there is no row), and says whether it did.
   * `next.generation` must be `expected + 1`. The login of an account that was unlinked is never written.
   */
  write(key: string, expected: number, next: StoredGrant): Promise<boolean>
  /**
   * Notes an intent on a row as it was read, without making a new generation; false when the row has moved on, or another process has
   * noted its own intent meanwhile: so that of several who mean the same, everyone learns that there are others.
   */
  intend(key: string, row: Pick<StoredGrant, 'generation' | 'intent'>, intent: TokenIntent): Promise<boolean>
  /** Removes the row, unless it has moved on from this generation. */
  remove(key: string, generation: number): Promise<boolean>
  /**
   * Takes the lease on a key for `owner`, unless another owner holds one that has not run out. One that would last more than twice as
   * long as is asked for here is left from before a clock was set back, and holds nobody up.
   */
  lease(key: string, owner: string, milliseconds: number): Promise<boolean>
  /** Prolongs the lease `owner` has; false when anybody has had it since, whether they have it still or not. */
  prolong(key: string, owner: string, milliseconds: number): Promise<boolean>
  /** Gives the lease back; does nothing when `owner` no longer holds it. */
  release(key: string, owner: string): Promise<void>
  /** Keeps a transaction; of one login at most `atMost` stay open, the oldest are forgotten, as are all whose time is over at `now`. */
  begin(transaction: AuthorizationTransaction, atMost: number, now: number): Promise<void>
  /** Gives a transaction to the first who asks; `taken` to everyone after. Null: there never was one, or it is forgotten. */
  take(stateDigest: string): Promise<{ transaction: AuthorizationTransaction; taken: boolean } | null>
}

/** Finished transactions that are remembered, so that a repeated callback is told what has become of it. */
export const REMEMBERED_TRANSACTIONS = 50

/** The linked account a login belongs to; null for an account of the configuration. */
export function linkOf(key: string): string | null {
  return /^[^~#]*~([^#]+)/.exec(key)?.[1] ?? null
}
