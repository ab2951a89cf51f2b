import { ProviderError } from '../../errors.js'
import type { HttpRequest } from '../../http/http.js'
import { defaultHttpLimits } from '../../http/limits.js'
import { retryAfterMs } from '../../http/traffic/retry-after.js'
import { describeRequest } from '../../http/describe-request.js'
import { Secret } from '../../secret.js'
import type { Exchange, Revocation } from '../flow.js'
import { bearer } from './carry.js'
import type { Parameters } from './token-endpoint.js'

export interface TokenRevocationSettings {
  readonly url: string
  /** Sent with every request, e.g. `client_id`. */
  readonly client: Parameters
  readonly needsLiveToken: boolean
  /**
   * Where a token is shown before it is taken back: servers that end a refreshed token only when its successor is first used would
   * otherwise keep the one before it.
   */
  readonly firstUse?: string
}

/**
 * `POST` of a form with the token, RFC 7009 §2.1. Any 4xx but 429 is an end, too: servers answer so for a token that is not known any
 * more, and asking again would change nothing.
 */
export function tokenRevocation({ url, client, needsLiveToken, firstUse }: TokenRevocationSettings): Revocation {
  return {
    needsLiveToken,
    async revoke(exchange, token) {
      if (firstUse !== undefined) {
        await settled(
          exchange,
          bearer({ method: 'GET', url: firstUse, headers: { accept: 'application/json' } }, token),
        )
      }
      const fields = Object.entries({ token, ...client }).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value instanceof Secret ? value.reveal() : value]],
      )
      await settled(exchange, {
        method: 'POST',
        url,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      })
    },
  }
}

/** Throws ProviderError for an answer that settles nothing. */
async function settled(exchange: Exchange, request: HttpRequest): Promise<void> {
  const response = await exchange(request)
  const told = `${describeRequest(request)} answered ${response.status}`
  if (response.status === 429) {
    const wait = retryAfterMs(response, defaultHttpLimits)
    throw new ProviderError('PROVIDER_RATE_LIMITED', `${told}: too many requests`, { retryAfterMs: wait })
  }
  if (response.status >= 500 || (response.status >= 300 && response.status < 400)) {
    throw new ProviderError('PROVIDER_UNAVAILABLE', told, { reason: `HTTP_${response.status}` })
  }
}
