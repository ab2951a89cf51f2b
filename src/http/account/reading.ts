import type { EndSignal } from '../../ending.js'
import type { ErrorCode, ErrorSource } from '../../errors.js'

/** How fresh a caller wants replies to be, where it says so. */
export interface FreshnessDemand {
  /** The oldest reply it accepts from the cache, ms; 0: none. */
  readonly maxAgeMs: number
  /** How long past its lifetime a reply may be given while the provider is down, ms; 0: never. */
  readonly staleMs: number
  /** Whether what is read for this caller may be kept for others. */
  readonly keep: boolean
}

/** Whatever the data sources and the limits allow. */
export const NO_DEMAND: FreshnessDemand = { maxAgeMs: Infinity, staleMs: Infinity, keep: true }

/** How old an answer from the cache is. */
export interface Cached {
  readonly ageSeconds: number
  /** Why the provider could not answer, where the reply is stale; null while it is fresh. */
  readonly failure: unknown
}

/** One operation, as far as reading from providers is concerned. */
export interface ReadingOperation {
  readonly requestId: string
  /** Aborted when nobody waits for the operation any more. */
  readonly signal: EndSignal
  /** Deadline of the signal, ms on the clock of `performance.now()`; 0 where there is none. */
  readonly endsAt: number
  readonly demand: FreshnessDemand
  /** Where its reads are noted; null where nobody explains them. */
  readonly journal: ReadJournal | null
  /** Takes the accounts that gave something stale, by global id, and its age in seconds. */
  readonly stale: Map<string, number>
}

/** One reader of one operation: pays for the requests that are sent for it. */
export class Reader {
  constructor(
    readonly operation: ReadingOperation,
    /** Right before each request that is sent for this reader. When it throws, nothing is sent. */
    readonly charge: () => void,
    readonly record: ReadRecord | null = null,
  ) {}

  get signal(): EndSignal {
    return this.operation.signal
  }

  get endsAt(): number {
    return this.operation.endsAt
  }

  get charged(): Reader {
    return this
  }
}

/** All that one operation read, and what that took. */
export interface ReadJournal {
  readonly reads: ReadRecord[]
  /**
   * Requests to token endpoints that this operation waited for first. A token that is renewed ahead
   * of its end is waited for by nobody, and not counted.
   */
  readonly tokenRequests: { readonly source: ErrorSource; requests: number }[]
  /** Reads that may not be over. */
  readonly pending: Promise<unknown>[]
}

/**
 * One read or write of an operation, whether it cost a request or not. Holds no part of an address,
 * a query or an answer.
 */
export interface ReadRecord {
  readonly source: ErrorSource
  readonly noun: string | null
  readonly method: string
  /** How many objects were asked for by key; null for a list. */
  readonly keys: number | null
  /** Filter fields the provider was asked to evaluate. */
  readonly pushedDown: readonly string[]
  /** Where the answer came from; null while there is none, and when there never was one. */
  from: 'PROVIDER' | 'REVALIDATED' | 'CACHE' | 'STALE' | 'OTHER_OPERATION' | null
  /** Age of what came from the cache, seconds. */
  ageSeconds: number | null
  /** Parts of this operation that needed the same answer. */
  readers: number
  /** Requests that were sent for this operation. */
  requests: number
  /** How long they were queued, ms. */
  waitedMs: number
  /** How long the provider took for them, ms. */
  durationMs: number
  /** HTTP status of the last answer; null when none came. */
  status: number | null
  failure: ErrorCode | null
}

/** Counts one request to a token endpoint that an operation waited for. */
export function noteTokenRequest(journal: ReadJournal | null, source: ErrorSource): void {
  if (!journal) return
  const known = journal.tokenRequests.find((one) => one.source.accountId === source.accountId)
  if (known) known.requests += 1
  else journal.tokenRequests.push({ source, requests: 1 })
}
