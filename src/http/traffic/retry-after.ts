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
  const now = momentOf(headers['date'], receivedAt)
  const waits = valuesOf(headers['retry-after'])
    .map((text) => waitOf(text, now))
    .filter((wait) => !Number.isNaN(wait))
  return waits.length === 0 ? null : Math.min(Math.max(0, ...waits), limits.retryAfterMaximumMs)
}

/** Several headers of one name were joined; a date has a comma of its own. */
const valuesOf = (header: string | undefined): readonly string[] =>
  (header?.trim() ?? '').split(/(?<=\d|GMT|UTC|Z)\s*,\s*/i)

/** NaN for what is neither seconds nor a moment. */
function waitOf(text: string, now: number): number {
  if (!SECONDS.test(text)) return parseHttpDate(text, now) - now
  const number = Number(text)
  // Some write the moment as a number, in seconds or in ms since 1970: then it is one of these days.
  const moment = [number * 1000, number].find((time) => Math.abs(time - now) < DAY_MS)
  return moment === undefined ? number * 1000 : moment - now
}

const SECONDS = /^\d+(\.\d+)?$/
const DAY_MS = 24 * 3_600_000

function momentOf(date: string | undefined, receivedAt: number): number {
  const moment = parseHttpDate(valuesOf(date)[0] ?? '', receivedAt)
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
