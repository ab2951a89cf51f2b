const DAY = 86_400_000

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
  const today = dateIn(timeZone, now)
  return between(addDays(today, 1 - count), today, timeZone, now)
}

/** From one date to another, both counted; what has not happened yet is in neither of the two periods. */
export function between(first: string, last: string, timeZone: string, now: number): Period {
  const count = Math.round((Date.parse(last) - Date.parse(first)) / DAY) + 1
  const days = Array.from({ length: count }, (_, at) => addDays(first, at))
  const daysBefore = days.map((day) => addDays(day, -count))
  const isUnderWay = now < instantOf(addDays(last, 1), 0, timeZone)
  const end = isUnderWay ? dateIn(timeZone, now) : addDays(last, 1)
  const timeOfDay = isUnderWay ? now + offsetIn(timeZone, now) - Date.parse(end) : 0
  const iso = (date: string, time: number) => new Date(instantOf(date, time, timeZone)).toISOString()
  return {
    days,
    daysBefore,
    startedAt: { from: iso(first, 0), until: isUnderWay ? new Date(now).toISOString() : iso(end, 0) },
    startedAtBefore: { from: iso(daysBefore[0]!, 0), until: iso(addDays(end, -count), timeOfDay) },
  }
}

/** Whether these are two dates in their order, not too far apart and begun already. */
export function isSpan(first: string, last: string, today: string): boolean {
  const length = (Date.parse(last) - Date.parse(first)) / DAY
  return [first, last].every(isDate) && first <= today && length >= 0 && length < MOST_DAYS
}

/** The date that the clocks of a zone show at a moment. */
export const dateIn = (timeZone: string, moment: number): string =>
  new Date(moment + offsetIn(timeZone, moment)).toISOString().slice(0, 10)

const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

const addDays = (date: string, count: number): string =>
  new Date(Date.parse(date) + count * DAY).toISOString().slice(0, 10)

/** The moment at which the clocks of a zone show this; asked twice, as they may be set in between. */
function instantOf(date: string, timeOfDay: number, timeZone: string): number {
  const wall = Date.parse(date) + timeOfDay
  const guess = wall - offsetIn(timeZone, wall)
  return wall - offsetIn(timeZone, guess)
}

/** By how many ms the clocks of a zone are before UTC. */
function offsetIn(timeZone: string, moment: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wall - Math.floor(moment / 1000) * 1000
}
