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
 * Seconds from this response to the token's `exp`; undefined without one. The smaller of two
 * readings that says anything: from the token's `iat`, which some servers copy from the login, and
 * from the server's `Date`, or our clock where it sends none.
 */
export function lifetimeOf(token: unknown, response: HttpResponse): number | undefined {
  const { exp, iat } = claimsOf(token)
  if (typeof exp !== 'number') return undefined
  const fromNow = endsInSeconds(token, response) ?? exp - Math.floor(response.receivedAt / 1000)
  if (typeof iat !== 'number') return fromNow
  return fromNow > 0 ? Math.min(exp - iat, fromNow) : exp - iat
}

/** Seconds from the server's `Date` to the token's `exp`; undefined where either is missing. */
export function endsInSeconds(token: unknown, { headers }: HttpResponse): number | undefined {
  const { exp } = claimsOf(token)
  const serverTime = Date.parse(headers['date'] ?? '')
  return typeof exp !== 'number' || Number.isNaN(serverTime) ? undefined : exp - Math.floor(serverTime / 1000)
}
