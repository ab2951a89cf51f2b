import type { Clock } from '../../clock.js'
import { AppError, OutcomeUnknown, ProviderError, type ErrorSource } from '../../errors.js'
import type { HttpRequest, HttpResponse, SendOptions } from '../http.js'
import { ByOrigin } from '../address.js'
import type { ObservedExchange } from '../observed-exchange.js'
import type { SendStage } from './stage.js'

export interface ObservedSendOptions {
  readonly source: ErrorSource
  readonly clock: Clock
  /** Called with every request that was sent, once it is over. */
  readonly onExchange?: (exchange: ObservedExchange) => void
}

/**
 * The last stage: charges one request, sends it and reports it.
 *
 * @throws OutcomeUnknown for a write that may have reached the provider and has no response.
 */
export function observedSend<Response extends HttpResponse>(
  send: (request: HttpRequest, options: SendOptions) => Promise<Response>,
  { source, clock, onExchange }: ObservedSendOptions,
): SendStage<Response> {
  const hosts = new ByOrigin(({ host }) => host)
  return ({ request, repeatable }, requester, timeoutMs, queuedAt) => {
    try {
      requester.charge()
    } catch (error) {
      return Promise.reject(error as Error)
    }
    const { operation, record } = requester.charged
    const sentAt = clock.monotonic()
    const over = (status: number | null, failure: ObservedExchange['failure']): void => {
      const waitedMs = sentAt - queuedAt
      const durationMs = clock.monotonic() - sentAt
      if (onExchange) {
        const { method, url } = request
        const host = hosts.of(url)
        onExchange({ source, operation, method, host, status, failure, waitedMs, durationMs })
      }
      if (!record) return
      record.requests += 1
      record.waitedMs += waitedMs
      record.durationMs += durationMs
      record.status = status
      record.failure = failure
    }
    return send(request, { signal: requester.signal, timeoutMs }).then(
      (response) => {
        over(response.status, null)
        return response
      },
      (error: unknown) => {
        over(null, error instanceof AppError ? error.code : null)
        if (!repeatable && error instanceof ProviderError && !error.unsent) throw new OutcomeUnknown(error)
        throw error
      },
    )
  }
}
