import { describe, expect, test } from '@jest/globals'

import { NOTHING_YET, type ArchiveState } from '../../src/archive/archive-state.js'
import { archiveProgress } from '../../src/archive/archive-status.js'
import type { ErrorCode } from '../../src/errors.js'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-11T12:00:00.000Z')
const ago = (milliseconds: number) => new Date(NOW - milliseconds).toISOString()
const settings = { sinceMs: 10 * DAY, everySeconds: 60 }

const whole: ArchiveState = {
  ...NOTHING_YET,
  covered: [{ from: ago(10 * DAY), until: ago(30_000) }],
  syncedAt: ago(30_000),
  recheckedAt: ago(30_000),
}

const progress = (state: Partial<ArchiveState>, hasLoginEnded = false) =>
  archiveProgress({ state: { ...whole, ...state }, settings, hasLoginEnded, now: NOW })

describe('an archive', () => {
  test('that has all of its time, and has looked lately, is current', () => {
    expect(progress({})).toEqual({
      state: 'CURRENT',
      lastSyncedAt: ago(30_000),
      lagSeconds: 30,
      lastError: null,
      progress: 1,
    })
  })

  test('in which nothing has been looked for yet is at the beginning', () => {
    expect(archiveProgress({ state: NOTHING_YET, settings, hasLoginEnded: false, now: NOW })).toEqual({
      state: 'BACKFILLING',
      lastSyncedAt: null,
      lagSeconds: null,
      lastError: null,
      progress: 0,
    })
  })

  test('with a hole below what it has last read is being filled, and says how far it is', () => {
    const covered = [
      { from: ago(2 * DAY), until: ago(0) },
      { from: ago(6 * DAY), until: ago(4 * DAY) },
    ]
    expect(progress({ covered })).toMatchObject({ state: 'BACKFILLING', progress: 0.4 })
    expect(progress({ covered: [{ from: ago(DAY), until: ago(0) }] })).toMatchObject({ progress: 0.1 })
  })

  test('has no hole where its first range ends: what is newer is not behind a hole, it is late', () => {
    const covered = [{ from: ago(10 * DAY), until: ago(DAY) }]
    expect(progress({ covered, syncedAt: ago(DAY) })).toMatchObject({
      state: 'BEHIND',
      progress: 1,
      lagSeconds: 86_400,
    })
  })

  test('counts nothing that is older than it goes back', () => {
    expect(progress({ covered: [{ from: ago(100 * DAY), until: ago(0) }] })).toMatchObject({ progress: 1 })
    const covered = [
      { from: ago(5 * DAY), until: ago(0) },
      { from: ago(100 * DAY), until: ago(50 * DAY) },
    ]
    expect(progress({ covered })).toMatchObject({ state: 'BACKFILLING', progress: 0.5 })
  })

  test.each([
    [180_000, 'CURRENT'],
    [180_001, 'BEHIND'],
  ])('that has not looked for %d ms of its minute is %s', (milliseconds, state) => {
    expect(progress({ syncedAt: ago(milliseconds) })).toMatchObject({ state })
  })

  test.each<[ErrorCode, string]>([
    ['PROVIDER_UNAVAILABLE', 'BEHIND'],
    ['PROVIDER_TIMEOUT', 'BEHIND'],
    ['PROVIDER_RATE_LIMITED', 'BEHIND'],
    ['PROVIDER_BAD_RESPONSE', 'BEHIND'],
    ['CREDENTIALS_UNAVAILABLE', 'BEHIND'],
    ['REAUTHORIZATION_REQUIRED', 'STOPPED'],
    ['PROVIDER_FORBIDDEN', 'STOPPED'],
    ['PROVIDER_REJECTED', 'STOPPED'],
    ['PROVIDER_MISCONFIGURED', 'STOPPED'],
  ])('whose last look failed with %s is %s', (lastError, state) => {
    expect(progress({ lastError })).toMatchObject({ state, lastError })
  })

  test('whose login has ended is stopped, whatever it has', () => {
    expect(progress({}, true)).toMatchObject({ state: 'STOPPED', lastError: null })
    expect(progress({ covered: [] }, true)).toMatchObject({ state: 'STOPPED' })
  })

  test('is never ahead of its clock', () => {
    expect(progress({ syncedAt: ago(-5_000) })).toMatchObject({ state: 'CURRENT', lagSeconds: 0 })
  })
})
