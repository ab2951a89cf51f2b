import { ProviderError } from '../../errors.js'
import type { HttpRequest } from '../../http/http.js'
import { defaultHttpLimits } from '../../http/limits.js'
import { retryAfterMs } from '../../http/traffic/retry-after.js'
import { describeRequest } from '../../http/describe-request.js'
import { Secret } from '../../secret.js'
import type { SendTokenRequest, Revocation } from '../flow.js'
import { bearer } from './carry.js'
import type { Parameters } from './token-endpoint.js'

export interface TokenRevocationSettings {
  readonly url: string
  /** Sent with every request, e.g. `client_id`. */
  readonly client: Parameters
  readonly needsLiveToken: boolean
  /**
   * URL that gets one request with the token before it is revoked: servers that revoke a refreshed
   * token only when its successor is first used would otherwise keep the one before it.
   */
  readonly firstUse?: string
}

/**
 * Posts the token in a form, RFC 7009 §2.1. Any 4xx but 429 counts as revoked, too: servers answer
 * so for an unknown token, and sending it again would change nothing.
 */
export function tokenRevocation({ url, client, needsLiveToken, firstUse }: TokenRevocationSettings): Revocation {
  return {
    needsLiveToken,
    async revoke(send, token) {
      if (firstUse !== undefined) {
        await sendFinal(send, bearer({ method: 'GET', url: firstUse, headers: { accept: 'application/json' } }, token))
      }
      const fields = Object.entries({ token, ...client }).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value instanceof Secret ? value.reveal() : value]],
      )
      await sendFinal(send, {
        method: 'POST',
        url,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      })
    },
  }
}

/** @throws ProviderError for a response after which the request must be sent again */
async function sendFinal(send: SendTokenRequest, request: HttpRequest): Promise<void> {
  const response = await send(request)
  const what = `${describeRequest(request)} answered ${response.status}`
  if (response.status === 429) {
    const wait = retryAfterMs(response, defaultHttpLimits)
    throw new ProviderError('PROVIDER_RATE_LIMITED', `${what}: too many requests`, { retryAfterMs: wait })
  }
  if (response.status >= 500 || (response.status >= 300 && response.status < 400)) {
    throw new ProviderError('PROVIDER_UNAVAILABLE', what, { reason: `HTTP_${response.status}` })
  }
}
