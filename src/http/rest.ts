import type { Awaitable } from '../awaitable.js'
import type { ByteStream } from './http.js'

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

/** What is read, and how long the answer may stand for it; a data source says so with each read. */
export interface Freshness {
  /** What the answer tells of, in the words of the graph: `dids`, `extension`, `callRecords`. */
  readonly noun: string
  /**
   * Seconds for which the answer may be given again to any operation of the same account and login. 0: it is neither kept nor shared.
   * A function decides by the answer itself, where only that tells whether it can still change.
   */
  readonly seconds: number | ((reply: Reply) => number)
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
