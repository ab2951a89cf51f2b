import type { ErrorCode, ErrorSource } from '../../errors.js'
import type { ObservedExchange } from '../http.js'

/** How fresh the caller wants answers to be; what a caller does not say is left to the sources. */
export interface FreshnessDemand {
  /** Oldest answer that will do without asking the provider, ms; 0: ask in any case. */
  readonly maxAgeMs: number
  /** How far beyond its time an answer may be given where the provider cannot answer, ms; 0: not at all. */
  readonly staleMs: number
  /** Whether what is read for this caller may be kept for others. */
  readonly keep: boolean
}

/** Everything may be given that the sources and the limits allow. */
export const NO_DEMAND: FreshnessDemand = { maxAgeMs: Infinity, staleMs: Infinity, keep: true }

/** An answer that was not asked for anew. */
export interface Cached {
  readonly ageSeconds: number
  /** Why the provider could not be asked, when the answer is older than it should be; null while it is fresh. */
  readonly failure: unknown
}

/** Who has requests sent. */
export interface Asker {
  readonly signal: AbortSignal
  /** Pays for one request, right before it is sent; when it throws, the request is not sent. */
  readonly pay: () => void
  /** Hears of the requests it paid for, once they are over. */
  readonly onExchange?: (exchange: ObservedExchange) => void
  /** Hears of each request to a token endpoint that was made for it. */
  readonly onTokenRequest?: () => void
}

/** What one operation says of, and wants to know of, its reading. */
export interface ReadingOperation {
  /** Aborted when nobody waits for the operation any more. */
  readonly signal: AbortSignal
  readonly demand?: FreshnessDemand
  /** Where its reading is noted down; absent where nobody wants to know. */
  readonly journal?: ReadJournal
  /** Filled with the accounts that could only give something stale, by their global ids, and how old it was, in seconds. */
  readonly stale?: Map<string, number>
}

/** All that one operation read, and what that took. */
export interface ReadJournal {
  readonly reads: ReadRecord[]
  /**
   * Requests to token endpoints that this operation waited for, as the first of all who did. What is renewed ahead of its end is waited
   * for by nobody, and is not among them.
   */
  readonly tokenRequests: { readonly source: ErrorSource; requests: number }[]
  /** What has been begun and may not be over: told once it is. */
  readonly pending: Promise<unknown>[]
}

/** One thing an operation read, whether it cost a request or not. No part of an address, a query or an answer stands here. */
export interface ReadRecord {
  readonly source: ErrorSource
  readonly noun: string | null
  readonly method: 'GET' | 'POST'
  /** How many objects it was asked for by their keys; null for a list. */
  readonly keys: number | null
  /** Filter fields the provider was asked to evaluate. */
  readonly pushedDown: readonly string[]
  /** Where the answer came from; null while there is none, and when there never was one. */
  from: 'PROVIDER' | 'REVALIDATED' | 'CACHE' | 'STALE' | 'OTHER_OPERATION' | null
  /** Age of what came from the cache, seconds. */
  ageSeconds: number | null
  /** Parts of this operation that needed the same answer. */
  readers: number
  /** Requests that were really sent for this operation. */
  requests: number
  /** How long they waited for their turn, ms. */
  waitedMs: number
  /** How long the provider took for them, ms. */
  durationMs: number
  /** Of the last answer; null when none came. */
  status: number | null
  failure: ErrorCode | null
}
