import { decodeJwt } from 'jose'

import type { HttpResponse } from '../../http/http.js'

/**
 * The claims of a JWT, RFC 7519 §4; none for anything else. They are not verified: the issuer
 * itself sent the token, and no permission follows from them.
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
 * Seconds from this response to the token's `exp`; undefined without one. Counted from `iat` where
 * there is one, else from the server's `Date`, so that our clock may be wrong.
 */
export function lifetimeOf(token: unknown, { headers, receivedAt }: HttpResponse): number | undefined {
  const { exp, iat } = claimsOf(token)
  if (typeof exp !== 'number') return undefined
  if (typeof iat === 'number') return exp - iat
  const serverTime = Date.parse(headers['date'] ?? '')
  return exp - Math.floor((Number.isNaN(serverTime) ? receivedAt : serverTime) / 1000)
}
