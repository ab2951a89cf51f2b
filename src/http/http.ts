/** The words every HTTP exchange is spoken in; nothing here has heard of tokens. */

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute. Never shown: it may carry a credential. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Decompressed text, at most the configured cap. Never shown, never logged. */
  readonly body: string
  /** Our wall clock, in ms, when the head arrived. */
  readonly receivedAt: number
}

export interface SendOptions {
  /** Whole exchange, from dial to last byte; default `limits.providerTimeoutMs`. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * One exchange. Resolves with any status; throws ProviderError `PROVIDER_TIMEOUT`, `PROVIDER_UNAVAILABLE` (refused, reset, TLS)
 * or `PROVIDER_BAD_RESPONSE` (`TOO_LARGE`, `TRUNCATED`). Never follows a redirect, never retries.
 */
export type Send = (request: HttpRequest, options?: SendOptions) => Promise<HttpResponse>

/** Query values as the provider wants them spelled; null and undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

/** What a data source gets back from a good answer. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON, not yet checked: mappers narrow it. */
  readonly body: unknown
  /** ISO 8601 UTC: becomes `fetchedAt`. */
  readonly receivedAt: string
}

/**
 * The authorised client one data source reads through, made for one operation: equal reads are one request, the operation's
 * abort stops them all, and each is counted. A status other than 2xx is thrown as ProviderError by its meaning.
 */
export interface Rest {
  /**
   * GET; throws `PROVIDER_REJECTED` with reason `NOT_FOUND` on 404. `fresh`: what was read before in this operation will not do,
   * because it is older than something read since; the new answer takes its place.
   */
  get(url: string, query?: Query, options?: { fresh?: boolean }): Promise<Reply>
  /** GET for look-ups: 404 is null. */
  find(url: string, query?: Query): Promise<Reply | null>
  /** POST of a JSON body, for reads that a provider spells as POST. `anonymous`: without the account's token. */
  post(url: string, body: unknown, options?: { anonymous?: boolean }): Promise<Reply>
  /** What the login told of itself (user id, e-mail, name); makes a login if there was none yet, no other request. */
  identity(): Promise<Readonly<Record<string, string>>>
}
