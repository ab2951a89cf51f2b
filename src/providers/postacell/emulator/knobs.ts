/** What Postacell's documentation leaves open or a deployment may set; the defaults are what its published samples show. */
export interface PostacellKnobs {
  /** Lifetime of an access token; 5 minutes as documented. */
  readonly accessTokenSeconds: number
  /** Lifetime of a refresh token, counted from the login; 24 hours as documented. */
  readonly refreshTokenSeconds: number
  /** A refresh also answers a new refresh token with a full lifetime. Off: one refresh token serves its whole 24 hours. */
  readonly rotateRefresh: boolean
  /** With `rotateRefresh`: the refresh token that was sent is dead afterwards. */
  readonly blacklistAfterRotation: boolean
  /** Status of a failed authentication on resources; the token endpoints always use 401. */
  readonly authFailureStatus: 401 | 403
  /** Redirect (301) a path without its trailing slash instead of serving it. */
  readonly strictSlash: boolean
  /** Rows on a page of a list; clients cannot choose. */
  readonly pageSize: number
  /** Version of SimpleJWT: `iat` is in tokens since 5, 5.5 tells expired from invalid. */
  readonly simpleJwt: '4' | '5.2' | '5.5'
  /** How `user_id` stands in a token; text since SimpleJWT 5.5.1. */
  readonly userId: 'integer' | 'string'
  /** Requests a customer, or an address without login, may make in a minute; null: no limit. */
  readonly throttlePerMinute: number | null
  /** Language of `detail` texts; `negotiated` follows Accept-Language and falls back on English. */
  readonly language: 'en' | 'tr' | 'negotiated'
  /** Origin put into `next` and `previous`, as a proxy that hides the host makes it; null: the one that was asked. */
  readonly linkOrigin: string | null
  /** The last page names a next one that does not exist, as the published sample does. */
  readonly strayNext: boolean
  /** `Status.Code` by which the SMS gateway says that all went well; unpublished. */
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
  userId: 'integer',
  throttlePerMinute: null,
  language: 'negotiated',
  linkOrigin: null,
  strayNext: false,
  gatewaySuccessCode: 200,
}
