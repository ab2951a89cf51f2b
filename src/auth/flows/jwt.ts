import { decodeJwt } from 'jose'

import type { HttpResponse } from '../../http/http.js'

/**
 * What a token says of itself, RFC 7519 §4; nothing for text that is no JWT. It is not verified: the server that made
 * it gave it to us, and nothing is granted on its word.
 */
export function claimsOf(token: unknown): Readonly<Record<string, unknown>> {
  if (typeof token !== 'string') return {}
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}

/**
 * Seconds from this answer to the token's `exp`; undefined when it does not say. Counted from `iat` where there is one,
 * else from the server's own clock, so that ours may be wrong.
 */
export function lifetimeOf(token: unknown, { headers, receivedAt }: HttpResponse): number | undefined {
  const { exp, iat } = claimsOf(token)
  if (typeof exp !== 'number') return undefined
  if (typeof iat === 'number') return exp - iat
  const serverTime = Date.parse(headers['date'] ?? '')
  return exp - Math.floor((Number.isNaN(serverTime) ? receivedAt : serverTime) / 1000)
}
