import { toInstant, zoneOffset } from './date-time.js'

/** Whole days by the calendar of some zone, both ends inclusive: `2026-02-11`. */
export interface Days {
  readonly first: string
  readonly last: string
}

const DAY_MS = 24 * 60 * 60_000

/** The day of a moment (ms) in a zone. */
export const dayOf = (time: number, timeZone: string): string =>
  new Date(time + zoneOffset(time, timeZone)).toISOString().slice(0, 10)

/** The day so many days later; earlier for a negative number. */
export const daysLater = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** How many days there are, at least one. */
export const lengthOf = ({ first, last }: Days): number =>
  Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS) + 1

/** When a day begins in a zone, ms. */
export const startOf = (day: string, timeZone: string): number => Date.parse(toInstant(`${day} 00:00:00`, timeZone)!)

/** When the last of some days ends in a zone, ms. */
export const endOf = ({ last }: Days, timeZone: string): number => startOf(daysLater(last, 1), timeZone)
