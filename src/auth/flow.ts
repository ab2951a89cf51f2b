import { ProviderError } from '../errors.js'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { Secret } from '../secret.js'

/** How a login is made, in the words of the schema. */
export type FlowKind =
  | 'OAUTH2_AUTHORIZATION_CODE'
  | 'OAUTH2_PASSWORD'
  | 'OAUTH2_CLIENT_CREDENTIALS'
  | 'JWT_LOGIN'
  | 'PASSWORD_PER_CALL'
  | 'STATIC_TOKEN'
  | 'TOKEN_EXCHANGE'

/**
 * Sends to a token endpoint under the token deadline; throws as `Send` does, whatever the status.
 */
export type SendTokenRequest = (request: HttpRequest) => Promise<HttpResponse>

/** A token endpoint's grant. Lifetimes are as sent: only the manager decides what to believe. */
export interface Grant {
  readonly accessToken: Secret
  /** Null or absent when the response has none: the manager then keeps the one it has. */
  readonly refreshToken?: Secret | null
  /**
   * `expires_in` exactly as in the response, or seconds computed from `exp`; `NEVER` for
   * credentials that do not expire.
   */
  readonly expiresIn: unknown
  /** The provider's documented lifetime in seconds; used when `expiresIn` is missing. */
  readonly defaultExpiresIn?: number
  /**
   * Seconds until the token's own `exp` by the provider's clock, as far as both are there: nothing
   * makes the token live longer.
   */
  readonly endsInSeconds?: number
  /** Seconds until the refresh token expires, as sent; absent or 0: not known. */
  readonly refreshExpiresIn?: unknown
  readonly scopes?: readonly string[]
  /** Facts about the login, never secrets: `userId`, `email`, `name`. */
  readonly identity?: Readonly<Record<string, string>>
}

/**
 * How a token is obtained and sent; the manager decides when. A flow is stateless: no cache, no
 * timer, no retry. `acquire` and `refresh` throw GrantRefused when the response ends the grant,
 * ProviderError for everything else.
 */
export interface Flow {
  readonly kind: FlowKind
  /**
   * Changes exactly when the configuration means another login; a new client secret does not end a
   * login a person has made. A digest, so it may be stored and shown.
   */
  readonly fingerprint: string
  /**
   * Logs in from scratch. Absent: only a person can begin this login. `actor`: the access token a
   * token exchange starts from.
   */
  acquire?(send: SendTokenRequest, actor: Secret | null): Promise<Grant>
  /** Redeems a refresh token. Absent: the flow has none, the manager acquires again. */
  refresh?(send: SendTokenRequest, refreshToken: Secret): Promise<Grant>
  /** Puts the token on a request. */
  apply(request: HttpRequest, token: Secret): HttpRequest
  /**
   * Whether this response means that the token has expired or was revoked: a new one would help.
   */
  isExpired(response: HttpResponse): boolean
  /**
   * Whether such a response, though no 401, promises that nothing was done: a write may be sent again.
   */
  refusedUndone?(response: HttpResponse): boolean
  /**
   * For credentials that ride on every request themselves, so that no endpoint can refuse them:
   * whether a response that `isExpired` is the provider's own word, and not a page on the way.
   */
  readonly rides?: { isOwnWord(response: HttpResponse): boolean }
  /**
   * The provider's word for a user that is gone or locked, such as `USER_INACTIVE`: a refresh would
   * not help, a login may. Null for any other response.
   */
  lockedOut?(response: HttpResponse): string | null
  /** A refresh token from the configuration: used for the first token only. */
  readonly initialRefreshToken?: Secret
  /** How a person logs in with a browser; absent where that is not possible. */
  readonly authorization?: BrowserAuthorization
  /** How tokens are revoked at the provider; absent where that is not possible. */
  readonly revocation?: Revocation
  /** The login this one is exchanged from, and the subject it acts for. */
  readonly impersonation?: { readonly actor: Flow; readonly subject: string }
}

/** Authorization code with PKCE, RFC 6749 §4.1 and RFC 7636. */
export interface BrowserAuthorization {
  /** Origin of the authorization page: the issuer a callback has to come from, RFC 9207. */
  readonly issuer: string
  /** Where the browser is sent. */
  url(request: { redirectUri: string; state: string; codeChallenge: string }): string
  /** Redeems the code of a callback. Throws as `acquire` does. */
  redeem(send: SendTokenRequest, answer: { code: string; redirectUri: string; codeVerifier: Secret }): Promise<Grant>
}

/** Revokes tokens at the provider, RFC 7009. */
export interface Revocation {
  /** Whether only a token that has not expired can be revoked: a new one is obtained first then. */
  readonly needsLiveToken: boolean
  /**
   * Resolves once the token is not valid, also when it never was.
   * @throws ProviderError for a failing endpoint
   */
  revoke(send: SendTokenRequest, token: Secret): Promise<void>
}

/**
 * The token endpoint refused permanently, RFC 6749 §5.2. `invalid_grant`: the refresh token is not
 * valid, or the password is wrong; `denied`: this subject may not be impersonated; `actor`: the
 * token exchanged from has expired; `invalid_client`: the operator's mistake, which ends no login.
 */
export class GrantRefused extends Error {
  constructor(
    readonly kind: 'invalid_grant' | 'invalid_client' | 'denied' | 'actor',
    message: string,
  ) {
    super(message)
    this.name = 'GrantRefused'
  }
}

/**
 * The endpoint refused in the provider's own words, though not with the one that ends a grant: three
 * in a row end a refresh token (see `FailureMemory`).
 */
export class UnclearRefusal extends ProviderError {}
