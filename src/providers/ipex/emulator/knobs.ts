/** What the documentation leaves open, as switches; the defaults are the likeliest reading. Passed as `knobs` when the emulator starts. */
export interface IpexKnobs {
  /** Life of an access token, seconds. The published sample says 3000, older text 3600. */
  readonly accessTokenSeconds: number
  /** Life of a refresh token, seconds. 0: it never expires, and `refresh_expires_in` says 0. */
  readonly refreshTokenSeconds: number
  /** Longest life of a login however often it is refreshed, seconds; `refresh_expires_in` shrinks towards its end. Null: no limit. */
  readonly sessionSeconds: number | null
  /** Whether a refresh token that was used once keeps working until it expires. */
  readonly refreshReuse: 'allow' | 'reject'
  /** `opaque`: access tokens are random text that carries neither expiry nor identity. */
  readonly accessTokenForm: 'jwt' | 'opaque'
  /** Whether access tokens say `email`, `name` and `preferred_username`. */
  readonly identityClaims: boolean
  /** Status for an unknown `client_id`; older servers said 400. */
  readonly unknownClientStatus: 401 | 400
  /** Status for a `/token` request that is not a form. */
  readonly notAFormStatus: 415 | 400

  /** Whether `/token-exchange` answers a refresh token with its times, scope and session. */
  readonly exchangeReturnsRefresh: boolean
  /** Whether `/token-exchange` answers `expires_in`. */
  readonly exchangeReturnsExpiry: boolean
  /** Status of an exchange for somebody who is not a user of this switchboard. */
  readonly exchangeUnknownUserStatus: 404 | 400

  /** How `/v1/sso/login` spells its answer: `access_token` or `accessToken` with the user's names. */
  readonly ssoSpelling: 'snake' | 'camel'
  /** Life of the older logins' tokens, seconds. */
  readonly olderTokenSeconds: number
  /** Whether `/v1/users/me` exists. */
  readonly usersMe: boolean

  /** Refuse query parameters a path does not declare, with 400. */
  readonly strictQuery: boolean
  /** So many resource requests in so many seconds for one login, then 429. Null: no limit. */
  readonly rateLimit: { readonly requests: number; readonly seconds: number } | null
  /** Whether a 429 says `Retry-After`. */
  readonly retryAfter: boolean
  /** Whether a 401 of a resource says `WWW-Authenticate`. */
  readonly wwwAuthenticate: boolean

  /** Whether times are written with their offset. */
  readonly timestampOffset: boolean
  /** Whether `endTime` itself belongs to the interval asked for. */
  readonly endTimeInclusive: boolean
  /** Order of `/calls` when `sortColumn` is absent: by `calldate`, this way. */
  readonly defaultOrder: 'asc' | 'desc'
  /** What `totalResults` counts: the rows, or the conversations they belong to. */
  readonly totalResultsCounts: 'rows' | 'calls'
  /** What `/calls` says under `links`. */
  readonly links: 'full' | 'empty' | 'absent'
  /** Whether a page without rows has `items: []` or no `items` at all. */
  readonly emptyItems: 'list' | 'absent'
  /** Whether call rows carry the fields the documentation marks optional: `uniqueid`, `linkedid`, `filename` and others. */
  readonly optionalFields: boolean
  /** `mixed`: `line` is now and then a number and `user_id` the per-switchboard number. `text`: always text. */
  readonly rowIds: 'mixed' | 'text'
  /** What an incoming row says under `dst` when the number rings a phone directly: the number dialled, or the phone's line. */
  readonly inboundDst: 'did' | 'line'
  /** The word for an outside number; the older Local API said `did`. */
  readonly outsideNumberType: 'ddi' | 'did'
}

export const DEFAULT_KNOBS: IpexKnobs = {
  accessTokenSeconds: 3000,
  refreshTokenSeconds: 7200,
  sessionSeconds: null,
  refreshReuse: 'allow',
  accessTokenForm: 'jwt',
  identityClaims: true,
  unknownClientStatus: 401,
  notAFormStatus: 415,
  exchangeReturnsRefresh: true,
  exchangeReturnsExpiry: true,
  exchangeUnknownUserStatus: 404,
  ssoSpelling: 'snake',
  olderTokenSeconds: 3600,
  usersMe: true,
  strictQuery: false,
  rateLimit: null,
  retryAfter: true,
  wwwAuthenticate: true,
  timestampOffset: true,
  endTimeInclusive: true,
  defaultOrder: 'asc',
  totalResultsCounts: 'rows',
  links: 'full',
  emptyItems: 'list',
  optionalFields: true,
  rowIds: 'mixed',
  inboundDst: 'did',
  outsideNumberType: 'ddi',
}
