import { ProviderError } from '../../errors.js'
import type { FileReply, Reply } from '../rest.js'
import type { HttpRequest, HttpResponse, StreamedResponse } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { askedToWait, retryAfterMs } from '../traffic/retry-after.js'
import { describeRequest } from '../describe-request.js'

/** An answer with the size of its text, in characters. */
export interface SizedReply extends Reply {
  readonly size: number
}

/**
 * A good answer as parsed JSON, or the word that nothing has changed, when that was asked; anything else as the ProviderError that its
 * status or its body means.
 */
export function readReply(response: HttpResponse, request: HttpRequest, limits: HttpLimits): SizedReply {
  const { status, headers, body: text } = response
  const receivedAt = new Date(response.receivedAt).toISOString()
  if (status === 304 && isConditional(request)) return { status, headers, body: null, receivedAt, size: 0 }
  assertGood(response, request, limits)
  return { status, headers, body: parseBody(response, request), receivedAt, size: text.length }
}

const isConditional = ({ headers }: HttpRequest) => 'if-none-match' in headers || 'if-modified-since' in headers

/** A file that has begun to arrive, or the word that it has no such part; anything else as `readReply` has it. */
export function readFile(
  { stream, ...response }: StreamedResponse,
  request: HttpRequest,
  limits: HttpLimits,
): FileReply {
  const { status, headers } = response
  if (status === 416) return { status, headers, stream: null }
  assertGood(response, request, limits)
  if (stream && (status === 200 || status === 206)) return { status, headers, stream }
  const reason = kindOfText(response.body)
  throw new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${describeRequest(request)} answered ${status} without a file (${reason})`,
    { reason },
  )
}

function assertGood(response: HttpResponse, request: HttpRequest, limits: HttpLimits): void {
  const { status } = response
  const told = `${describeRequest(request)} answered ${status}`
  if (status === 429) {
    throw new ProviderError('PROVIDER_RATE_LIMITED', `${told}: too many requests`, {
      retryAfterMs: retryAfterMs(response, limits),
    })
  }
  if (status === 404) throw new ProviderError('PROVIDER_REJECTED', told, { reason: 'NOT_FOUND' })
  if (status === 401 || status === 403)
    throw new ProviderError('PROVIDER_FORBIDDEN', `${told}: the login is not allowed to do this`)
  if (status >= 500) {
    throw new ProviderError('PROVIDER_UNAVAILABLE', told, {
      reason: `HTTP_${status}`,
      retryAfterMs: askedToWait(response, limits),
    })
  }
  if (status >= 400) throw new ProviderError('PROVIDER_REJECTED', told, { reason: `HTTP_${status}` })
  if (status >= 300) {
    throw new ProviderError(
      'PROVIDER_BAD_RESPONSE',
      `${told} and sends us elsewhere; check the address of the account`,
      {
        reason: 'REDIRECT',
      },
    )
  }
}

/** JSON whatever its declared type, a byte order mark tolerated. */
export function parseBody(response: HttpResponse, request: HttpRequest): unknown {
  const text = response.body.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text) as unknown
  } catch {
    const kind = kindOfText(text)
    const reason = kind === 'TEXT' ? 'NOT_JSON' : kind
    // The parser's own error quotes the body, so it is not passed on as the cause.
    throw new ProviderError(
      'PROVIDER_BAD_RESPONSE',
      `${describeRequest(request)} answered ${response.status} without JSON (${reason})`,
      {
        reason,
      },
    )
  }
}

const kindOfText = (text: string): 'EMPTY' | 'HTML' | 'TEXT' =>
  text.trim() === '' ? 'EMPTY' : /^\s*</.test(text) ? 'HTML' : 'TEXT'

/** A look-up that found nothing, as it is thrown. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === 'PROVIDER_REJECTED' && error.reason === 'NOT_FOUND'
