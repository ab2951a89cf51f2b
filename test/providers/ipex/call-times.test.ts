import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { at, callOf } from './told-rows.js'
import { cases } from '../../support/proof.js'

const taken = { line: '0201', says: 'ANSWERED' }

describe('The times of a call', () => {
  test.each([
    [
      'billed seconds',
      { ...taken, from: 0, until: 40, talk: null },
      { answeredAt: null, talkSeconds: null, waitSeconds: null },
    ],
    [
      'billed seconds that can be read',
      { ...taken, from: 0, until: 40, billsec: 'soon' },
      { answeredAt: null, talkSeconds: null },
    ],
    [
      'an end and a duration',
      { ...taken, from: 0, talk: 5 },
      { endedAt: null, durationSeconds: null, answeredAt: null },
    ],
    [
      'an end after its start',
      { line: '1', from: 10, endTime: at(4) },
      { endedAt: null, durationSeconds: null, waitSeconds: null },
    ],
    [
      'an end on any calendar',
      { line: '1', from: 0, endTime: '0000-00-00 00:00:00' },
      { endedAt: null, durationSeconds: null },
    ],
  ])('are unknown, and no zero, without %s', (_, row, times) => {
    expect(callOf(row)).toMatchObject(times)
  })

  test('of several rows are unknown where one row might have decided them', () => {
    const rows = [
      { line: '0202', from: 0, until: 9 },
      { ...taken, from: 9, until: 60, talk: null },
    ]
    expect(callOf(...rows)).toMatchObject({ endedAt: at(60), answeredAt: null, talkSeconds: null, waitSeconds: null })
    expect(callOf({ ...taken, from: 0, until: 9, talk: 4 }, { line: '0202', from: 9 })).toMatchObject({
      ...{ endedAt: null, durationSeconds: null, talkSeconds: 4, answeredAt: at(5) },
    })
  })

  test.each([
    ['an end at the start', { until: 0, duration: 25, talk: 12 }, { end: 25, duration: 25, wait: 13, talk: 12 }],
    ['an end before the start', { until: -30, duration: 25, talk: 5 }, { end: 25, duration: 25, wait: 20, talk: 5 }],
    ['an end too early', { until: 7, duration: 25, talk: 25 }, { end: 25, duration: 25, wait: 0, talk: 25 }],
    ['a duration too short', { until: 90, duration: 4, talk: 60 }, { end: 90, duration: 90, wait: 30, talk: 60 }],
    [
      'more billed than it lasted',
      { until: 10, duration: 10, talk: 400 },
      { end: 10, duration: 10, wait: 0, talk: 10 },
    ],
    ['a second cut off', { until: 8, duration: 7, talk: 5 }, { end: 8, duration: 7, wait: 2, talk: 5 }],
  ])(
    'that disagree by %s are the later end, and no more talk than the call',
    (_, row, { end, duration, wait, talk }) => {
      expect(callOf({ ...taken, from: 0, ...row })).toMatchObject({
        ...{ endedAt: at(end), durationSeconds: duration, waitSeconds: wait, talkSeconds: talk },
      })
    },
  )

  test('are in order, and waiting and talking together are never longer than the call', () => {
    const row = fc.record(
      {
        from: fc.integer({ min: 0, max: 100 }).map((half) => half / 2),
        until: fc.integer({ min: -20, max: 300 }).map((half) => half / 2),
        duration: fc.option(fc.integer({ min: 0, max: 150 })),
        talk: fc.option(fc.integer({ min: 0, max: 200 })),
        says: fc.constantFrom('ANSWERED', 'NO ANSWER'),
        line: fc.constantFrom('', '0201', '0202'),
        channel: fc.nat(3),
      },
      { requiredKeys: ['from', 'talk', 'says', 'line', 'channel'] },
    )
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        const { startedAt, answeredAt, endedAt, durationSeconds, waitSeconds, talkSeconds } = callOf(...rows)
        const times = [startedAt, answeredAt, endedAt].filter((time) => time !== null)
        expect(times).toEqual([...times].sort())
        if (durationSeconds === null) expect(endedAt).toBeNull()
        else expect((waitSeconds ?? 0) + (talkSeconds ?? 0)).toBeLessThanOrEqual(durationSeconds)
        for (const time of [durationSeconds, waitSeconds, talkSeconds]) expect(time ?? 0).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: cases(2_000) },
    )
  })
})
