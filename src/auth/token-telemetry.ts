import type { Clock } from '../clock.js'
import { AppError, type ErrorCode } from '../errors.js'
import type { HttpRequest, HttpResponse, Send } from '../http/http.js'

/** One request to a token endpoint, for metrics and traces: nothing that was sent or received. */
export interface TokenRequestRecord {
  /** Key of the login it was made for. */
  readonly key: string
  readonly flow: string
  readonly method: HttpRequest['method']
  /** Host and port of the endpoint. */
  readonly host: string
  /** Null when no response came. */
  readonly status: number | null
  /** Code of the transport failure; null when a response came, whatever its status. */
  readonly failure: ErrorCode | null
  readonly durationMs: number
  /** Seconds our clock is ahead of the endpoint's; null without a `Date` header. */
  readonly aheadSeconds: number | null
}

/** Sends as `send` does, and reports every request once it is over. */
export function observedSend(
  send: Send,
  { key, flow, clock }: { readonly key: string; readonly flow: string; readonly clock: Clock },
  onTokenRequestEnd: ((record: TokenRequestRecord) => void) | undefined,
): Send {
  if (!onTokenRequestEnd) return send
  return async (request, options) => {
    const sentAt = clock.monotonic()
    const report = (response: HttpResponse | null, failure: ErrorCode | null) =>
      onTokenRequestEnd({
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
      report(response, null)
      return response
    } catch (error) {
      report(null, error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR')
      throw error
    }
  }
}

/** `Date` has whole seconds, RFC 9110 §5.6.7: a difference below one second means nothing. */
function aheadOf({ headers, receivedAt }: HttpResponse): number | null {
  const seconds = (receivedAt - Date.parse(headers['date'] ?? '')) / 1_000
  return Number.isNaN(seconds) ? null : Math.trunc(seconds)
}
