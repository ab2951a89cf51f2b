/** A day of the calendar, as 2026-02-11. */
export type Day = string

/** A day of 24 hours, ms. */
export const DAY_MS = 86_400_000

/** The days there are for this page. What comes after the last one is still written with four digits of a year. */
export const [FIRST_DAY, LAST_DAY] = ['1970-01-01', '9999-12-30'] as const

/** Whether a text is a day that there is: the 31st of February is none. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  daysLater(text, 0) === text &&
  text >= FIRST_DAY &&
  text <= LAST_DAY

/** The day that the clocks of a zone show at a moment. */
export function dayIn(at: number | string, timeZone: string): Day {
  const moment = new Date(at).getTime()
  return new Date(moment + offsetIn(timeZone, moment)).toISOString().slice(0, 10)
}

/** So many days later. */
export const daysLater = (day: Day, count: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)

/** How many days later the one is than the other. */
export const daysBetween = (first: Day, last: Day): number => (Date.parse(last) - Date.parse(first)) / DAY_MS

/** The moment at which a day begins in a zone. */
export const startOfDay = (day: Day, timeZone: string): string => new Date(momentIn(day, 0, timeZone)).toISOString()

/**
 * The moment, ms, at which the clocks of a zone show so many ms after midnight of a day. Asked twice:
 * between the first guess and that moment they may be set.
 */
export function momentIn(day: Day, timeOfDay: number, timeZone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + timeOfDay
  const guess = wall - offsetIn(timeZone, wall)
  return wall - offsetIn(timeZone, guess)
}

/** By how many ms the clocks of a zone are before UTC at a moment. */
export function offsetIn(timeZone: string, moment: number): number {
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
