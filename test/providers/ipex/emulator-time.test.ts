import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { isoIn, isZone, parseIso, startOfDay } from '../../../src/providers/ipex/emulator/zoned-time.js'

const moments = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) })
const zones = fc.constantFrom(
  'Europe/Prague',
  'UTC',
  'Europe/Istanbul',
  'America/St_Johns',
  'Pacific/Apia',
  'Asia/Kathmandu',
)

describe('times in a zone', () => {
  test('what is written with its offset is read back as the same moment, whatever zone reads it', () => {
    fc.assert(
      fc.property(moments, zones, zones, (time, zone, other) => {
        expect(parseIso(isoIn(zone, time, true), other)).toBe(time)
      }),
    )
  })

  test('what is written without an offset is read back in the same zone, but for the hour that happens twice', () => {
    fc.assert(
      fc.property(moments, zones, (time, zone) => {
        const read = parseIso(isoIn(zone, time, false), zone)
        expect(isoIn(zone, read as number, false)).toBe(isoIn(zone, time, false))
      }),
    )
  })

  test('a day starts at midnight of the zone, at most 25 hours before any of its moments', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom('Europe/Prague', 'UTC', 'Europe/Istanbul'), (time, zone) => {
        const start = startOfDay(zone, time)
        expect(isoIn(zone, start, false)).toBe(`${isoIn(zone, time, false).slice(0, 10)}T00:00:00.000`)
        expect(time - start).toBeGreaterThanOrEqual(0)
        expect(time - start).toBeLessThan(25 * 3600_000)
      }),
    )
  })

  test.each([
    ['winter', Date.UTC(2026, 1, 11, 8, 31, 7), '2026-02-11T09:31:07.000+01:00'],
    ['summer', Date.UTC(2026, 6, 1, 8, 0, 0), '2026-07-01T10:00:00.000+02:00'],
    ['the minute before the clocks go forward', Date.UTC(2026, 2, 29, 0, 59), '2026-03-29T01:59:00.000+01:00'],
    ['the minute after', Date.UTC(2026, 2, 29, 1, 0), '2026-03-29T03:00:00.000+02:00'],
    ['the first minute after the clocks went back', Date.UTC(2026, 9, 25, 1, 0), '2026-10-25T02:00:00.000+01:00'],
  ])('Prague writes %s with the offset that holds', (_, time, written) => {
    expect(isoIn('Europe/Prague', time, true)).toBe(written)
  })

  test.each([
    ['2026-02-11', Date.UTC(2026, 1, 10, 23)],
    ['2026-02-11T09:31', Date.UTC(2026, 1, 11, 8, 31)],
    ['2026-02-11 09:31:07', Date.UTC(2026, 1, 11, 8, 31, 7)],
    ['2026-02-11T09:31:07Z', Date.UTC(2026, 1, 11, 9, 31, 7)],
    ['2026-02-11T09:31:07.250+0100', Date.UTC(2026, 1, 11, 8, 31, 7, 250)],
    ['11.2.2026', null],
    ['2026-13-40', null],
    ['', null],
  ])('%p is read as %p', (text, time) => {
    expect(parseIso(text, 'Europe/Prague')).toBe(time)
  })

  test('a zone is what the database of zones has', () => {
    expect([isZone('Europe/Prague'), isZone('Europe/Brno'), isZone('')]).toEqual([true, false, false])
  })
})
