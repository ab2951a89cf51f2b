import { decodeJwt } from 'jose'

import type { HttpResponse } from '../../http/http.js'
import { serverTimeOf } from './seconds-until.js'

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
  const { exp, iat } = momentsOf(token)
  if (exp === null) return undefined
  const fromNow = endsInSeconds(token, response) ?? exp - Math.floor(response.receivedAt / 1000)
  if (iat === null) return fromNow
  return fromNow > 0 ? Math.min(exp - iat, fromNow) : exp - iat
}

/** Seconds from the server's `Date` to the token's `exp`; undefined where either is missing. */
export function endsInSeconds(token: unknown, response: HttpResponse): number | undefined {
  const { exp } = momentsOf(token)
  const serverTime = serverTimeOf(response)
  return exp === null || Number.isNaN(serverTime) ? undefined : exp - Math.floor(serverTime / 1000)
}

/** RFC 7519 §2 means numbers of seconds; some servers write texts, or ms. */
function momentsOf(token: unknown): { readonly exp: number | null; readonly iat: number | null } {
  const { exp, iat } = claimsOf(token)
  return { exp: secondsIn(exp), iat: secondsIn(iat) }
}

function secondsIn(claim: unknown): number | null {
  const number = typeof claim === 'string' && /^\d{1,13}(\.\d+)?$/.test(claim) ? Number(claim) : claim
  if (typeof number !== 'number' || !Number.isFinite(number)) return null
  return number < MILLISECONDS_FROM ? number : Math.floor(number / 1000)
}

/** In seconds the year 5138, in ms the year 1973. */
const MILLISECONDS_FROM = 1e11
