import type { LoginAnswer } from './json-login.js'

/** A provider's text as ISO 8601 in UTC; null when it is no time. */
export type ReadInstant = (text: string) => string | null

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/

/** Takes a time without a zone for UTC, never for this machine's. */
export const utcInstant: ReadInstant = (text) => {
  const time = Date.parse(WITHOUT_ZONE.test(text.trim()) ? `${text.trim().replace(' ', 'T')}Z` : text)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/**
 * Seconds from a response to a time it states, by the server's `Date` where there is one, else by
 * our clock; undefined when the time is not readable.
 */
export function secondsUntil(time: unknown, { response }: LoginAnswer, instant: ReadInstant): number | undefined {
  const end = Date.parse((typeof time === 'string' && (instant(time) ?? utcInstant(time))) || '')
  const serverTime = Date.parse(response.headers['date'] ?? '')
  const seconds = (end - (Number.isNaN(serverTime) ? response.receivedAt : serverTime)) / 1000
  return Number.isNaN(seconds) ? undefined : Math.floor(seconds)
}
