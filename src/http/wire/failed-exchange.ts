import type { EndSignal } from '../../ending.js'
import { AppError, ProviderError } from '../../errors.js'
import { describeRequest } from '../describe-request.js'
import type { HttpRequest } from '../http.js'

/** What is known about an exchange that failed. */
export interface Circumstances {
  /** Whether the request provably never left. */
  readonly unsent: boolean
  readonly headArrived: boolean
  /** Whether the time for it was over. */
  readonly isLate: boolean
  readonly signal: EndSignal | undefined
  readonly timeoutMs: number
  /** Whether a proxy stands between. */
  readonly isProxied?: boolean
}

/**
 * A failed exchange as an AppError. If we aborted, it reports why we aborted, not the socket error
 * that follows.
 */
export function translate(error: unknown, request: HttpRequest, at: Circumstances): AppError {
  if (error instanceof AppError) return error
  const described = describeRequest(request)
  const { unsent, isProxied } = at
  if (at.signal?.aborted) {
    return new ProviderError('PROVIDER_TIMEOUT', `${described} was given up because the operation ended`, {
      reason: 'OPERATION_ENDED',
      unsent,
    })
  }
  if (at.isLate) {
    return new ProviderError('PROVIDER_TIMEOUT', `${described} did not answer within ${at.timeoutMs} ms`, {
      unsent,
      cause: error,
    })
  }
  if (at.headArrived) {
    return new ProviderError('PROVIDER_BAD_RESPONSE', `${described} broke off in the middle of its answer`, {
      reason: 'TRUNCATED',
      cause: error,
    })
  }
  if (isMalformed(error)) {
    // The parser's own error quotes what it could not parse, so it is not passed on as the cause.
    return new ProviderError('PROVIDER_BAD_RESPONSE', `${described} did not answer in HTTP, or with too many headers`, {
      reason: 'MALFORMED',
    })
  }
  if (isProxied && isTunnelRefused(error)) return proxyRefuses(request)
  const reason = reasonOf(error)
  const way = isProxied ? ' through the proxy' : ''
  return new ProviderError('PROVIDER_UNAVAILABLE', `${described} could not be reached${way} (${reason})`, {
    reason,
    unsent,
    cause: error,
  })
}

/** The proxy answered a CONNECT with anything but 200. */
const isTunnelRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (error as NodeJS.ErrnoException).code === 'UND_ERR_ABORTED' &&
  /^Proxy response/.test(error.message)

export const proxyRefuses = (request: HttpRequest): ProviderError =>
  new ProviderError(
    'PROVIDER_UNAVAILABLE',
    `${describeRequest(request)} was not sent: the proxy refuses it; check http.proxy, or HTTP_PROXY and HTTPS_PROXY`,
    { reason: 'PROXY', unsent: true },
  )

/** Undici's parser errors have a name and no code; the code is that of a head that is too large. */
const isMalformed = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'HTTPParserError' || (error as NodeJS.ErrnoException).code === 'UND_ERR_HEADERS_OVERFLOW')

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'CONNECTION_REFUSED',
  ECONNRESET: 'CONNECTION_RESET',
  EPIPE: 'CONNECTION_RESET',
  UND_ERR_SOCKET: 'CONNECTION_RESET',
  UND_ERR_CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
  ENOTFOUND: 'DNS',
  EAI_AGAIN: 'DNS',
}

function reasonOf(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  if (/CERT|TLS|SSL|EPROTO|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return 'TLS'
  return REASONS[code] ?? 'CONNECTION_FAILED'
}
