import type { EndSignal } from '../../ending.js'
import type { HttpRequest } from '../http.js'
import type { Judge } from '../rest.js'
import type { Reader } from './reading.js'

/** One request of an account, as it passes through the stages of its client. */
export interface AccountRequest {
  readonly request: HttpRequest
  /** Sent without the account's login. */
  readonly anonymous: boolean
  /**
   * Whether it may be sent again after it may have reached the provider. Every read, however it is
   * spelled; never a write, whatever its method (RFC 9110 §9.2.2).
   */
  readonly repeatable: boolean
  /** What an answer says that its status does not; see `Rest.post`. */
  readonly judge?: Judge
  /** The request as it is to be sent now, after it waited for its turn; absent: as it is. */
  readonly ready?: () => HttpRequest
}

/** Whom a request is sent for: one reader, or several that share it. */
export interface Requester {
  readonly signal: EndSignal
  /** Deadline of the signal, ms on the clock of `performance.now()`; 0 where there is none. */
  readonly endsAt: number
  /**
   * Charges one request to an operation, right before it is sent.
   *
   * @throws AppError where it may not be sent.
   */
  readonly charge: () => void
  /** The reader that was charged last, or would be charged now. */
  readonly charged: Reader
}

/** One stage of an account's client. `outgoing` goes to the provider, unless the stage answers it. */
export type Stage<Response> = (outgoing: AccountRequest, requester: Requester) => Promise<Response>

/**
 * The last stage: sends once, for at most `timeoutMs`. `queuedAt`: when it was queued, ms on the
 * monotonic clock.
 */
export type SendStage<Response> = (
  outgoing: AccountRequest,
  requester: Requester,
  timeoutMs: number,
  queuedAt: number,
) => Promise<Response>
