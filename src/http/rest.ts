import type { Awaitable } from '../awaitable.js'
import type { AppError } from '../errors.js'
import type { ByteStream } from './http.js'

/** Query values as the provider wants them spelled; null and undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

/** The methods a write may be spelled with; RFC 9110 §9.3, RFC 5789. */
export type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a data source gets back from a good response. */
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

/** What is read, and how long the answer may stand for it; a data source says so with each read. */
export interface Freshness {
  /** What the answer is about, in the words of the graph: `dids`, `extension`, `callRecords`. */
  readonly noun: string
  /**
   * Seconds for which the answer may be given again to any operation of the same account and login.
   * 0: it is neither kept nor shared. A function decides by the answer, where only that tells
   * whether it can still change.
   */
  readonly seconds: number | ((reply: Reply) => number)
}

/**
 * What an answer says that its status does not: the error to throw, or null where it is good. It is
 * given answers with 2xx and with 400; a 400 that it finds nothing in is refused as any other.
 */
export type Judge = (reply: Reply) => AppError | null

/** What a data source says of one read. */
export interface ReadOptions {
  /** Absent: the answer is neither kept nor shared with other operations. */
  readonly freshness?: Freshness
  /** How many objects are asked for by key, for `explain`; absent for a list. */
  readonly keys?: number
  /** Filter fields the provider is asked to evaluate, for `explain`. */
  readonly pushedDown?: readonly string[]
}

/**
 * The authorised client one data source uses, made for one operation. Reads may be sent again after
 * a passing failure; equal reads are one request, and each that is sent is counted. The operation's
 * abort stops them all.
 */
export interface Rest {
  /**
   * GET. What is cached is given at once, without a promise. `fresh`: not what was read before, in
   * this operation or another; the new answer takes its place.
   *
   * @throws ProviderError for any status other than 2xx; 404 is `PROVIDER_REJECTED`, `NOT_FOUND`.
   */
  get(url: string, query?: Query, options?: ReadOptions & { readonly fresh?: boolean }): Awaitable<Reply>
  /**
   * GET for look-ups: 404 is null.
   *
   * @throws ProviderError for any other status than 2xx.
   */
  find(url: string, query?: Query, options?: ReadOptions & { readonly fresh?: boolean }): Promise<Reply | null>
  /**
   * POST of a JSON body, for reads that a provider spells as POST: it may be sent again as any read.
   * `anonymous`: without the account's login. `fresh`: as with `get`. `judge`: for errors in the body
   * of a good answer; what it throws counts as the answer of the provider, so a passing failure lets
   * an older answer stand for this one.
   *
   * @throws ProviderError for any status other than 2xx, and what `judge` says.
   */
  post(
    url: string,
    body: unknown,
    options?: ReadOptions & { readonly anonymous?: boolean; readonly fresh?: boolean; readonly judge?: Judge },
  ): Promise<Reply>
  /**
   * Changes something at the provider, with a JSON body or none. Sent once: again only where it
   * provably never reached the provider, or was refused with 401 and so not applied (RFC 9110
   * §9.2.2, §15.5.2). Shared with nobody; afterwards the account forgets what was read before of
   * what it `affects`, in the words of `Freshness.noun`; absent: all. The reply's body is null where
   * the provider answers with none.
   *
   * @throws OutcomeUnknown, never retryable, where it was sent and no answer says what became of it.
   * ProviderError where it was refused or never sent.
   */
  write(method: WriteMethod, url: string, body?: unknown, affects?: readonly string[]): Promise<Reply>
  /**
   * GET of a file, read as it comes and shared with nobody; `range` is a Range header with one range
   * of bytes. 404 is null.
   *
   * @throws ProviderError for any other status; `PROVIDER_BAD_RESPONSE` for a text in its place.
   */
  file(url: string, query?: Query, options?: { range?: string | null }): Promise<FileReply | null>
  /** The login's user as the provider says (id, e-mail, name). Makes no request but a login. */
  identity(): Promise<Readonly<Record<string, string>>>
}
