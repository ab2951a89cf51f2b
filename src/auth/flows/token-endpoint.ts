import { STATUS_CODES } from 'node:http'

import { ProviderError } from '../../errors.js'
import type { HttpRequest, HttpResponse } from '../../http/http.js'
import { defaultHttpLimits } from '../../http/limits.js'
import { parseBody } from '../../http/account/reply.js'
import { askedToWait, isLimit, isPassing, retryAfterMs } from '../../http/traffic/retry-after.js'
import { describeRequest } from '../../http/describe-request.js'
import { Secret } from '../../secret.js'
import { GrantRefused, UnclearRefusal, type SendTokenRequest, type Grant } from '../flow.js'
import { shorterLifetime } from '../lifetime.js'
import { endsInSeconds, lifetimeOf } from './jwt.js'
import { tokenIn } from './token-text.js'

/** A token endpoint, RFC 6749 §3.2, and the requests it accepts. */
export interface TokenEndpoint {
  readonly url: string
  /** RFC 6749 requires a form; some servers document JSON. Default: `form`. */
  readonly encoding?: 'form' | 'json'
  /** Some servers document `grant_type` as a query parameter. */
  readonly grantTypeInQuery?: boolean
  /** Sent with every request, e.g. `client_id`; secrets are revealed in the request only. */
  readonly client: Readonly<Record<string, string | Secret | undefined>>
  /**
   * How `client_id` and `client_secret` are sent, RFC 6749 §2.3.1: as fields of the body, or by HTTP
   * Basic. Default: `body`.
   */
  readonly clientAuthentication?: 'body' | 'basic'
  /** What a refusal in this server's own words means; null or absent: as RFC 6749 §5.2 has it. */
  readonly meaningOf?: (refusal: TokenRefusal) => GrantRefused['kind'] | null
  /** Documented lifetime in seconds; used when a response has no `expires_in`. */
  readonly documentedLifetime?: number
  /** Facts about the login in the response, never a secret. */
  readonly identity?: (body: Readonly<Record<string, unknown>>) => Record<string, string>
}

/** A refusal of a token endpoint, RFC 6749 §5.2. */
export interface TokenRefusal {
  readonly grantType: string
  readonly status: number
  /** The code as sent, which may be any text. */
  readonly error: string
}

export type Parameters = Readonly<Record<string, string | Secret | undefined>>

/**
 * Requests a token, RFC 6749 §4.1.3, §4.3.2, §4.4.2, §5 and §6.
 * @throws GrantRefused when the response ends the grant
 * @throws ProviderError for any other failure
 */
export async function requestToken(send: SendTokenRequest, at: TokenEndpoint, parameters: Parameters): Promise<Grant> {
  const request = tokenRequest(at, parameters)
  return readGrant(await send(request), request, at, String(parameters['grant_type']))
}

/**
 * Reads the response of a token endpoint, RFC 6749 §5. Errors name the endpoint, never what was
 * sent or received.
 * @throws GrantRefused when the response ends the grant
 * @throws ProviderError for any other failure
 */
export function readGrant(response: HttpResponse, request: HttpRequest, at: TokenEndpoint, grantType = ''): Grant {
  const body = readTokenBody(response, request)
  if (response.status >= 400 || typeof body['error'] === 'string') {
    const told = { grantType, status: response.status, error: String(body['error']) }
    const kind = at.meaningOf?.(told)
    throw kind
      ? new GrantRefused(kind, `${describeRequest(request)} answered ${response.status} ${kind}`)
      : refusal(response, request, body)
  }
  const { access_token, token_type, refresh_token, expires_in, refresh_expires_in, scope } = body
  const access = tokenIn(access_token)
  const refresh = tokenIn(refresh_token)
  if (access === null) throw unreadable(request, 'it has no access_token that can be sent')
  if (!isBearer(token_type)) throw unreadable(request, 'its token_type is not bearer')
  return {
    accessToken: new Secret(access),
    refreshToken: refresh === null ? null : new Secret(refresh),
    expiresIn: shorterLifetime(expires_in, lifetimeOf(access, response)),
    endsInSeconds: endsInSeconds(access, response),
    defaultExpiresIn: at.documentedLifetime,
    refreshExpiresIn: refresh_expires_in,
    scopes: scopesIn(scope),
    identity: at.identity?.(body),
  }
}

/** RFC 6749 §5.1 requires a type; some servers send none, or null. */
const isBearer = (type: unknown): boolean =>
  type === undefined || type === null || type === '' || String(type).toLowerCase() === 'bearer'

