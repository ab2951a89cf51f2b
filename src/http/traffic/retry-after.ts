import type { HttpResponse } from '../http.js'
import type { HttpLimits } from '../limits.js'

/**
 * The wait a provider asks for, ms: seconds or an HTTP date (RFC 9110 §10.2.3), measured against
 * its own `Date`; the default for anything else, and never more than the cap.
 */
export function retryAfterMs(response: HttpResponse, limits: HttpLimits): number {
  return askedToWait(response, limits) ?? limits.retryAfterDefaultMs
}

/** The same; null where the response names no wait. */
export function askedToWait({ headers, receivedAt }: HttpResponse, limits: HttpLimits): number | null {
  const text = headers['retry-after']?.trim() ?? ''
  const serverTime = Date.parse(headers['date'] ?? '')
  const wait = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - (Number.isNaN(serverTime) ? receivedAt : serverTime)
  return Number.isFinite(wait) && wait >= 0 && /^\d|,/.test(text) ? Math.min(wait, limits.retryAfterMaximumMs) : null
}
