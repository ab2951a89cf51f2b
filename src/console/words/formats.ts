import { useMemo } from 'react'

import { localeOf, useLanguage } from './language.js'

/** Dates and numbers as the reader's language writes them. */
export interface Formats {
  readonly locale: string
  /** 1,204 */
  number(value: number): string
  /** +12, −12, and 0 without a sign. */
  signed(value: number): string
  /** 43 % */
  percent(share: number): string
  /** 5 – 11 Feb 2026: dates, each counted. */
  days(first: string, last: string): string
  /** 11 Feb 2026, 11:31 Istanbul: the wall clock of a zone, and its name. */
  moment(iso: string, timeZone: string): string
  /** 11 Feb 2026, 11:31:07, the wall clock of a zone, without its name. */
  exactMoment(iso: string, timeZone: string): string
  /** Wednesday, 11 February 2026, as a zone has it. */
  day(iso: string, timeZone: string): string
  /** 11 Feb, as a zone has it. */
  shortDay(iso: string, timeZone: string): string
  /** 11:31, the wall clock of a zone, without its name. */
  clock(iso: string, timeZone: string): string
  /** 11:31:07, the same with seconds. */
  exactClock(iso: string, timeZone: string): string
  /** 1:02:07, 0:14. */
  duration(seconds: number): string
  /** ₺1.25 */
  money(amount: string, currency: string | null): string
  /** 84 kB */
  size(bytes: number): string
  /** İzmir, Prague and Ankara. */
  list(names: readonly string[]): string
  /** 3 minutes ago, in 2 hours. */
  fromNow(iso: string, now: number): string
  /** The name of a zone. */
  zone(timeZone: string): string
  /** GMT+3: what little room there is for the name of a zone, at a moment. */
  zoneMark(iso: string, timeZone: string): string
}

/** The formats of the language that is spoken. */
export function useFormats(): Formats {
  const language = useLanguage()
  return useMemo(() => formatsOf(localeOf(language)), [language])
}

/** Seconds of each unit, the largest first. */
const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** The formats of a locale. */
export function formatsOf(locale: string): Formats {
  const numbers = new Intl.NumberFormat(locale)
  const signs = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' })
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const lists = new Intl.ListFormat(locale)
  // Making one takes longer than using it a hundred times, and a log uses it on every line.
  const known = new Map<string, Intl.DateTimeFormat>()
  const dates = (timeZone: string, options: Intl.DateTimeFormatOptions) => {
    const key = timeZone + Object.entries(options).join()
    const format = known.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone, ...options })
    known.set(key, format)
    return format
  }
  const zone = (timeZone: string) => zoneName(dates(timeZone, { timeZoneName: 'shortGeneric' })) ?? timeZone
  const wholeDays = dates('UTC', { dateStyle: 'medium' })
  return {
    locale,
    number: (value) => numbers.format(value),
    // A hyphen is easily overlooked beside digits.
    signed: (value) => signs.format(value).replace('-', '−'),
    percent: (share) => percents.format(share),
    days: (first, last) => wholeDays.formatRange(Date.parse(first), Date.parse(last)),
    moment: (iso, timeZone) =>
      `${dates(timeZone, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))} ${zone(timeZone)}`,
    exactMoment: (iso, timeZone) => dates(timeZone, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso)),
    day: (iso, timeZone) => dates(timeZone, { dateStyle: 'full' }).format(new Date(iso)),
    shortDay: (iso, timeZone) => dates(timeZone, { day: 'numeric', month: 'short' }).format(new Date(iso)),
    clock: (iso, timeZone) => dates(timeZone, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso)),
    exactClock: (iso, timeZone) => dates(timeZone, { timeStyle: 'medium' }).format(new Date(iso)),
    duration(seconds) {
      const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
      const end = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(seconds % 60).padStart(2, '0')}`
      return hours > 0 ? `${hours}:${end}` : end
    },
    money: (amount, currency) =>
      currency === null
        ? numbers.format(Number(amount))
        : new Intl.NumberFormat(locale, { style: 'currency', currency }).format(Number(amount)),
    size: (bytes) =>
      new Intl.NumberFormat(locale, {
        ...{ style: 'unit', unit: bytes < 1e6 ? 'kilobyte' : 'megabyte', maximumFractionDigits: 1 },
      }).format(bytes / (bytes < 1e6 ? 1e3 : 1e6)),
    list: (names) => lists.format(names),
    fromNow(iso, now) {
      const seconds = (Date.parse(iso) - now) / 1000
      const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const)
      return relative.format(unit === 'second' ? 0 : Math.trunc(seconds / size), unit)
    },
    zone,
    zoneMark: (iso, timeZone) => zoneName(dates(timeZone, { timeZoneName: 'short' }), new Date(iso)) ?? timeZone,
  }
}

/** What a format calls its zone, at a moment. */
const zoneName = (format: Intl.DateTimeFormat, at?: Date): string | undefined =>
  format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value
