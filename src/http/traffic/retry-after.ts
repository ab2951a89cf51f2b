import type { HttpResponse } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { parseHttpDate } from './http-date.js'

type WaitLimits = Pick<HttpLimits, 'retryAfterDefaultMs' | 'retryAfterMaximumMs'>

/** The wait a provider asks for, ms; the default where it names none that can be read. */
export function retryAfterMs(response: HttpResponse, limits: WaitLimits): number {
  return askedToWait(response, limits) ?? limits.retryAfterDefaultMs
}

/**
 * The wait a response names, ms: seconds or an HTTP date (RFC 9110 §10.2.3), measured against its
 * own `Date`, and never more than the cap; a moment that is over is 0. Null where it names none, or
 * in words that are neither. Of several the longest counts.
 */
export function askedToWait({ headers, receivedAt }: HttpResponse, limits: WaitLimits): number | null {
  const text = headers['retry-after']?.trim() ?? ''
  const wait = SECONDS.test(text)
    ? Math.max(...text.split(',').map(Number)) * 1000
    : parseHttpDate(text, receivedAt) - momentOf(headers['date'], receivedAt)
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), limits.retryAfterMaximumMs)
}

/** Seconds, once or in several headers that were joined. */
const SECONDS = /^\d+(\.\d+)?(\s*,\s*\d+(\.\d+)?)*$/

function momentOf(date: string | undefined, receivedAt: number): number {
  const moment = parseHttpDate(date?.trim() ?? '', receivedAt)
  return Number.isNaN(moment) ? receivedAt : moment
}

/**
 * How long an account must not send anything after this response, ms; null where it may. It asks so
 * by 429, whatever it names, and by a wait that it names with 403, 408, 425 or a server error
 * (RFC 9110 §15.6.4).
 */
export function holdsBackMs(response: HttpResponse, limits: WaitLimits): number | null {
  const isHeldBack = isLimit(response) || (isPassing(response.status) && namesWait(response))
  return isHeldBack ? retryAfterMs(response, limits) : null
}

/** Whether a response says that we send too much: a 403 that names a wait is no lack of rights. */
export const isLimit = (response: HttpResponse): boolean =>
  response.status === 429 || (response.status === 403 && namesWait(response))

const namesWait = ({ headers }: HttpResponse): boolean => (headers['retry-after'] ?? '').trim() !== ''

/**
 * Whether a status says that the same request may succeed another time: the server failed, had no
 * whole request (408, RFC 9110 §15.5.9), or would not be the first to see it (425, RFC 8470 §5.2).
 */
export const isPassing = (status: number): boolean => status === 408 || status === 425 || status >= 500
