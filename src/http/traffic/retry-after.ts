import type { HttpResponse } from '../http.js'
import type { HttpLimits } from '../limits.js'

/**
 * How long a provider asks us to wait: seconds or an HTTP date (RFC 9110 §10.2.3), measured against the provider's own `Date`;
 * the default for anything else, and never more than the cap.
 */
export function retryAfterMs(response: HttpResponse, limits: HttpLimits): number {
  return askedToWait(response, limits) ?? limits.retryAfterDefaultMs
}

export function askedToWait({ headers, receivedAt }: HttpResponse, limits: HttpLimits): number | null {
  const text = headers['retry-after']?.trim() ?? ''
  const serverTime = Date.parse(headers['date'] ?? '')
  const wait = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - (Number.isNaN(serverTime) ? receivedAt : serverTime)
  return Number.isFinite(wait) && wait >= 0 && /^\d|,/.test(text) ? Math.min(wait, limits.retryAfterMaximumMs) : null
}
