import { dayIn, daysBetween, daysLater, momentIn, offsetIn } from '../words/zone-days.js'

/** The periods that are offered, in days; `own` is between two dates. */
export const PERIODS = ['1', '7', '30', '90', 'own'] as const
export type PeriodName = (typeof PERIODS)[number]

/** A span of whole days in a zone, and the one as long just before it. */
export interface Period {
  /** Dates, as 2026-03-02, each day once. */
  readonly days: readonly string[]
  readonly daysBefore: readonly string[]
  readonly startedAt: { readonly from: string; readonly until: string }
  readonly startedAtBefore: { readonly from: string; readonly until: string }
}

/** The longest span of own dates, in days. */
export const MOST_DAYS = 366

/** The last days up to now, as the clocks of a zone have them. */
export function lastDays(count: number, timeZone: string, now: number): Period {
  const today = dayIn(now, timeZone)
  return between(daysLater(today, 1 - count), today, timeZone, now)
}

/** From one date to another, both counted; what has not happened yet is in neither of the two periods. */
export function between(first: string, last: string, timeZone: string, now: number): Period {
  const count = daysBetween(first, last) + 1
  const days = Array.from({ length: count }, (_, at) => daysLater(first, at))
  const daysBefore = days.map((day) => daysLater(day, -count))
  const isUnderWay = now < momentIn(daysLater(last, 1), 0, timeZone)
  const end = isUnderWay ? dayIn(now, timeZone) : daysLater(last, 1)
  const timeOfDay = isUnderWay ? now + offsetIn(timeZone, now) - Date.parse(end) : 0
  const iso = (date: string, time: number) => new Date(momentIn(date, time, timeZone)).toISOString()
  return {
    days,
    daysBefore,
    startedAt: { from: iso(first, 0), until: isUnderWay ? new Date(now).toISOString() : iso(end, 0) },
    startedAtBefore: { from: iso(daysBefore[0]!, 0), until: iso(daysLater(end, -count), timeOfDay) },
  }
}

/** Whether two dates are in their order, not too far apart and begun already. */
export function isSpan(first: string, last: string, today: string): boolean {
  const length = daysBetween(first, last)
  return first <= today && length >= 0 && length < MOST_DAYS
}
