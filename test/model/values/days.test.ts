import { describe, expect, test } from '@jest/globals'

import { dayOf, daysLater, endOf, lengthOf, startOf } from '../../../src/model/values/days.js'

const HOUR = 60 * 60_000

describe('days of a zone', () => {
  test.each(['Europe/Prague', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia', 'America/Sao_Paulo', 'UTC'])(
    'are those of its calendar: %s',
    (timeZone) => {
      const calendar = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
      for (let time = Date.UTC(2010, 11, 28); time < Date.UTC(2012, 0, 3); time += 7.4 * HOUR) {
        const day = dayOf(time, timeZone)
        expect(day).toBe(calendar.format(time))
        expect(startOf(day, timeZone)).toBeLessThanOrEqual(time)
        expect(endOf({ first: day, last: day }, timeZone)).toBeGreaterThan(time)
      }
    },
  )

  test('are counted over months, leap years and changes of the clocks', () => {
    expect(daysLater('2028-02-28', 2)).toBe('2028-03-01')
    expect(daysLater('2026-01-01', -1)).toBe('2025-12-31')
    expect(lengthOf({ first: '2026-03-28', last: '2026-03-30' })).toBe(3)
    expect(lengthOf({ first: '2026-03-28', last: '2026-03-28' })).toBe(1)
    expect(endOf({ first: '2026-03-29', last: '2026-03-29' }, 'Europe/Prague')).toBe(Date.UTC(2026, 2, 29, 22))
  })
})
