import { Zone } from '../model/values/zone.js'

/** What a period of statistics may be. */
export type Period = 'HOUR' | 'DAY' | 'WEEK' | 'MONTH'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The first of January 1970 was a Thursday: so many days after a Monday. */
const FIRST_WEEKDAY = 3

/** Hours, days, weeks and months as the clocks and calendars of a zone have them. */
export class Calendar {
  readonly #zone: Zone

  /** @throws RangeError for a name that no zone has */
  constructor(name: string) {
    this.#zone = new Zone(name)
  }

  /** Whether a length divides every hour and day of a time, from its first moment on. */
  goesBy(length: number, from: number, until: number): boolean {
    return this.#zone.goesBy(length, from, until)
  }

  /** The first moment of the period that a moment is in, ms. */
  startOf(period: Period, moment: number): number {
    const local = this.#zone.localOf(moment)
    if (period === 'HOUR') return this.#startOfHour(local, moment)
    return this.#zone.firstMoment(startOfDays(period, Math.floor(local / DAY_MS)) * DAY_MS)
  }

  /** From 0 to 23. */
  hourOfDay(moment: number): number {
    return Math.floor(modulo(this.#zone.localOf(moment), DAY_MS) / HOUR_MS)
  }

  /** From 0, Monday, to 6. */
  dayOfWeek(moment: number): number {
    return weekday(Math.floor(this.#zone.localOf(moment) / DAY_MS))
  }

  /** Of an hour that comes twice, each is its own; one that clocks are set within is one. */
  #startOfHour(local: number, moment: number): number {
    const intoHour = modulo(local, HOUR_MS)
    const start = moment - intoHour
    const isSteady = this.#zone.offsetAt(start) === this.#zone.offsetAt(moment)
    return isSteady ? start : this.#zone.firstMoment(local - intoHour)
  }
}

/** The first day of the day, week or month of a day; days since 1970. */
function startOfDays(period: Exclude<Period, 'HOUR'>, day: number): number {
  if (period === 'DAY') return day
  if (period === 'WEEK') return day - weekday(day)
  return day - (new Date(day * DAY_MS).getUTCDate() - 1)
}

const weekday = (day: number): number => modulo(day + FIRST_WEEKDAY, 7)

const modulo = (value: number, by: number): number => ((value % by) + by) % by
