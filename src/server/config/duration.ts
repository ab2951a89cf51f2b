import { z } from 'zod'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS

/** Weeks alone, or days and hours: a month or a year has no fixed length. */
const DURATION = /^P(?:(?<weeks>\d{1,4})W|(?:(?<days>\d{1,5})D)?(?:T(?<hours>\d{1,6})H)?)$/

/** A duration as ISO 8601 writes it, of whole weeks, or of whole days and hours, in milliseconds. */
export const duration = (description: string) =>
  z
    .string()
    .refine((text) => (millisecondsOf(text) ?? 0) > 0, 'must be a duration such as P90D, PT12H or P2W')
    .optional()
    .describe(description)

/** Milliseconds of a duration; null for what is none. */
export function millisecondsOf(text: string): number | null {
  const parts = DURATION.exec(text)?.groups
  if (!parts) return null
  const { weeks = 0, days = 0, hours = 0 } = parts
  return Number(weeks) * WEEK_MS + Number(days) * DAY_MS + Number(hours) * HOUR_MS
}
