import { useMemo } from 'react'

import { localeOf, useLanguage } from './language.js'

/** Dates and numbers as the reader's language writes them. */
export interface Formats {
  readonly locale: string
  /** 1,204 */
  number(value: number): string
  /** 43 % */
  percent(share: number): string
  /** 11 Feb 2026, 11:31 Istanbul: the wall clock of a zone, and its name. */
  moment(iso: string, timeZone: string): string
  /** 11 Feb 2026, 11:31:07, the wall clock of a zone, without its name. */
  exactMoment(iso: string, timeZone: string): string
  /** 3 minutes ago, in 2 hours. */
  fromNow(iso: string, now: number): string
  /** The name of a zone. */
  zone(timeZone: string): string
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
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const dates = (timeZone: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const zone = (timeZone: string) =>
    dates(timeZone, { timeZoneName: 'shortGeneric' })
      .formatToParts(0)
      .find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
  return {
    locale,
    number: (value) => numbers.format(value),
    percent: (share) => percents.format(share),
    moment: (iso, timeZone) =>
      `${dates(timeZone, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))} ${zone(timeZone)}`,
    exactMoment: (iso, timeZone) => dates(timeZone, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso)),
    fromNow(iso, now) {
      const seconds = (Date.parse(iso) - now) / 1000
      const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const)
      return relative.format(unit === 'second' ? 0 : Math.trunc(seconds / size), unit)
    },
    zone,
  }
}
