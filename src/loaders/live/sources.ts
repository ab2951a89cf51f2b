import { canTell, isPolled, type LiveAccount } from '../../live/live-account.js'
import type { PollState } from '../../live/poller.js'
import { whyUnsupported } from '../../model/capability.js'
import type { SourceStatus } from '../../model/source-status.js'
import { failureStatus } from '../failure-status.js'

/** What reading the calls of one account has come to. */
export interface LiveReading {
  readonly account: LiveAccount
  readonly poll: PollState | null
  /** Requests that were sent for this operation. */
  readonly requests: number
}

/** How an account contributed to the calls under way. */
export function liveStatus({ account, poll, requests }: LiveReading): SourceStatus {
  const rest = { stalenessSeconds: null, upstreamRequests: requests, pushedDown: [], residual: [], gap: null }
  return { accountKey: account.key, ...outcomeOf(account, poll), ...rest }
}

type Outcome = Pick<SourceStatus, 'state' | 'errorCode' | 'message' | 'retryAfterSeconds'>

function outcomeOf(account: LiveAccount, poll: PollState | null): Outcome {
  if (!canTell(account)) {
    const message = unsupportedReason(account)
    return { state: 'UNSUPPORTED', errorCode: 'CAPABILITY_UNSUPPORTED', message, retryAfterSeconds: null }
  }
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

/** Why an account says nothing of live calls, and what would change that. */
export function unsupportedReason({ provider }: LiveAccount): string {
  const { capabilities, name, webhook } = provider
  if (webhook)
    return `${name} delivers what happens to calls once \`live.webhook\` is on and its address is entered there.`
  return whyUnsupported(capabilities, 'LIVE_CALL') ?? `${name} does not say which calls are under way.`
}
