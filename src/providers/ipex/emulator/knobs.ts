import type { SlowRecords, Webhook } from '../../../emulator/live/live.js'

/** A webhook as it is set up in the portal. */
export interface IpexWebhook extends Webhook {
  /** Names used in place of the provider's own. */
  readonly keys?: Readonly<Partial<Record<WebhookKey, string>>>
  /** Older switchboards write `incominglocal`. Default `camel`. */
  readonly localSpelling?: 'camel' | 'lower'
  /** `phones`: each phone that stops ringing or talking hangs up, too. Default `call`. */
  readonly hangups?: 'call' | 'phones'
  /** Now and then an agent pauses, after every fourth call. Default false. */
  readonly agents?: boolean
  /** Keys without a value are absent. Default: empty texts. */
  readonly emptyKeys?: 'text' | 'absent'
}

export type WebhookKey =
  | 'EventName'
  | 'From'
  | 'To'
  | 'Line'
  | 'Email'
  | 'Login'
  | 'UniqueId'
  | 'Queue'
  | 'Direction'
  | 'Reason'

/**
 * What the documentation leaves open; the defaults are the likeliest reading. Passed as `knobs`
 * when the emulator starts.
 */
export interface IpexKnobs {
  /** Lifetime of an access token, seconds. The published sample says 3000, older text 3600. */
  readonly accessTokenSeconds: number
  /** Lifetime of a refresh token, seconds. 0: it never expires, and `refresh_expires_in` is 0. */
  readonly refreshTokenSeconds: number
  /**
   * Maximum lifetime of a session however often it is refreshed, seconds; `refresh_expires_in`
   * shrinks towards it. Null: no limit.
   */
  readonly sessionSeconds: number | null
  /** Whether a used refresh token stays valid until it expires. */
  readonly refreshReuse: 'allow' | 'reject'
  /** `opaque`: access tokens are random text without expiry or identity. */
  readonly accessTokenForm: 'jwt' | 'opaque'
  /** Whether access tokens have `email`, `name` and `preferred_username`. */
  readonly identityClaims: boolean
  /** Status for an unknown `client_id`; 400 on older servers. */
  readonly unknownClientStatus: 401 | 400
  /** Status for a `/token` request that is not a form. */
  readonly notAFormStatus: 415 | 400

  /** Whether `/token-exchange` returns a refresh token with its times, scope and session. */
  readonly exchangeReturnsRefresh: boolean
  /** Whether `/token-exchange` returns `expires_in`. */
  readonly exchangeReturnsExpiry: boolean
  /** Status of an exchange for an unknown user. */
  readonly exchangeUnknownUserStatus: 404 | 400

  /**
   * The keys of the `/v1/sso/login` response: `access_token`, or `accessToken` with the user's
   * names.
   */
  readonly ssoSpelling: 'snake' | 'camel'
  /** Lifetime of the older logins' tokens, seconds. */
  readonly olderTokenSeconds: number
  /** Whether `/v1/users/me` exists. */
  readonly usersMe: boolean

  /** Refuse undeclared query parameters with 400. */
  readonly strictQuery: boolean
  /** Resource requests per login and time, then 429. Null: no limit. */
  readonly rateLimit: { readonly requests: number; readonly seconds: number } | null
  /** Whether a 429 has `Retry-After`. */
  readonly retryAfter: boolean
  /** Whether a 401 of a resource has `WWW-Authenticate`. */
  readonly wwwAuthenticate: boolean

  /** Whether times have an offset. */
  readonly timestampOffset: boolean
  /** Whether `endTime` is inclusive. */
  readonly endTimeInclusive: boolean
  /** Order of `/calls` without `sortColumn`, by `calldate`. */
  readonly defaultOrder: 'asc' | 'desc'
  /** What `totalResults` counts: rows, or calls. */
  readonly totalResultsCounts: 'rows' | 'calls'
  /** New calls added after every page of calls. */
  readonly callsPerPage: number
  /** The oldest calls that are deleted after every page of calls. */
  readonly deletionsPerPage: number
  /** Calls that began longer ago are deleted. Null: none is. */
  readonly retentionDays: number | null
  /** The largest page of calls; a larger `pageSize` is reduced to it. Null: none. */
  readonly largestPage: number | null
  /** The totals of a page of calls. `absent`, `zero`: 0 beside rows, or `as asked`: in pages of the size that was asked for. */
  readonly pageTotals: 'right' | 'absent' | 'zero' | 'as asked'
  /** The `links` of `/calls`. */
  readonly links: 'full' | 'empty' | 'absent'
  /** Whether an empty page has `items: []` or no `items`. */
  readonly emptyItems: 'list' | 'absent'
  /**
   * Whether call rows have the fields documented as optional: `uniqueid`, `linkedid`, `filename`
   * and others.
   */
  readonly optionalFields: boolean
  /**
   * `mixed`: sometimes `line` is a number, and `user_id` the id within the PBX. `text`: always
   * text.
   */
  readonly rowIds: 'mixed' | 'text'
  /**
   * The `dst` of an incoming row when the DID rings a phone directly: the DID, or the phone's line.
   */
  readonly inboundDst: 'did' | 'line'
  /**
   * `none`: a row for each phone that rang, each menu and forward. `asterisk`: as a real Asterisk
   * writes them, with rows for what the switchboard does itself.
   */
  readonly switchboardRows: 'none' | 'asterisk'
  /** The type of an outside number; `did` in the older Local API. */
  readonly outsideNumberType: 'ddi' | 'did'

  /** Where events of the company's calls are posted from the start. */
  readonly webhook: IpexWebhook | null
  /** ms from the end of a call under way until it is in the log. */
  readonly recordDelayMs: number
  /** Every so many calls under way have their record later than that, by a slow collector. Null: none. */
  readonly slowRecords: SlowRecords | null
  /** ms from a record to its recording. 0: they are in it from the start. */
  readonly settleDelayMs: number
  /** How `creationTime` of a current call is written: in Prague's time, in UTC, or not at all. */
  readonly creationTime: 'home' | 'utc' | 'absent'
  /** Entries that nobody can read beside the current calls: without any id, and no object at all. */
  readonly unreadableCurrentCalls: number
  /** State of the caller's channel in a menu, which has answered it. */
  readonly stateInMenu: 'Ringing' | 'Up'
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
  callsPerPage: 0,
  deletionsPerPage: 0,
  retentionDays: null,
  largestPage: null,
  pageTotals: 'right',
  links: 'full',
  emptyItems: 'list',
  optionalFields: true,
  rowIds: 'mixed',
  inboundDst: 'did',
  switchboardRows: 'none',
  outsideNumberType: 'ddi',
  webhook: null,
  recordDelayMs: 3000,
  slowRecords: null,
  settleDelayMs: 0,
  creationTime: 'home',
  unreadableCurrentCalls: 0,
  stateInMenu: 'Ringing',
}
