import type { Awaitable } from '../awaitable.js'
import type { ErrorCode, ErrorSource } from '../errors.js'
import type { Freshness } from './account/reading.js'

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

/** One request that was really sent, as figures and traces know it: nothing of what was sent or answered stands here. */
export interface ObservedExchange {
  readonly source: ErrorSource
  /** Of the operation it was sent for. */
  readonly signal: AbortSignal
  readonly method: HttpRequest['method']
  /** Host and port that were asked. */
  readonly host: string
  /** Null when no answer came. */
  readonly status: number | null
  /** Code of what went wrong on the wire; null when an answer came, whatever its status. */
  readonly failure: ErrorCode | null
  /** How long it waited for its turn, ms. */
  readonly waitedMs: number
  /** From sending to the last byte; of a file, to its first bytes, ms. */
  readonly durationMs: number
}

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

/** A file or the part of it that was asked for, as the provider has it. */
export interface FileReply {
  /** 200 the whole, whatever was asked for; 206 the part; 416 there is no such part. */
  readonly status: 200 | 206 | 416
  readonly headers: Readonly<Record<string, string>>
  /** Null with 416. */
  readonly stream: ByteStream | null
}

/** What a data source says of one read. */
export interface ReadOptions {
  /** Absent: the answer is neither kept nor shared with other operations. */
  readonly freshness?: Freshness
  /** How many objects are asked for by their keys, for those who explain; absent for a list. */
  readonly keys?: number
  /** Filter fields the provider is asked to evaluate, for those who explain. */
  readonly pushedDown?: readonly string[]
}

/**
 * The authorised client one data source reads through, made for one operation: equal reads are one request, the operation's
 * abort stops them all, and each is counted. A status other than 2xx rejects with a ProviderError by its meaning.
 */
export interface Rest {
  /**
   * GET; rejects with `PROVIDER_REJECTED` and reason `NOT_FOUND` on 404. `fresh`: what was read before in this operation will not do,
   * because it is older than something read since; the new answer takes its place. What is known already is given at once.
   */
  get(url: string, query?: Query, options?: ReadOptions & { readonly fresh?: boolean }): Awaitable<Reply>
  /** GET for look-ups: 404 is null. */
  find(url: string, query?: Query, options?: ReadOptions & { readonly fresh?: boolean }): Promise<Reply | null>
  /** POST of a JSON body, for reads that a provider spells as POST. `anonymous`: without the account's token. */
  post(url: string, body: unknown, options?: ReadOptions & { readonly anonymous?: boolean }): Promise<Reply>
  /**
   * GET of a file, read as it comes and shared with nobody; `range` is a Range header with one range of bytes. 404 is null.
   * A text in place of the file is thrown as `PROVIDER_BAD_RESPONSE`.
   */
  file(url: string, query?: Query, options?: { range?: string | null }): Promise<FileReply | null>
  /** What the login told of itself (user id, e-mail, name); makes a login if there was none yet, no other request. */
  identity(): Promise<Readonly<Record<string, string>>>
}
