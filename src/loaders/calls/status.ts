import { whyUnsupported } from '../../model/capability.js'
import type { SourceGap, SourceStatus } from '../../model/source-status.js'
import type { Provider } from '../../providers/provider.js'
import type { CacheUse } from '../lists/cache-status.js'
import type { Division } from './filter.js'
import type { CallStream } from './stream.js'
import { failureStatus } from '../failure-status.js'

/** How one account contributed to a page of the call log. */
export interface CallSource {
  readonly accountKey: string
  /** Null when its provider has no call log. */
  readonly stream: CallStream | null
  /** 0 where it is not told. */
  readonly requests: number
  readonly cacheUse: CacheUse
  readonly division: Division
  readonly gap: SourceGap | null
  /** An earlier page of the walk lacks some of its calls. */
  readonly hasHole: boolean
}

type Explanation = Pick<SourceStatus, 'state' | 'errorCode' | 'message' | 'retryAfterSeconds'>

/** The account's status in the page, with a gap first, then staleness, then anything left out. */
export function statusOf(
  { accountKey, stream, requests, cacheUse, division, gap, hasHole }: CallSource,
  provider: Provider,
): SourceStatus {
  const explanation = !stream
    ? unsupportedStatus(provider)
    : gap
      ? gapStatus(stream, requests)
      : (cacheUse.staleness ?? readStatus(stream, hasHole))
  const stalenessSeconds = cacheUse.ageSeconds
  return { accountKey, stalenessSeconds, upstreamRequests: requests, gap, ...explanation, ...division }
}

function unsupportedStatus({ name, capabilities }: Provider): Explanation {
  return {
    state: 'UNSUPPORTED',
    errorCode: 'CAPABILITY_UNSUPPORTED',
    message: whyUnsupported(capabilities, 'CALL_RECORD') ?? `${name} has no call records.`,
    retryAfterSeconds: null,
  }
}

/** Calls that could not be mapped are no gap: they would fail again. */
function readStatus({ unreadable, isUnreadable }: CallStream, hasHole: boolean): Explanation {
  const state = isUnreadable ? 'FAILED' : 'PARTIAL'
  const failure = { state, errorCode: 'PROVIDER_BAD_RESPONSE', retryAfterSeconds: null } as const
  if (unreadable > 0) return { ...failure, message: `${unreadable} calls could not be read and are left out.` }
  const message =
    'An earlier page of this list lacks calls of this account; callRecordGap fetches them with the retry cursor given there.'
  return { state: 'COMPLETE', errorCode: null, message: hasHole ? message : null, retryAfterSeconds: null }
}

function gapStatus({ state, pages, error }: CallStream, requests: number): Explanation {
  if (state === 'FAILED') return { state: pages > 0 ? 'PARTIAL' : 'FAILED', ...failureStatus(error) }
  return {
    state: 'PARTIAL',
    errorCode: null,
    message: `Stopped ${requests > 0 ? `after ${requests} requests ` : ''}before the page was full; the retry cursor goes on from there.`,
    retryAfterSeconds: null,
  }
}
