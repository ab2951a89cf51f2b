import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

import { Agent, type Dispatcher } from 'undici'

import type { Clock } from '../clock.js'
import { AppError, ProviderError } from '../errors.js'
import type { HttpRequest, HttpResponse, Send } from './http.js'
import type { HttpLimits } from './limits.js'

/** A small answer may be all zeros without being an attack: the ratio counts only beyond this many decoded bytes. */
const RATIO_COUNTS_FROM_BYTES = 1024 * 1024
export const USER_AGENT = 'dialgraph/0.1 (+https://www.npmjs.com/package/dialgraph)'

/** `send` and the connections it keeps alive. */
export interface Sender {
  readonly send: Send
  close(): Promise<void>
}

/** Sends over pooled keep-alive connections, each exchange under one deadline and one cap of decoded bytes. */
export function createSender(limits: HttpLimits, clock: Clock): Sender {
  const agent = new Agent({ connections: 32, keepAliveTimeout: 30_000, pipelining: 1 })

  const send: Send = async (request, { timeoutMs = limits.providerTimeoutMs, signal } = {}) => {
    const deadline = AbortSignal.timeout(timeoutMs)
    const either = signal ? AbortSignal.any([signal, deadline]) : deadline
    let head: Dispatcher.ResponseData | null = null
    const { origin, pathname, search } = new URL(request.url)
    try {
      either.throwIfAborted()
      head = await agent.request({
        origin,
        path: pathname + search,
        method: request.method,
        headers: { 'user-agent': USER_AGENT, 'accept-encoding': 'gzip, br', ...request.headers },
        body: request.body ?? null,
        signal: either,
      })
      const receivedAt = clock.now()
      return {
        status: head.statusCode,
        headers: flatten(head.headers),
        body: await readBody(head, request, limits, either),
        receivedAt,
      } satisfies HttpResponse
    } catch (error) {
      head?.body.on('error', () => {}).destroy()
      throw translate(error, request, { headArrived: head !== null, deadline, signal, timeoutMs })
    }
  }
  return { send, close: () => agent.destroy() }
}

/** Method, host and path: what may be told of a request. Its query may carry a credential and never is. */
export function describeRequest({ method, url }: HttpRequest): string {
  const { host, pathname } = new URL(url)
  return `${method} ${host}${pathname}`
}

/** The whole body as text: decoded, and never more of it than the limits allow. */
export async function readBody(
  { headers, body }: Dispatcher.ResponseData,
  request: HttpRequest,
  limits: HttpLimits,
  signal: AbortSignal,
): Promise<string> {
  let compressed = 0
  const decoded = decode(
    Readable.from(
      (async function* () {
        for await (const chunk of body) {
          compressed += (chunk as Buffer).length
          yield chunk as Buffer
        }
      })(),
    ),
    String(headers['content-encoding'] ?? ''),
    request,
  )
  const chunks: Buffer[] = []
  let size = 0
  const stop = () => decoded.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of decoded) {
      size += (chunk as Buffer).length
      const inflated =
        decoded.isDecoder && size > RATIO_COUNTS_FROM_BYTES && size > compressed * limits.compressionRatio
      if (size > limits.responseBytes || inflated) {
        throw new ProviderError(
          'PROVIDER_BAD_RESPONSE',
          `${describeRequest(request)} answered more than ${limits.responseBytes} bytes, or more than it may unpack to`,
          { reason: 'TOO_LARGE' },
        )
      }
      chunks.push(chunk as Buffer)
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function decode(source: Readable, encoding: string, request: HttpRequest): Readable & { isDecoder?: boolean } {
  const decoder = { gzip: createGunzip, 'x-gzip': createGunzip, br: createBrotliDecompress, deflate: createInflate }[
    encoding.trim().toLowerCase()
  ]
  if (decoder) {
    const stream = decoder()
    source.on('error', (error) => stream.destroy(error))
    return Object.assign(source.pipe(stream), { isDecoder: true })
  }
  if (encoding === '' || encoding === 'identity') return source
  throw new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${describeRequest(request)} answered in an encoding we did not ask for`,
    {
      reason: 'ENCODING',
    },
  )
}

/** What is known about an exchange that failed. */
export interface Circumstances {
  readonly headArrived: boolean
  readonly deadline: AbortSignal
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
}

/** A deadline and an operation that ended come first: what the socket says after them is only their echo. */
export function translate(error: unknown, request: HttpRequest, at: Circumstances): AppError {
  const told = describeRequest(request)
  if (error instanceof AppError) return error
  if (at.signal?.aborted) {
    return new ProviderError('PROVIDER_TIMEOUT', `${told} was given up because the operation ended`, {
      reason: 'OPERATION_ENDED',
    })
  }
  if (at.deadline.aborted) {
    return new ProviderError('PROVIDER_TIMEOUT', `${told} did not answer within ${at.timeoutMs} ms`, { cause: error })
  }
  if (at.headArrived) {
    return new ProviderError('PROVIDER_BAD_RESPONSE', `${told} broke off in the middle of its answer`, {
      reason: 'TRUNCATED',
      cause: error,
    })
  }
  const reason = reasonOf(error)
  return new ProviderError('PROVIDER_UNAVAILABLE', `${told} could not be reached (${reason})`, { reason, cause: error })
}

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
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return 'TLS'
  return REASONS[code] ?? 'CONNECTION_FAILED'
}

/** Headers that came more than once, joined. */
export const flatten = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
