import { describe, expect, test } from '@jest/globals'

import { NOTHING_YET, type ArchiveState } from '../../src/archive/archive-state.js'
import { coverageStatus, type Coverage } from '../../src/loaders/statistics/coverage.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const NOW = Date.parse('2026-03-20T12:00:00Z')
const ago = (ms: number) => new Date(NOW - ms).toISOString()

/** An archive of ten days that is looked after each minute. */
const settings = {
  ...{ sinceMs: 10 * DAY, retentionMs: 10 * DAY, everySeconds: 60, recheckMs: 2 * DAY, sealed: false },
}
const upToNow: ArchiveState = {
  ...NOTHING_YET,
  covered: [{ from: ago(11 * DAY), until: ago(MINUTE / 2) }],
  ...{ syncedAt: ago(MINUTE / 2), recheckedAt: ago(MINUTE) },
}
const lookedAt = (ms: number, more: Partial<ArchiveState> = {}): ArchiveState => ({
  ...upToNow,
  covered: [{ from: ago(11 * DAY), until: ago(ms) }],
  ...{ syncedAt: ago(ms), ...more },
})

const statusOf = (state: ArchiveState, more: Partial<Coverage> = {}) =>
  coverageStatus({
    ...{ state, settings, from: ago(9 * DAY), until: null, unsure: 0, hasLoginEnded: false, now: NOW },
    ...more,
  })

describe('statistics of an archive', () => {
  test.each<[string, ArchiveState, Partial<Coverage>, string]>([
    ['that has just looked', upToNow, {}, 'COMPLETE'],
    ['that has missed three looks', lookedAt(3 * MINUTE), {}, 'COMPLETE'],
    ['that has missed more', lookedAt(3 * MINUTE + 1), {}, 'STALE'],
    ['that has never looked', { ...upToNow, syncedAt: null }, {}, 'STALE'],
    ['whose last look failed', lookedAt(MINUTE, { lastError: 'PROVIDER_UNAVAILABLE' }), {}, 'STALE'],
    ['whose login has ended', upToNow, { hasLoginEnded: true }, 'STALE'],
    ['that is late, of a time that has not changed since', lookedAt(DAY), { until: ago(3 * DAY) }, 'COMPLETE'],
    ['that is late, of a time that may have changed', lookedAt(DAY), { until: ago(3 * DAY - 1) }, 'STALE'],
    [
      'that is late, and has not all of its older calls yet',
      { ...lookedAt(DAY), covered: [{ from: ago(5 * DAY), until: ago(DAY) }] },
      { from: ago(4 * DAY) },
      'STALE',
    ],
    [
      'of a time whose older calls are still being fetched',
      { ...upToNow, covered: [{ from: ago(5 * DAY), until: ago(MINUTE) }] },
      {},
      'PARTIAL',
    ],
    ['of a time from before there was one', upToNow, { from: ago(12 * DAY) }, 'PARTIAL'],
    ['of a time without an end or a beginning', upToNow, { from: null }, 'COMPLETE'],
    ['of a time that is yet to come', upToNow, { from: ago(-DAY), until: ago(-2 * DAY) }, 'COMPLETE'],
    ['in which nothing is yet', NOTHING_YET, {}, 'PARTIAL'],
    ['that cannot tell of all calls who took part', upToNow, { unsure: 3 }, 'PARTIAL'],
  ])('%s', (_, state, more, expected) => {
    expect(statusOf(state, more).state).toBe(expected)
  })

  test('says why it is behind, and how old the figures are', () => {
    expect(statusOf(lookedAt(90 * MINUTE, { lastError: 'PROVIDER_UNAVAILABLE' }))).toEqual({
      ...{ state: 'STALE', errorCode: 'PROVIDER_UNAVAILABLE', stalenessSeconds: 5_400 },
      message: expect.stringContaining('As of the last look'),
    })
  })

  test('says each thing that is missing', () => {
    const { message, errorCode } = statusOf(
      { ...upToNow, covered: [{ from: ago(5 * DAY), until: ago(MINUTE) }] },
      { from: ago(12 * DAY), unsure: 3 },
    )
    expect(errorCode).toBe('CAPABILITY_UNSUPPORTED')
    expect(message).toMatch(
      /^The archive keeps calls since .* still fetches older calls; .* Of 3 calls only the detail/,
    )
  })
})
