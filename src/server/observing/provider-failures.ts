import type { ObservedExchange } from '../../http/observed-exchange.js'
import { parseGlobalId } from '../../model/id.js'
import type { Log } from './log.js'

/**
 * Logs failed requests to providers, also those ended by an operation's deadline, but none that
 * ended with their client.
 */
export const providerFailures =
  (log: Log) =>
  ({ source, operation: { requestId, signal }, method, status, failure, durationMs }: ObservedExchange): void => {
    const clientGone = signal.aborted && (signal.reason as Error).name === 'AbortError'
    const failed = status === null ? !clientGone : status >= 500 || status === 429
    if (!failed) return
    log.providerFailed({
      requestId,
      provider: source.provider,
      account: parseGlobalId(source.accountId)?.account ?? null,
      method,
      status,
      code: failure,
      durationMs: Math.round(durationMs),
    })
  }
