import { ProviderError } from '../../errors.js'
import type { HttpRequest, HttpResponse } from '../../http/http.js'
import { describeRequest } from '../../http/describe-request.js'
import { GrantRefused, type Exchange } from '../flow.js'
import { readTokenBody } from './token-endpoint.js'

/** A good answer of a login that is not OAuth: the body, and what it came in. */
export interface LoginAnswer {
  readonly body: Readonly<Record<string, unknown>>
  readonly request: HttpRequest
  readonly response: HttpResponse
}

/**
 * What some statuses of such a login mean: that the credential is refused, the subject denied, or the actor's token no
 * good.
 */
export type Refusals = Readonly<Record<number, GrantRefused['kind']>>

/**
 * Posts JSON to a login that has no error words of its own, so that the status decides: those of `refusals` end the
 * grant, any other failure does not. Errors name the address, never what was sent or what came back.
 */
export async function postLogin(
  exchange: Exchange,
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
  const response = await exchange(request)
  const told = `${describeRequest(request)} answered ${response.status}`
  const refused = refusals[response.status]
  if (refused) throw new GrantRefused(refused, told)
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    throw new ProviderError(
      'PROVIDER_MISCONFIGURED',
      `${told}: it does not accept this kind of request. Check the address and the flow.`,
      {
        reason: `HTTP_${response.status}`,
      },
    )
  }
  return { body: readTokenBody(response, request), request, response }
}

/** The first of these keys that holds text: some servers spell them differently over the years. */
export function textAt(body: Readonly<Record<string, unknown>>, ...keys: readonly string[]): string | null {
  const value = keys.map((key) => body[key]).find((candidate) => typeof candidate === 'string' && candidate !== '')
  return (value as string | undefined) ?? null
}
