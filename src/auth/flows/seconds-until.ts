import type { HttpResponse } from '../../http/http.js'
import { parseHttpDate } from '../../http/traffic/http-date.js'

/** A provider's text as ISO 8601 in UTC; null when it is no time. */
export type ReadInstant = (text: string) => string | null

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?$/
const ZONE = /(?:[a-z]{1,4}|[+-]\d\d:?\d\d|\))$/i
/** A number of seconds, or ms, since 1970; from here on it is no lifetime. */
const EPOCH = /^(\d{10}|\d{13})(?:\.\d+)?$/

/** Takes a time without a zone for UTC, never for this machine's. */
export const utcInstant: ReadInstant = (written) => {
  const text = written.trim()
  const [, epoch] = EPOCH.exec(text) ?? []
  const time =
    epoch !== undefined
      ? Number(epoch) * (epoch.length > 10 ? 1 : 1000)
      : WITHOUT_ZONE.test(text)
        ? Date.parse(`${text.replace(' ', 'T').replace(',', '.')}Z`)
        : Date.parse(ZONE.test(text) ? text : `${text} UTC`)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** The `Date` of a response, ms; NaN where it has none that can be read. */
export const serverTimeOf = ({ headers, receivedAt }: HttpResponse): number =>
  parseHttpDate(headers['date']?.trim() ?? '', receivedAt)

/**
 * Seconds from a response to a time it states, by the server's `Date` where there is one, else by
 * our clock; undefined when the time is not readable.
 */
export function secondsUntil(
  time: unknown,
  { response }: { readonly response: HttpResponse },
  instant: ReadInstant,
): number | undefined {
  const text = typeof time === 'number' ? String(time) : typeof time === 'string' ? time : ''
  const end = Date.parse(instant(text) ?? utcInstant(text) ?? '')
  const serverTime = serverTimeOf(response)
  const seconds = (end - (Number.isNaN(serverTime) ? response.receivedAt : serverTime)) / 1000
  return Number.isNaN(seconds) ? undefined : Math.floor(seconds)
}
