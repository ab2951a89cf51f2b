import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { Secret } from '../secret.js'

/** The schema's words for the ways a login is made. */
export type FlowKind =
  | 'OAUTH2_AUTHORIZATION_CODE'
  | 'OAUTH2_PASSWORD'
  | 'JWT_LOGIN'
  | 'PASSWORD_PER_CALL'
  | 'STATIC_TOKEN'
  | 'TOKEN_EXCHANGE'

/** One call to a token endpoint, under the token deadline; throws as `Send` does, never looks at the status. */
export type Exchange = (request: HttpRequest) => Promise<HttpResponse>

/** What a token endpoint granted. Lifetimes are as sent: the manager alone decides what to believe. */
export interface Grant {
  readonly accessToken: Secret
  /** Absent when the answer had none: then the manager keeps the one it has. */
  readonly refreshToken?: Secret | null
  /** `expires_in` exactly as it stood in the answer, or seconds computed from `exp`; `NEVER` for credentials that do not run out. */
  readonly expiresIn: unknown
  /** Used when `expiresIn` is missing: the provider's documented lifetime, in seconds. */
  readonly defaultExpiresIn?: number
  /** Seconds until the refresh token is dead, as sent; absent or 0: not known. */
  readonly refreshExpiresIn?: unknown
  readonly scopes?: readonly string[]
  /** Facts about the login, never secrets: `userId`, `email`, `name`. */
  readonly identity?: Readonly<Record<string, string>>
}

/**
 * How a token is got and carried; the manager decides when. A flow is stateless: no cache, no timer, no retry.
 * `acquire` and `refresh` throw GrantRefused when the answer ends the grant, ProviderError for everything else.
 */
export interface Flow {
  readonly kind: FlowKind
  /**
   * Changes when the configuration begins another login, and only then: a new client secret leaves a person's login what it was.
   * Made of fingerprints, never of secrets.
   */
  readonly fingerprint: string
  /** A token from nothing. Absent: only a person can begin this login. `actor` is the parent's access token of an exchange. */
  acquire?(exchange: Exchange, actor: Secret | null): Promise<Grant>
  /** A token from a refresh token. Absent: the grant has none, the manager acquires again. */
  refresh?(exchange: Exchange, refreshToken: Secret): Promise<Grant>
  /** How the token rides on a request. */
  apply(request: HttpRequest, token: Secret): HttpRequest
  /** Whether this answer says that the token has run out or was revoked, so that a new one would help. */
  isExpired(response: HttpResponse): boolean
  /** A refresh token given in the configuration: used for the first token only. */
  readonly initialRefreshToken?: Secret
  /** The part of the login that happens in a browser; absent where no browser helps. */
  readonly authorization?: BrowserAuthorization
  /** How the provider is told that a login is over; absent where it cannot be told. */
  readonly revocation?: Revocation
  /** The login this one is exchanged from, and the subject acted for. */
  readonly impersonation?: { readonly actor: Flow; readonly subject: string }
}

/** Authorization code with PKCE, RFC 6749 §4.1 and RFC 7636: where the browser is sent, and what the code it brings back buys. */
export interface BrowserAuthorization {
  /** Origin of the page the browser is sent to: who an answer has to be from, RFC 9207. */
  readonly issuer: string
  url(request: { redirectUri: string; state: string; codeChallenge: string }): string
  redeem(exchange: Exchange, answer: { code: string; redirectUri: string; codeVerifier: Secret }): Promise<Grant>
}

/** Taking a token back, RFC 7009. */
export interface Revocation {
  /** Whether only a token that has not run out can be taken back: then a new one is got first. */
  readonly needsLiveToken: boolean
  /** Resolves once the token is worth nothing, or was nothing to begin with; throws ProviderError for the endpoint's trouble. */
  revoke(exchange: Exchange, token: Secret): Promise<void>
}

/**
 * The token endpoint refused for good. `invalid_grant` ends a refresh token or says a password is wrong;
 * `denied` is permanent for an impersonated subject; `actor` says that the token exchanged from has run out;
 * `invalid_client` is the operator's mistake and ends nothing.
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
