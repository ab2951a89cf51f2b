import { ProviderError } from '../../errors.js'
import type { HttpRequest, HttpResponse } from '../../http/http.js'
import { defaultHttpLimits } from '../../http/limits.js'
import { parseBody } from '../../http/account/reply.js'
import { retryAfterMs } from '../../http/traffic/retry-after.js'
import { describeRequest } from '../../http/describe-request.js'
import { Secret } from '../../secret.js'
import { GrantRefused, type SendTokenRequest, type Grant } from '../flow.js'
import { shorterLifetime } from '../lifetime.js'
import { lifetimeOf } from './jwt.js'

/** A token endpoint, RFC 6749 §3.2, and the requests it accepts. */
export interface TokenEndpoint {
  readonly url: string
  /** RFC 6749 requires a form; some servers document JSON. Default: `form`. */
  readonly encoding?: 'form' | 'json'
  /** Some servers document `grant_type` as a query parameter. */
  readonly grantTypeInQuery?: boolean
  /** Sent with every request, e.g. `client_id`; secrets are revealed in the body only. */
  readonly client: Readonly<Record<string, string | Secret | undefined>>
  /** Documented lifetime in seconds; used when a response has no `expires_in`. */
  readonly documentedLifetime?: number
  /** Facts about the login in the response, never a secret. */
  readonly identity?: (body: Readonly<Record<string, unknown>>) => Record<string, string>
}

export type Parameters = Readonly<Record<string, string | Secret | undefined>>

/**
 * Requests a token, RFC 6749 §4.1.3, §4.3.2, §5 and §6.
 * @throws GrantRefused when the response ends the grant
 * @throws ProviderError for any other failure
 */
export async function requestToken(send: SendTokenRequest, at: TokenEndpoint, parameters: Parameters): Promise<Grant> {
  const request = tokenRequest(at, parameters)
  return readGrant(await send(request), request, at)
}

/**
 * Reads the response of a token endpoint, RFC 6749 §5. Errors name the endpoint, never what was
 * sent or received.
 * @throws GrantRefused when the response ends the grant
 * @throws ProviderError for any other failure
 */
export function readGrant(response: HttpResponse, request: HttpRequest, at: TokenEndpoint): Grant {
  const body = readTokenBody(response, request)
  if (response.status >= 400 || typeof body['error'] === 'string') throw refusal(response, request, body)
  const { access_token, token_type, refresh_token, expires_in, refresh_expires_in, scope } = body
  if (typeof access_token !== 'string' || access_token === '') throw unreadable(request, 'it has no access_token')
  if (token_type !== undefined && String(token_type).toLowerCase() !== 'bearer')
    throw unreadable(request, 'its token_type is not bearer')
  return {
    accessToken: new Secret(access_token),
    refreshToken: typeof refresh_token === 'string' && refresh_token !== '' ? new Secret(refresh_token) : null,
    expiresIn: shorterLifetime(expires_in, lifetimeOf(access_token, response)),
    defaultExpiresIn: at.documentedLifetime,
    refreshExpiresIn: refresh_expires_in,
    scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : undefined,
    identity: at.identity?.(body),
  }
}

/**
 * The body as an object. 429, 5xx, redirects and anything but a JSON object never end a grant.
 * @throws ProviderError for each of those
 */
export function readTokenBody(response: HttpResponse, request: HttpRequest): Record<string, unknown> {
  const what = `${describeRequest(request)} answered ${response.status}`
  if (response.status === 429) {
    throw new ProviderError('PROVIDER_RATE_LIMITED', `${what}: too many requests`, {
      retryAfterMs: retryAfterMs(response, defaultHttpLimits),
    })
  }
  if (response.status >= 500)
    throw new ProviderError('PROVIDER_UNAVAILABLE', what, { reason: `HTTP_${response.status}` })
  if (response.status >= 300 && response.status < 400)
    throw new ProviderError('PROVIDER_MISCONFIGURED', `${what} and sends us elsewhere; check the address`, {
      reason: 'REDIRECT',
    })
  const body = parseBody(response, request)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw unreadable(request, 'it is not a JSON object')
  return body as Record<string, unknown>
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
  return new ProviderError(
    'PROVIDER_MISCONFIGURED',
    `${what}: it does not accept this kind of request. Check the address and the flow.`,
    {
      reason: SHOWN_ERRORS.has(String(body['error'])) ? String(body['error']).toUpperCase() : `HTTP_${response.status}`,
    },
  )
}

/** Only these error codes are repeated: anything else in a response may hold what was sent. */
const SHOWN_ERRORS = new Set(['invalid_request', 'unsupported_grant_type', 'invalid_scope'])

function tokenRequest(at: TokenEndpoint, parameters: Parameters): HttpRequest {
  const { grant_type, ...rest } = parameters
  const fields = Object.entries({ ...(at.grantTypeInQuery ? {} : { grant_type }), ...at.client, ...rest })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, string] => [name, value instanceof Secret ? value.reveal() : (value as string)])
  const json = at.encoding === 'json'
  return {
    method: 'POST',
    url: at.grantTypeInQuery ? `${at.url}?grant_type=${encodeURIComponent(String(grant_type))}` : at.url,
    headers: {
      accept: 'application/json',
      'accept-language': 'en',
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
    },
    body: json ? JSON.stringify(Object.fromEntries(fields)) : new URLSearchParams(fields).toString(),
  }
}
