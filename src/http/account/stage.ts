import type { HttpRequest } from '../http.js'
import type { Reader } from './reading.js'

/** One request of an account, as its stages hand it on. */
export interface AccountRequest {
  readonly request: HttpRequest
  /** Sent without the account's login. */
  readonly anonymous: boolean
  /**
   * Whether it may be sent again after it may have reached the provider. Every read, however it is
   * spelled; never a write, whatever its method (RFC 9110 §9.2.2).
   */
  readonly repeatable: boolean
}

/** For whom a request is sent: one reader, or several that share it. */
export interface Requester {
  readonly signal: AbortSignal
  /** When the signal aborts by itself, as `performance.now()` has it, ms; 0 where that is not known. */
  readonly endsAt: number
  /** Charges one request to an operation, right before it is sent. When it throws, nothing is sent. */
  readonly charge: () => void
  /** The reader that was charged last, or would be charged now. */
  readonly charged: Reader
}

/** One step between the data sources of an account and the wire. */
export type Stage<Response> = (asked: AccountRequest, requester: Requester) => Promise<Response>

/** The last step: sends once, for at most `timeoutMs`. `queuedAt`: since when it waited for its turn, monotonic ms. */
export type SendStage<Response> = (
  asked: AccountRequest,
  requester: Requester,
  timeoutMs: number,
  queuedAt: number,
) => Promise<Response>
