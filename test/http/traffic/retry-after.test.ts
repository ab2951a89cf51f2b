import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { defaultHttpLimits } from '../../../src/http/limits.js'
import { askedToWait, retryAfterMs } from '../../../src/http/traffic/retry-after.js'
import { cases } from '../../support/proof.js'

const { retryAfterDefaultMs, retryAfterMaximumMs } = defaultHttpLimits
/** 1994-11-06 08:49:37 UTC, a Sunday: the moment of the examples in RFC 9110 §5.6.7. */
const NOW = Date.parse('1994-11-06T08:49:37Z')

const asked = (text: string, date: string | null = new Date(NOW).toUTCString()) =>
  askedToWait(
    { status: 503, headers: { 'retry-after': text, ...(date !== null && { date }) }, body: '', receivedAt: NOW },
    defaultHttpLimits,
  )

const UNITS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number) => String(number).padStart(2, '0')

/** The three forms of RFC 9110 §5.6.7, written by hand. */
const FORMS: Readonly<Record<string, (at: Date) => string>> = {
  'IMF-fixdate': (at) => at.toUTCString(),
  'RFC 850': (at) =>
    `${DAYS[at.getUTCDay()]}, ${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${two(at.getUTCFullYear() % 100)} ${clockOf(at)} GMT`,
  asctime: (at) =>
    `${UNITS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${clockOf(at)} ${at.getUTCFullYear()}`,
}
const clockOf = (at: Date) => [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':')

describe('Retry-After', () => {
  test.each<[string, number | null]>([
    ['0', 0],
    ['17', 17_000],
    [' 17 ', 17_000],
    ['1.5', 1_500],
    ['.5', null],
    ['0.08', 80],
    ['-5', null],
    ['+5', null],
    ['1e3', null],
    ['soon', null],
    ['', null],
    ['120s', null],
    ['999999999999999999999999999', retryAfterMaximumMs],
    ['1000000000', retryAfterMaximumMs],
    ['901', retryAfterMaximumMs],
    ['30, 30', 30_000],
    ['30, 60', 60_000],
    ['Sun, 06 Nov 1994 08:49:36 GMT', 0],
    ['Sun, 06 Nov 1994 08:50:07 GMT', 30_000],
    ['Sunday, 06-Nov-94 08:50:07 GMT', 30_000],
    ['Sun Nov  6 08:50:07 1994', 30_000],
    ['Sun Nov 06 08:50:07 1994', 30_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', retryAfterMaximumMs],
    ['Sun, 06 Nov 1994 08:50:07 UTC', 30_000],
    ['Sun, 06 Nov 1994 08:50:07 +0000', 30_000],
    ['Sun, 06 Nov 1994 10:50:07 +0200', 30_000],
    ['Sun, 6 Nov 1994 08:50:07 GMT', 30_000],
    ['1994-11-06T08:50:07Z', 30_000],
    ['1994-11-06T08:50:07', 30_000],
    ['1994-11-06 08:50:07', 30_000],
    // No form of HTTP, and no reason to wait for a minute.
    ['Sun 06 Nov 1994 08:50:07 GMT', 30_000],
    ['Sun Nov  6 08:50:07 GMT 1994', 30_000],
    ['Sun Nov 06 1994 08:50:07 GMT+0000 (Coordinated Universal Time)', 30_000],
    ['Sun Nov 06 1994 10:50:07 GMT+0200', 30_000],
    ['Sun, 06 Nov 1994 08:49:00 GMT, Sun, 06 Nov 1994 08:50:07 GMT', 30_000],
    ['15, Sun, 06 Nov 1994 08:50:07 GMT', 30_000],
    ['Sun, 99 Nov 1994 08:50:07 GMT', null],
    ['Sun, 31 Nov 1994 08:50:07 GMT', null],
    ['Sun, 06 Foo 1994 08:50:07 GMT', null],
    ['Sun Nov  6 25:50:07 1994', null],
  ])('of "%s" asks for %s ms', (text, wait) => {
    expect(asked(text)).toBe(wait)
    expect(
      retryAfterMs(
        { status: 503, headers: { 'retry-after': text, date: new Date(NOW).toUTCString() }, body: '', receivedAt: NOW },
        defaultHttpLimits,
      ),
    ).toBe(wait ?? retryAfterDefaultMs)
  })

  test.each([
    [1_796_205_600, 0],
    [1_796_205_630, 30_000],
    [1_796_205_630_000, 30_000],
    [1_796_292_000, retryAfterMaximumMs],
  ])('of %d is a moment, because nobody asks to be left alone for years', (moment, wait) => {
    const date = new Date(1_796_205_600_000).toUTCString()
    expect(asked(String(moment), date)).toBe(wait)
    expect(asked(String(moment), `${date}, ${date}`)).toBe(wait)
  })

  test('is a date by the clock of the provider, however it writes that, and by ours where it names none', () => {
    const at = new Date(NOW + 30_000)
    for (const form of Object.values(FORMS)) {
      expect(asked(form(at), FORMS['asctime']!(new Date(NOW - 3_600_000)))).toBe(retryAfterMaximumMs)
      expect(asked(form(at), FORMS['RFC 850']!(new Date(NOW)))).toBe(30_000)
      expect(asked(form(at), null)).toBe(30_000)
      expect(asked(form(at), 'yesterday')).toBe(30_000)
    }
  })

  test('of any moment, in each of the three forms of RFC 9110, is that moment', () => {
    const century = fc.integer({ min: NOW - 20 * 365 * 86_400_000, max: NOW + 40 * 365 * 86_400_000 })
    fc.assert(
      fc.property(century, fc.constantFrom(...Object.keys(FORMS)), (moment, form) => {
        const at = new Date(Math.floor(moment / 1000) * 1000)
        const wait = Math.min(Math.max(0, at.getTime() - NOW), retryAfterMaximumMs)
        expect(asked(FORMS[form]!(at))).toBe(wait)
      }),
      { numRuns: cases(2_000) },
    )
  })

  test('of any other text is a wait within the limits, or none', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double().map(String), fc.date({ noInvalidDate: true }).map(String)),
        (text) => {
          const wait = asked(text)
          if (wait !== null) {
            expect(wait).toBeGreaterThanOrEqual(0)
            expect(wait).toBeLessThanOrEqual(retryAfterMaximumMs)
          }
        },
      ),
      { numRuns: cases(2_000) },
    )
  })
})
