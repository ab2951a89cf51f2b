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

/** The bytes of a file on their way. */
export interface ByteStream {
  /** The first bytes, at least enough to know the format by where there are so many. */
  readonly beginning: Buffer
  /** All bytes from the first one on, once; throws ProviderError where they break off, also when the operation ends. */
  readonly chunks: AsyncIterable<Buffer>
  /** Gives up what has not been read. */
  close(): void
}

export interface StreamedResponse extends HttpResponse {
  /** Null when what came is no file but a text; then `body` holds it, and is empty otherwise. */
  readonly stream: ByteStream | null
}

/** As `Send`, for a file: the time-out ends with its first bytes, the signal stops it at any time, and no compression is asked for. */
export type OpenStream = (request: HttpRequest, options?: SendOptions) => Promise<StreamedResponse>
