import type { Clock } from '../clock.js'
import { AppError, type ErrorCode } from '../errors.js'
import type { HttpRequest, Send } from '../http/http.js'

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
    const over = (status: number | null, failure: ErrorCode | null) =>
      onExchange({
        ...{ key, flow, method: request.method, host: new URL(request.url).host, status, failure },
        durationMs: clock.monotonic() - sentAt,
      })
    try {
      const response = await send(request, options)
      over(response.status, null)
      return response
    } catch (error) {
      over(null, error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR')
      throw error
    }
  }
}
