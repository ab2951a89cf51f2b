/**
 * What the documentation leaves open or a deployment may configure; the defaults match the
 * published samples.
 */
export interface PostacellKnobs {
  /** Lifetime of an access token; documented: 5 minutes. */
  readonly accessTokenSeconds: number
  /** Lifetime of a refresh token, from the login; documented: 24 hours. */
  readonly refreshTokenSeconds: number
  /**
   * A refresh also returns a new refresh token with a full lifetime. Off: one refresh token for the
   * whole 24 hours.
   */
  readonly rotateRefresh: boolean
  /** With `rotateRefresh`: revokes the refresh token that was sent. */
  readonly blacklistAfterRotation: boolean
  /** Status of failed authentication on resources; token endpoints always use 401. */
  readonly authFailureStatus: 401 | 403
  /** Redirect (301) a path without its trailing slash instead of serving it. */
  readonly strictSlash: boolean
  /** Rows per page of a list; clients cannot choose. */
  readonly pageSize: number
  /** Version of SimpleJWT: tokens have `iat` since 5; 5.5 distinguishes expired from invalid. */
  readonly simpleJwt: '4' | '5.2' | '5.5'
  /**
   * Whose time `iat` of a refreshed access token is: its own, or that of the login, which some
   * versions copy from the refresh token.
   */
  readonly issuedAt: 'refresh' | 'login'
  /**
   * SimpleJWT's `CHECK_REVOKE_TOKEN`: tokens name the password they were made with, and access
   * tokens of an older one are refused with `password_changed`. Refreshing copies the name.
   */
  readonly checkRevokeToken: boolean
  /** Type of `user_id` in a token; text since SimpleJWT 5.5.1. */
  readonly userId: 'integer' | 'string'
  /** Requests per minute and customer, or of all without a login; null: no limit. */
  readonly throttlePerMinute: number | null
  /** Language of `detail` texts; `negotiated` follows Accept-Language, default English. */
  readonly language: 'en' | 'tr' | 'negotiated'
  /** Origin in `next` and `previous`, as behind a proxy; null: that of the request. */
  readonly linkOrigin: string | null
  /** The last page has a `next` that does not exist, as in the published sample. */
  readonly strayNext: boolean
  /** The SMS gateway's `Status.Code` for success; not published. */
  readonly gatewaySuccessCode: number
}

export const DEFAULT_KNOBS: PostacellKnobs = {
  accessTokenSeconds: 5 * 60,
  refreshTokenSeconds: 24 * 60 * 60,
  rotateRefresh: false,
  blacklistAfterRotation: false,
  authFailureStatus: 401,
  strictSlash: false,
  pageSize: 20,
  simpleJwt: '4',
  issuedAt: 'refresh',
  checkRevokeToken: false,
  userId: 'integer',
  throttlePerMinute: null,
  language: 'negotiated',
  linkOrigin: null,
  strayNext: false,
  gatewaySuccessCode: 200,
}
