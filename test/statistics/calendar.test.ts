import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'

import { Calendar } from '../../src/statistics/calendar.js'
import { cases } from '../support/proof.js'

const PERIODS = ['HOUR', 'DAY', 'WEEK', 'MONTH'] as const
const QUARTER_MS = 15 * 60_000

/** The same, by the calendar that the language is to have. */
function byTemporal(zone: string, moment: number) {
  const time = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone)
  const day = time.toPlainDate()
  const first = { DAY: day, WEEK: day.subtract({ days: day.dayOfWeek - 1 }), MONTH: day.with({ day: 1 }) }
  const startOf = (period: keyof typeof first) => first[period].toZonedDateTime(zone).epochMilliseconds
  return {
    HOUR: time.round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds,
    ...{ DAY: startOf('DAY'), WEEK: startOf('WEEK'), MONTH: startOf('MONTH') },
    ...{ hourOfDay: time.hour, dayOfWeek: time.dayOfWeek - 1 },
  }
}

const byCalendar = (calendar: Calendar, moment: number) => ({
  ...Object.fromEntries(PERIODS.map((period) => [period, calendar.startOf(period, moment)])),
  ...{ hourOfDay: calendar.hourOfDay(moment), dayOfWeek: calendar.dayOfWeek(moment) },
})

/** Every quarter of an hour of some days. */
const quarters = (from: string, days: number): readonly number[] =>
  Array.from({ length: days * 96 }, (_, index) => Date.parse(from) + index * QUARTER_MS)

describe('the calendar of a zone', () => {
  test.each([
    ['Europe/Prague', 'sets its clocks forward at night', '2026-03-28T12:00:00Z'],
    ['Europe/Prague', 'has an hour twice', '2026-10-24T12:00:00Z'],
    ['Australia/Lord_Howe', 'sets its clocks by half an hour', '2026-04-03T12:00:00Z'],
    ['Australia/Lord_Howe', 'sets them back', '2026-10-02T12:00:00Z'],
    ['Asia/Kathmandu', 'is five hours and three quarters ahead', '2026-02-27T12:00:00Z'],
    ['America/Santiago', 'has a day without midnight', '2026-09-05T12:00:00Z'],
    ['America/Santiago', 'has its last hour of a day twice', '2026-04-04T12:00:00Z'],
    ['America/St_Johns', 'set its clocks a minute after midnight', '2010-11-06T12:00:00Z'],
    ['Pacific/Apia', 'has skipped a day', '2011-12-28T12:00:00Z'],
    ['Pacific/Kwajalein', 'has skipped a day at the end of a week', '1993-08-19T12:00:00Z'],
    ['America/Juneau', 'had a day twice', '1867-10-17T12:00:00Z'],
    ['Africa/Casablanca', 'sets its clocks for a month', '2026-02-14T12:00:00Z'],
    ['Africa/Monrovia', 'was no whole minutes from UTC', '1972-01-05T12:00:00Z'],
    ['UTC', 'is the zone of those who name none', '2026-12-30T12:00:00Z'],
    ['Antarctica/Troll', 'sets its clocks by two hours', '2026-03-28T12:00:00Z'],
  ])('%s, which %s', (zone, _, from) => {
    const calendar = new Calendar(zone)
    const moments = quarters(from, 3)
    const wrong = moments.filter(
      (moment) => JSON.stringify(byCalendar(calendar, moment)) !== JSON.stringify(byTemporal(zone, moment)),
    )
    expect(wrong.map((moment) => new Date(moment).toISOString())).toEqual([])
  })

  test('is that of Temporal, in any zone and at any time of these centuries', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))
    const moment = fc.integer({ min: Date.parse('1975-01-01'), max: Date.parse('2060-01-01') })
    fc.assert(
      fc.property(zone, moment, (name, at) => {
        expect(byCalendar(new Calendar(name), at)).toEqual(byTemporal(name, at))
      }),
      { numRuns: cases(60) },
    )
  })

  test('knows which zones go by quarters of an hour, and when', () => {
    const goes = (zone: string, from: string, until: string) =>
      new Calendar(zone).goesBy(QUARTER_MS, Date.parse(from), Date.parse(until))
    expect(goes('Europe/Istanbul', '2026-01-01', '2027-01-01')).toBe(true)
    expect(goes('Australia/Lord_Howe', '2026-01-01', '2027-01-01')).toBe(true)
    expect(goes('Asia/Kathmandu', '2026-01-01', '2027-01-01')).toBe(true)
    expect(goes('Africa/Monrovia', '1971-01-01', '1971-06-01')).toBe(false)
    expect(goes('America/St_Johns', '2010-10-01', '2010-12-01')).toBe(false)
    expect(goes('America/St_Johns', '2026-01-01', '2027-01-01')).toBe(true)
  })

  test('that nobody has is refused', () => {
    expect(() => new Calendar('Europe/Atlantis')).toThrow(RangeError)
  })
})
