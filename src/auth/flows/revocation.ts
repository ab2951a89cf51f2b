import { ProviderError } from '../../errors.js'
import type { HttpRequest } from '../../http/http.js'
import { defaultHttpLimits } from '../../http/limits.js'
import { retryAfterMs } from '../../http/reply.js'
import { describeRequest } from '../../http/send.js'
import { Secret } from '../../secret.js'
import type { Revocation } from '../flow.js'
import type { Parameters } from './token-endpoint.js'

export interface TokenRevocationSettings {
  readonly url: string
  /** Sent with every request, e.g. `client_id`. */
  readonly client: Parameters
  readonly needsLiveToken: boolean
}

/**
 * `POST` of a form with the token, RFC 7009 §2.1. Any 4xx but 429 is an end, too: servers answer so for a token that is not known any
 * more, and asking again would change nothing.
 */
export function tokenRevocation({ url, client, needsLiveToken }: TokenRevocationSettings): Revocation {
  return {
    needsLiveToken,
    async revoke(exchange, token) {
      const fields = Object.entries({ token, ...client }).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value instanceof Secret ? value.reveal() : value]],
      )
      const request: HttpRequest = {
        method: 'POST',
        url,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      }
      const response = await exchange(request)
      const told = `${describeRequest(request)} answered ${response.status}`
      if (response.status === 429) {
        const wait = retryAfterMs(response, defaultHttpLimits)
        throw new ProviderError('PROVIDER_RATE_LIMITED', `${told}: too many requests`, { retryAfterMs: wait })
      }
      if (response.status >= 500 || (response.status >= 300 && response.status < 400)) {
        throw new ProviderError('PROVIDER_UNAVAILABLE', told, { reason: `HTTP_${response.status}` })
      }
    },
  }
}
