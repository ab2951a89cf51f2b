import { Bulkhead, BulkheadFull } from '../../bulkhead.js'
import type { Clock } from '../../clock.js'
import { AppError, ProviderError, ServiceUnavailable } from '../../errors.js'
import { VERSION } from '../../version.js'
import { abortable } from './abortable.js'
import { DIAL_ANYWHERE, type Dialling } from './dial.js'
import type { RawHeaders } from './content-codings.js'
import { exchange } from './exchange.js'
import { describeRequest } from '../describe-request.js'
import type { HttpRequest, HttpResponse, Send } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { timeLimit } from './time-limit.js'
import { waysOut } from './ways.js'

/** How the server names itself to providers (RFC 9110, section 10.1.5). */
export const USER_AGENT = `dialgraph/${VERSION} (one GraphQL graph over phone systems)`

/** `send` and the connections it keeps alive. */
export interface Sender {
  readonly send: Send
  close(): Promise<void>
}

/**
 * Sends over pooled keep-alive connections, each exchange within one deadline and one cap of decoded
 * bytes. Every origin has its own pool and queue, so that one that hangs blocks no other.
 */
export function createSender(limits: HttpLimits, clock: Clock, dialling: Dialling = DIAL_ANYWHERE): Sender {
  const { originConnections, originQueue } = limits
  const ways = waysOut(dialling, limits.tokenTimeoutMs, {
    connections: originConnections,
    keepAliveTimeout: 30_000,
    pipelining: 1,
  })
  const places = new Map<string, Bulkhead>()
  const placesAt = (origin: string): Bulkhead => {
    let bulkhead = places.get(origin)
    if (!bulkhead) places.set(origin, (bulkhead = new Bulkhead(originConnections, originQueue)))
    return bulkhead
  }

  const send: Send = async (request, { timeoutMs = limits.providerTimeoutMs, signal } = {}) => {
    const time = timeLimit(timeoutMs, signal)
    const { origin, pathname, search, host } = new URL(request.url)
    let head: Omit<HttpResponse, 'body'> | null = null
    let unsent = true
    let isProxied = false
    const answer = async (): Promise<HttpResponse> => {
      const found = ways.to(origin)
      const way = found instanceof Promise ? await abortable(found, time.signal) : found
      isProxied = way.isProxied
      const body = await exchange({
        dispatcher: way.dispatcher,
        request: {
          origin,
          path: pathname + search,
          method: request.method,
          body: request.body ?? null,
          headers: { 'user-agent': USER_AGENT, 'accept-encoding': 'gzip, br', ...request.headers },
        },
        described: `${request.method} ${host}${pathname}`,
        limits,
        signal: time.signal,
        onStart: () => void (unsent = false),
        onHead: (status, headers) => void (head = { status, headers: flatten(headers), receivedAt: clock.now() }),
      })
      if (isProxied && head!.status === PROXY_AUTHENTICATION_REQUIRED) throw proxyRefuses(request)
      return { body, ...head! }
    }
    try {
      time.signal.throwIfAborted()
      return await placesAt(origin).run(answer, time.signal)
    } catch (error) {
      if (error instanceof BulkheadFull)
        throw new ServiceUnavailable(`Too many requests to ${host} are waiting. Try again later.`)
      const headArrived = head !== null
      throw translate(error, request, { unsent, headArrived, isLate: time.isOver, signal, timeoutMs, isProxied })
    } finally {
      time.clear()
    }
  }
  return { send, close: () => ways.close() }
}

/** What is known about an exchange that failed. */
export interface Circumstances {
  /** Whether the request provably never left. */
  readonly unsent: boolean
  readonly headArrived: boolean
  /** Whether the time for it was over. */
  readonly isLate: boolean
  readonly signal: AbortSignal | undefined
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

const PROXY_AUTHENTICATION_REQUIRED = 407

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

/** Headers as one string each: repeated ones are joined (RFC 9110 §5.3). */
export function flatten(headers: RawHeaders): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    flat[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  return flat
}
