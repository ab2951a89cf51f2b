import type { Clock } from '../clock.js'
import { AppError, type ErrorCode } from '../errors.js'
import type { HttpRequest, HttpResponse, Send } from '../http/http.js'

/** One request to a token endpoint, as figures and traces know it: nothing of what was sent or answered stands here. */
export interface TokenExchange {
  /** Key of the login it was made for. */
  readonly key: string
  readonly flow: string
  readonly method: HttpRequest['method']
  /** Host and port that were asked. */
  readonly host: string
  /** Null when no answer came. */
  readonly status: number | null
  /** Code of what went wrong on the wire; null when an answer came, whatever its status. */
  readonly failure: ErrorCode | null
  readonly durationMs: number
  /** Seconds by which our clock is ahead of that of the endpoint; null when it did not tell its time. */
  readonly aheadSeconds: number | null
}

/** Sends as `send` does, and lets every exchange be heard of once it is over. */
export function observedSend(
  send: Send,
  { key, flow, clock }: { readonly key: string; readonly flow: string; readonly clock: Clock },
  onExchange: ((exchange: TokenExchange) => void) | undefined,
): Send {
  if (!onExchange) return send
  return async (request, options) => {
    const sentAt = clock.monotonic()
    const over = (response: HttpResponse | null, failure: ErrorCode | null) =>
      onExchange({
        key,
        flow,
        method: request.method,
        host: new URL(request.url).host,
        status: response?.status ?? null,
        failure,
        durationMs: clock.monotonic() - sentAt,
        aheadSeconds: response && aheadOf(response),
      })
    try {
      const response = await send(request, options)
      over(response, null)
      return response
    } catch (error) {
      over(null, error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR')
      throw error
    }
  }
}

/** `Date` has no fractions, RFC 9110 §5.6.7: less than a second either way means nothing. */
function aheadOf({ headers, receivedAt }: HttpResponse): number | null {
  const seconds = (receivedAt - Date.parse(headers['date'] ?? '')) / 1_000
  return Number.isNaN(seconds) ? null : Math.trunc(seconds)
}
