import type { Send } from '../http/http.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import type { Flow } from './flow.js'
import type { LoginEvent, LoginReporter } from './login-event.js'
import type { LoginServices } from './login-services.js'

/** An access token in memory, with its age on the monotonic clock. */
export interface HeldToken {
  readonly row: StoredGrant
  readonly accessToken: Secret
  /** Monotonic ms. */
  readonly receivedAt: number
  /** Seconds before expiry from which on it is replaced early. */
  readonly margin: number
  /** Whether the provider has accepted it; shared by all that hold the same token. */
  readonly proof: { accepted: boolean }
}

/** Why a token is replaced. */
export type ReplacementReason = Exclude<LoginEvent['reason'], 'person' | 'unlink' | 'store'>

/** Serves access tokens. */
export interface TokenSource {
  /** An access token that has not expired. */
  token(): Promise<HeldToken>
  /**
   * Replaces `old`; concurrent calls for the same token share one replacement. `word`: the
   * provider's for a user that is locked out.
   */
  replace(old: HeldToken | null, reason: ReplacementReason, word?: string): Promise<HeldToken>
}

/**
 * What the parts of a login use of it; `Login` implements this, so that none of them imports it.
 */
export interface LoginParts extends LoginReporter {
  /** Key of its row in the store. */
  readonly key: string
  readonly flow: Flow
  /** The login a token exchange starts from; null for every other flow. */
  readonly actor: TokenSource | null
  readonly services: LoginServices
  /** Sends to token endpoints. */
  readonly send: Send
  /** Where a person logs in; null where no browser helps. */
  authorizeUrl(): string | null
  /**
   * The stored row, or null when there is none or it was made with other credentials than the
   * configured ones.
   * @throws CredentialsUnavailable
   */
  storedRow(): Promise<StoredGrant | null>
  /** Discards the logins exchanged from this one. */
  dropChildren(): void
  /**
   * Reports trouble with the store.
   * @throws CredentialsUnavailable always
   */
  unavailable(cause: unknown, message?: string): never
}
