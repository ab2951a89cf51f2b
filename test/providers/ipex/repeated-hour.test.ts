import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { CallRecord } from '../../../src/model/call-record.js'
import { repeatedInstant } from '../../../src/model/values/date-time.js'
import { ipexCallLog } from '../../../src/providers/ipex/call-log.js'
import { readRow } from '../../../src/providers/ipex/call-rows.js'
import { toCallRecord } from '../../../src/providers/ipex/map/call-record.js'
import type { CallFilter } from '../../../src/providers/provider.js'
import { ACCOUNT, READ_AT } from './told-rows.js'
import { SimulatedLog } from './simulated-log.js'
import { cases } from '../../support/proof.js'

const ZONE = 'Europe/Prague'
const MINUTE = 60_000
/** 25 October 2026, 02:00 for the first time. */
const FIRST_TWO = Date.UTC(2026, 9, 25)
const EVERYTHING: CallFilter = {
  ...{ from: null, until: null, directions: null, dispositions: null, kinds: null },
  ...{ numbers: null, callerNumbers: null, calleeNumbers: null, extensionNumbers: null },
}

/** A log that writes times as a clock on the wall in Prague. */
function wallLog(minutes: readonly number[], ids: 'timed' | 'plain'): SimulatedLog {
  const table = new SimulatedLog({ inclusive: true, wholeSeconds: false, random: () => 0, wallClock: ZONE })
  for (const [index, minute] of minutes.entries()) {
    const start = FIRST_TWO + minute * MINUTE
    const id = ids === 'timed' ? `${start / 1000}.${index}` : `call-${index}`
    table.rows.push({ linkedid: id, uniqueid: id, start, end: start + MINUTE, src: '605222333', dst: '530540550' })
  }
  return table
}

async function startsOf(table: SimulatedLog, order: 'ASC' | 'DESC', maxPageSize: number): Promise<string[]> {
  const settings = { url: 'http://ipex.test/calls', always: {}, timeZone: ZONE, sortColumn: 'calldate' }
  const log = ipexCallLog(
    table.rest,
    { ...settings, maxPageSize, numberMatch: 'equal' },
    ACCOUNT,
    async () => new Set(),
  )
  const calls: CallRecord[] = []
  const query = { order, after: null, hint: null, filter: EVERYTHING, expected: 3 }
  for await (const page of log.pages(query)) calls.push(...page.calls)
  return calls.map(({ startedAt }) => startedAt)
}

const iso = (minute: number) => new Date(FIRST_TWO + minute * MINUTE).toISOString()

describe('The night the clocks go back', () => {
  test.each([
    ['2026-10-25T02:30:00', 'Europe/Prague', '2026-10-25T01:30:00.000Z'],
    ['2026-10-25 02:00:00', 'Europe/Prague', '2026-10-25T01:00:00.000Z'],
    ['2026-11-01T01:59:59', 'America/New_York', '2026-11-01T06:59:59.000Z'],
    ['2026-04-05T01:45:00', 'Australia/Lord_Howe', '2026-04-04T15:15:00.000Z'],
    ['2026-10-25T03:00:00', 'Europe/Prague', null],
    ['2026-10-25T01:59:59', 'Europe/Prague', null],
    ['2026-10-24T12:00:00', 'Europe/Prague', null],
    ['2026-10-25T02:30:00+02:00', 'Europe/Prague', null],
    ['2026-03-29T02:30:00', 'Europe/Prague', null],
    ['2026-10-25T02:30:00', 'UTC', null],
    ['never', 'Europe/Prague', null],
  ])('shows %s in %s again at %s', (written, zone, instant) => {
    expect(repeatedInstant(written, zone)).toBe(instant)
  })

  test.each([
    ['10 minutes before and after it began again', [50, 65]],
    ['around it', [-30, 10, 55, 61, 100, 130]],
    ['a day around it', [-600, 20, 90, 600]],
    ['in its second time only', [-30, 62, 119, 121]],
  ])('keeps the log readable, with calls %s', async (_, minutes) => {
    for (const ids of ['timed', 'plain'] as const) {
      if (ids === 'plain' && !showsItself(minutes)) continue
      for (const maxPageSize of [1, 2, 3, 500]) {
        expect(await startsOf(wallLog(minutes, ids), 'ASC', maxPageSize)).toEqual(minutes.map(iso))
        // Where only older rows tell the two times apart, they have to be on the page.
        if (ids === 'plain' && maxPageSize < 500) continue
        expect(await startsOf(wallLog(minutes, ids), 'DESC', maxPageSize)).toEqual(minutes.map(iso).reverse())
      }
    }
  })

  test('leaves calls at the end of a page for the next one, where their time shows', async () => {
    const minutes = Array.from({ length: 260 }, (_, index) => index - 30)
    expect(await startsOf(wallLog(minutes, 'plain'), 'DESC', 2_000)).toEqual(minutes.map(iso).reverse())
  })

  test('has each call once and at its time, in any order of reading and on pages of any size', async () => {
    const minutes = fc.uniqueArray(fc.integer({ min: -90, max: 200 }), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(
        minutes,
        fc.constantFrom('ASC', 'DESC'),
        fc.integer({ min: 1, max: 40 }),
        async (told, order, size) => {
          const sorted = told.toSorted((a, b) => a - b)
          const expected = sorted.map(iso)
          expect(await startsOf(wallLog(sorted, 'timed'), order, size)).toEqual(
            order === 'ASC' ? expected : expected.reverse(),
          )
        },
      ),
      { numRuns: cases(300) },
    )
  })

  test('is read the same both ways where only the clock on the wall tells, on a page that has the night', async () => {
    const minutes = fc.uniqueArray(fc.integer({ min: -90, max: 200 }), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(minutes, fc.integer({ min: 1, max: 3 }), async (told, size) => {
        const sorted = told.toSorted((a, b) => a - b)
        const forwards = await startsOf(wallLog(sorted, 'plain'), 'ASC', 500 * size)
        expect(await startsOf(wallLog(sorted, 'plain'), 'DESC', 500 * size)).toEqual(forwards.toReversed())
        if (showsItself(sorted)) expect(forwards).toEqual(sorted.map(iso))
      }),
      { numRuns: cases(200) },
    )
  })

  test.each([
    ['02:58', '02:03', { duration: 300 }, 58, 63],
    ['02:58', '02:03', {}, 58, 63],
    ['02:20', '02:15', { duration: 3300 }, 20, 75],
    ['02:20', '02:25', { duration: 3900 }, 20, 85],
    ['01:50', '02:10', { duration: 1200 }, -10, 10],
    ['01:50', '03:10', {}, -10, 130],
  ])('lets a call of %s to %s with %j last as long as it did', (from, until, told, start, end) => {
    const wire = {
      calldate: `2026-10-25T${from}:00`,
      endTime: `2026-10-25T${until}:00`,
      linkedid: 'x',
      line: '0201',
      ...told,
    }
    const call = toCallRecord(ACCOUNT, [readRow(wire, ZONE, READ_AT)!], READ_AT)
    expect(call).toMatchObject({ startedAt: iso(start), endedAt: iso(end), durationSeconds: (end - start) * 60 })
  })
})

/** Whether the wall clock is seen to go back between the two times, so that it tells them apart. */
function showsItself(minutes: readonly number[]): boolean {
  const [first, second] = [0, 60].map((from) => minutes.filter((minute) => minute >= from && minute < from + 60))
  return second!.length === 0 || first!.some((minute) => minute > Math.max(...second!) - 60)
}
