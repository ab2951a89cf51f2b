import { ProviderError } from '../../errors.js'
import type { HttpRequest, HttpResponse } from '../../http/http.js'
import { describeRequest } from '../../http/describe-request.js'
import { GrantRefused, type SendTokenRequest } from '../flow.js'
import { readTokenBody } from './token-endpoint.js'

/** A successful response of a login that is not OAuth. */
export interface LoginAnswer {
  readonly body: Readonly<Record<string, unknown>>
  readonly request: HttpRequest
  readonly response: HttpResponse
}

/** Statuses of such a login that refuse the credential, the subject, or the actor's token. */
export type Refusals = Readonly<Record<number, GrantRefused['kind']>>

/**
 * Posts JSON to a login that has no error codes, so that the status decides: those of `refusals`
 * end the grant, any other failure does not. Errors name the address, never what was sent or
 * received.
 * @throws GrantRefused for a status of `refusals`
 * @throws ProviderError for any other failure
 */
export async function postLogin(
  send: SendTokenRequest,
  {
    url,
    body,
    headers = {},
    refusals,
  }: { url: string; body?: unknown; headers?: Readonly<Record<string, string>>; refusals: Refusals },
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
  const what = `${describeRequest(request)} answered ${response.status}`
  const refused = refusals[response.status]
  if (refused) throw new GrantRefused(refused, what)
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    throw new ProviderError(
      'PROVIDER_MISCONFIGURED',
      `${what}: it does not accept this kind of request. Check the address and the flow.`,
      {
        reason: `HTTP_${response.status}`,
      },
    )
  }
  return { body: readTokenBody(response, request), request, response }
}

/**
 * The first non-empty text under these keys: some servers spelled them differently over the years.
 */
export function textAt(body: Readonly<Record<string, unknown>>, ...keys: readonly string[]): string | null {
  const value = keys.map((key) => body[key]).find((candidate) => typeof candidate === 'string' && candidate !== '')
  return (value as string | undefined) ?? null
}
