import { canTell, isPolled, type LiveAccount } from '../../live/live-account.js'
import { unsupportedReason } from '../../live/live-capabilities.js'
import type { PollState } from '../../live/poller.js'
import type { SourceStatus } from '../../model/source-status.js'
import { failureStatus } from '../failure-status.js'

/** What reading the calls of one account has come to. */
export interface LiveReading {
  readonly account: LiveAccount
  readonly poll: PollState | null
  /** Requests that were sent for this operation. */
  readonly requests: number
}

/**
 * How an account contributed to the calls under way. `failure`: why it is not known which of its
 * calls are meant; null where it is.
 */
export function liveStatus({ account, poll, requests }: LiveReading, failure: unknown): SourceStatus {
  const rest = { stalenessSeconds: null, upstreamRequests: requests, pushedDown: [], residual: [], gap: null }
  return { accountKey: account.key, ...outcomeOf(account, poll, failure), ...rest }
}

type Outcome = Pick<SourceStatus, 'state' | 'errorCode' | 'message' | 'retryAfterSeconds'>

function outcomeOf(account: LiveAccount, poll: PollState | null, failure: unknown): Outcome {
  if (!canTell(account)) {
    const message = unsupportedReason(account)
    return { state: 'UNSUPPORTED', errorCode: 'CAPABILITY_UNSUPPORTED', message, retryAfterSeconds: null }
  }
  if (failure !== null) return { state: 'FAILED', ...failureStatus(failure) }
  if (isPolled(account) && poll !== null) {
    // What the provider delivers is there all the same.
    if (poll.error !== null) return { state: account.live.webhook ? 'PARTIAL' : 'FAILED', ...failureStatus(poll.error) }
    if (poll.unreadable > 0) {
      const message = `${poll.unreadable} calls could not be read and are left out.`
      return { state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE', message, retryAfterSeconds: null }
    }
  }
  return { state: 'COMPLETE', errorCode: null, message: null, retryAfterSeconds: null }
}