/** RFC 6749 §3.3 separates scopes by spaces; some servers by commas, or in a list. */
function scopesIn(scope: unknown): readonly string[] | undefined {
  const texts = Array.isArray(scope) ? (scope as unknown[]) : [scope]
  if (!texts.every((text) => typeof text === 'string')) return undefined
  return texts.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean)
}

/**
 * The body as an object. Limits, 5xx, redirects and anything but a JSON object never end a grant.
 * @throws ProviderError for each of those
 */
export function readTokenBody(response: HttpResponse, request: HttpRequest): Record<string, unknown> {
  assertDecided(response, request)
  const body = parseBody(response, request)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw unreadable(request, 'it is not a JSON object')
  return body as Record<string, unknown>
}

/**
 * Whether the endpoint decided anything: not where it asks us to wait, failed, or sends us elsewhere,
 * and not where the same request may succeed another time (408, 425).
 * @throws ProviderError for each of those
 */
export function assertDecided(response: HttpResponse, request: HttpRequest): void {
  const { status } = response
  const what = `${describeRequest(request)} answered ${status}`
  if (isLimit(response)) {
    throw new ProviderError('PROVIDER_RATE_LIMITED', `${what}: too many requests`, {
      retryAfterMs: retryAfterMs(response, defaultHttpLimits),
    })
  }
  if (isPassing(status)) {
    const wait = askedToWait(response, defaultHttpLimits)
    throw new ProviderError('PROVIDER_UNAVAILABLE', what, { reason: `HTTP_${status}`, retryAfterMs: wait })
  }
  if (status >= 300 && status < 400)
    throw new ProviderError('PROVIDER_MISCONFIGURED', `${what} and sends us elsewhere; check the address`, {
      reason: 'REDIRECT',
    })
}

/** The error of a response without a usable token; `why` says what it lacks. */
export const unreadable = (request: HttpRequest, why: string): ProviderError =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `${describeRequest(request)} gave an answer that cannot be used: ${why}`, {
    reason: 'TOKEN_RESPONSE',
  })

/**
 * RFC 6749 §5.2, by error code and not by status: servers send 400, 401 and 200 for the same code.
 */
function refusal(response: HttpResponse, request: HttpRequest, body: Record<string, unknown>): Error {
  const what = `${describeRequest(request)} answered ${response.status}`
  if (body['error'] === 'invalid_grant') return new GrantRefused('invalid_grant', `${what} invalid_grant`)
  if (body['error'] === 'invalid_client' || body['error'] === 'unauthorized_client')
    return new GrantRefused('invalid_client', `${what} ${body['error']}`)
  const message = `${what}: it does not accept this kind of request. Check the address and the flow.`
  const reason = SHOWN_ERRORS.has(String(body['error']))
    ? String(body['error']).toUpperCase()
    : `HTTP_${response.status}`
  return isErrorCode(response.status, body['error'])
    ? new UnclearRefusal('PROVIDER_MISCONFIGURED', message, { reason })
    : new ProviderError('PROVIDER_MISCONFIGURED', message, { reason })
}

/**
 * Whether this is an error code of a token endpoint: one word, with a status it answers with. What
 * something on the way says in JSON is a sentence, the name of the status, or comes with another one.
 */
const isErrorCode = (status: number, error: unknown): boolean =>
  [200, 400, 401, 403].includes(status) &&
  typeof error === 'string' &&
  /^[a-z][a-z0-9_.-]*$/i.test(error) &&
  error !== STATUS_CODES[status]

/** Only these error codes are repeated: anything else in a response may hold what was sent. */
const SHOWN_ERRORS = new Set(['invalid_request', 'unsupported_grant_type', 'invalid_scope'])

function tokenRequest(at: TokenEndpoint, parameters: Parameters): HttpRequest {
  const { grant_type, ...rest } = parameters
  const isBasic = at.clientAuthentication === 'basic'
  const { client_id, client_secret, ...others } = at.client
  const client = isBasic ? others : at.client
  const fields = Object.entries({ ...(at.grantTypeInQuery ? {} : { grant_type }), ...client, ...rest })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, string] => [name, revealed(value)])
  const json = at.encoding === 'json'
  return {
    method: 'POST',
    url: at.grantTypeInQuery ? `${at.url}?grant_type=${encodeURIComponent(String(grant_type))}` : at.url,
    headers: {
      accept: 'application/json',
      'accept-language': 'en',
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(isBasic && { authorization: basic(revealed(client_id), revealed(client_secret)) }),
    },
    body: json ? JSON.stringify(Object.fromEntries(fields)) : new URLSearchParams(fields).toString(),
  }
}

const revealed = (value: string | Secret | undefined): string =>
  value instanceof Secret ? value.reveal() : (value ?? '')

/** RFC 6749 §2.3.1: both are encoded as in a form before they are joined, so that a colon survives. */
const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`

const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)
