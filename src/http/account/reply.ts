import { isoTime } from '../../clock.js'
import { OutcomeUnknown, ProviderError } from '../../errors.js'
import { describeRequest } from '../describe-request.js'
import type { HttpRequest, HttpResponse, StreamedResponse } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { parseExactly } from './exact-json.js'
import type { FileReply, Judge, Reply } from '../rest.js'
import { holdsBackMs, isPassing } from '../traffic/retry-after.js'

/** A reply with the length of its text, in characters. */
export interface SizedReply extends Reply {
  readonly size: number
}

/**
 * A good response as parsed JSON, or a 304 where the request was conditional.
 *
 * @throws ProviderError for what any other status or body means.
 */
export function readReply(response: HttpResponse, request: HttpRequest, limits: HttpLimits): SizedReply {
  const { status, headers, body: text } = response
  const receivedAt = isoTime(response.receivedAt)
  if (status === 304 && isConditional(request)) return { status, headers, body: null, receivedAt, size: 0 }
  if (isAbsent(status) && kindOfText(text) === 'HTML') throw pageNotFound(response, request)
  assertGood(response, request, limits)
  return { status, headers, body: parseBody(response, request), receivedAt, size: text.length }
}

/**
 * The same where errors are told in bodies, whatever the status.
 *
 * @throws what `judge` says, and what `readReply` throws.
 */
export function readJudgedReply(
  response: HttpResponse,
  request: HttpRequest,
  limits: HttpLimits,
  judge: Judge,
): SizedReply {
  if (response.status !== 400) {
    const reply = readReply(response, request, limits)
    const told = judge(reply)
    if (told) throw told
    return reply
  }
  const { status, headers, body } = response
  const receivedAt = isoTime(response.receivedAt)
  const told = judge({ status, headers, body: parsedOrNull(body), receivedAt })
  if (told) throw told
  return readReply(response, request, limits)
}

/**
 * A page of HTML is somebody's on the way, as during a deployment, or of another address: an API that
 * was asked for JSON has not said that there is no such thing.
 */
const pageNotFound = ({ status }: HttpResponse, request: HttpRequest) =>
  new ProviderError(
    'PROVIDER_REJECTED',
    `${describeRequest(request)} answered ${status} with a page of HTML; check the address of the account`,
    { reason: `HTTP_${status}` },
  )

/** There is no such thing, or no longer (RFC 9110 §15.5.5, §15.5.11). */
const isAbsent = (status: number) => status === 404 || status === 410

const isConditional = ({ headers }: HttpRequest) => 'if-none-match' in headers || 'if-modified-since' in headers

/**
 * The same for a write: it may be answered without a body, which is then null.
 *
 * @throws OutcomeUnknown where the response does not say what became of it: a server error, which
 * promises nothing (RFC 9110 §15.6), or an unreadable body. ProviderError for a refusal.
 */
export function readWriteReply(response: HttpResponse, request: HttpRequest, limits: HttpLimits): Reply {
  const { status, headers, body } = response
  try {
    if (body !== '') return readReply(response, request, limits)
    assertGood(response, request, limits)
    return { status, headers, body: null, receivedAt: isoTime(response.receivedAt) }
  } catch (error) {
    const { code, message, reason, retryAfterMs } = error as ProviderError
    const isElsewhere = reason === REDIRECT && !SEEN_OTHERWISE.has(status)
    const saysNothing = code === 'PROVIDER_UNAVAILABLE' || (code === 'PROVIDER_BAD_RESPONSE' && !isElsewhere)
    if (saysNothing) throw new OutcomeUnknown(error as ProviderError)
    throw new ProviderError(code, message, { reason, retryAfterMs, answer: parsedOrNull(body) })
  }
}

const REDIRECT = 'REDIRECT'
/** After a write these may lead to what it made: 303 does, and 302 is sent for it (RFC 9110 §15.4.3, §15.4.4). */
const SEEN_OTHERWISE: ReadonlySet<number> = new Set([302, 303])

function parsedOrNull(text: string): unknown {
  try {
    return parseExactly(text)
  } catch {
    return null
  }
}

/**
 * A file that has begun to arrive, or a 416: there is no such part of it.
 *
 * @throws ProviderError for what any other status or body means.
 */
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
  if (status < 300) return
  const answered = `${describeRequest(request)} answered ${status}`
  if (isAbsent(status)) throw new ProviderError('PROVIDER_REJECTED', answered, { reason: NOT_FOUND })
  if (isPassing(status)) {
    throw new ProviderError('PROVIDER_UNAVAILABLE', answered, {
      reason: `HTTP_${status}`,
      retryAfterMs: holdsBackMs(response, limits),
    })
  }
  const waitMs = holdsBackMs(response, limits)
  if (waitMs !== null)
    throw new ProviderError('PROVIDER_RATE_LIMITED', `${answered}: too many requests`, { retryAfterMs: waitMs })
  if (status === 401 || status === 403)
    throw new ProviderError('PROVIDER_FORBIDDEN', `${answered}: the login is not allowed to do this`)
  if (status >= 400) throw new ProviderError('PROVIDER_REJECTED', answered, { reason: `HTTP_${status}` })
  throw new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${answered} and sends us elsewhere; check the address of the account`,
    { reason: REDIRECT },
  )
}

/**
 * JSON whatever its declared type, a byte order mark tolerated; integers beyond 2^53 are texts.
 *
 * @throws ProviderError `PROVIDER_BAD_RESPONSE` for what is no JSON.
 */
export function parseBody(response: HttpResponse, request: HttpRequest): unknown {
  const text = response.body.charCodeAt(0) === BYTE_ORDER_MARK ? response.body.slice(1) : response.body
  try {
    return parseExactly(text)
  } catch {
    const reason = isPacked(response, text) ? 'ENCODING' : kindOfBody(text)
    // The parser's own error quotes the body, so it is not passed on as the cause.
    throw new ProviderError(
      'PROVIDER_BAD_RESPONSE',
      `${describeRequest(request)} answered ${response.status} without JSON (${reason})`,
      { reason },
    )
  }
}

const BYTE_ORDER_MARK = 0xfeff

/** Whether it went through a coding that nobody undid: a text has no such characters. */
const isPacked = ({ headers }: HttpResponse, text: string): boolean =>
  'content-encoding' in headers && CONTROL.test(text)

const CONTROL = /[\0-\x08\x0e-\x1a]/

function kindOfBody(text: string): string {
  const kind = kindOfText(text)
  return kind === 'TEXT' ? 'NOT_JSON' : kind
}

/** What a body is that is no JSON. */
export const kindOfText = (text: string): 'EMPTY' | 'HTML' | 'TEXT' =>
  text.trim() === '' ? 'EMPTY' : /^\s*</.test(text) ? 'HTML' : 'TEXT'

const NOT_FOUND = 'NOT_FOUND'

/** Whether a look-up found nothing: a 404 or 410 that is no page. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === 'PROVIDER_REJECTED' && error.reason === NOT_FOUND
