import { ProviderError } from '../../errors.js'
import type { HttpRequest, HttpResponse } from '../../http/http.js'
import { describeRequest } from '../../http/describe-request.js'
import { kindOfText } from '../../http/account/reply.js'
import { GrantRefused, UnclearRefusal, type SendTokenRequest } from '../flow.js'
import { tokenIn } from './token-text.js'
import { assertDecided, readTokenBody } from './token-endpoint.js'

/** A successful response of a login that is not OAuth. */
export interface LoginAnswer {
  readonly body: Readonly<Record<string, unknown>>
  readonly request: HttpRequest
  readonly response: HttpResponse
}

/**
 * What a refusal in the provider's own words means; `unclear` where they name no credential, and
 * null where the body is not the provider's: a page or the JSON of something on the way.
 */
export type ReadRefusal = (
  status: number,
  body: Readonly<Record<string, unknown>>,
) => GrantRefused['kind'] | 'unclear' | null

/**
 * Posts JSON to a login that is not OAuth. Only the provider's own words end the grant, as
 * `refusal` reads them; a status alone never does. Errors name the address, never what was sent or
 * received.
 * @throws GrantRefused where the provider refuses the credential, the subject or the actor's token
 * @throws ProviderError for any other failure
 */
export async function postLogin(
  send: SendTokenRequest,
  {
    url,
    body,
    headers = {},
    refusal,
  }: { url: string; body?: unknown; headers?: Readonly<Record<string, string>>; refusal: ReadRefusal },
): Promise<LoginAnswer> {
  const request: HttpRequest = {
    method: 'POST',
    url,
    headers: {
      accept: 'application/json',
      'accept-language': 'en',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  const response = await send(request)
  assertDecided(response, request)
  if (response.status >= 400) throw refusalOf(response, request, refusal)
  return { body: readTokenBody(response, request), request, response }
}

function refusalOf(response: HttpResponse, request: HttpRequest, refusal: ReadRefusal): Error {
  const { status } = response
  const what = `${describeRequest(request)} answered ${status}`
  const body = objectIn(response.body)
  const kind = body && refusal(status, body)
  if (kind && kind !== 'unclear') return new GrantRefused(kind, what)
  if (status === 401 || status === 403) {
    return new ProviderError('PROVIDER_BAD_RESPONSE', `${what}, but not in the words of this login`, {
      reason: body ? 'FOREIGN_REFUSAL' : kindOfText(response.body),
    })
  }
  const message = `${what}: it does not accept this kind of request. Check the address and the flow.`
  const options = { reason: `HTTP_${status}` }
  return kind === 'unclear'
    ? new UnclearRefusal('PROVIDER_MISCONFIGURED', message, options)
    : new ProviderError('PROVIDER_MISCONFIGURED', message, options)
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/**
 * The first non-empty text under these keys: some servers spelled them differently over the years.
 */
export function textAt(body: Readonly<Record<string, unknown>>, ...keys: readonly string[]): string | null {
  const value = keys.map((key) => body[key]).find((candidate) => typeof candidate === 'string' && candidate !== '')
  return (value as string | undefined) ?? null
}

/** The first token under these keys; null where there is none that can be sent. */
export function tokenAt(body: Readonly<Record<string, unknown>>, ...keys: readonly string[]): string | null {
  return tokenIn(textAt(body, ...keys))
}
