import type { EndSignal } from '../ending.js'

/** Requests, responses and who sends them; nothing here knows about logins. */

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
  /** When the head arrived, wall-clock ms. */
  readonly receivedAt: number
}

export interface SendOptions {
  /** Whole exchange, from dial to last byte; default `limits.providerTimeoutMs`. */
  readonly timeoutMs?: number
  readonly signal?: EndSignal
}

/**
 * One exchange. Resolves with any status, follows no redirect, never retries.
 *
 * @throws ProviderError `PROVIDER_TIMEOUT`, `PROVIDER_UNAVAILABLE` (refused, reset, DNS, TLS) or
 * `PROVIDER_BAD_RESPONSE` (`TOO_LARGE`, `TRUNCATED`, `MALFORMED`, `ENCODING`, `CHARSET`); ServiceUnavailable
 * where too many requests to the origin are queued.
 */
export type Send = (request: HttpRequest, options?: SendOptions) => Promise<HttpResponse>

/** A file that is being received. */
export interface ByteStream {
  /** The first bytes: enough to recognise the format by, unless the file is shorter. */
  readonly beginning: Buffer
  /** All bytes, once. Throws ProviderError where they break off, also when the operation ends. */
  readonly chunks: AsyncIterable<Buffer>
  /** Aborts what has not been read. */
  close(): void
}

export interface StreamedResponse extends HttpResponse {
  /** Null where a text came in place of a file; `body` then holds it. */
  readonly stream: ByteStream | null
}

/**
 * As `Send`, for a file: the time-out ends with the first bytes, the signal aborts at any time, and
 * no compression is requested.
 */
export type OpenStream = (request: HttpRequest, options?: SendOptions) => Promise<StreamedResponse>
