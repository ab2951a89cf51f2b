import { describe, expect, test } from '@jest/globals'

import { freshnessDemand, readingDemand } from '../../../src/server/endpoint/reading-demand.js'

const ANY = Infinity

describe('a request says how fresh its answer must be', () => {
  test.each<[string | undefined, object | null]>([
    [undefined, null],
    ['', null],
    ['no-transform, only-if-cached', null],
    ['no-cache', { maxAgeMs: 0, staleMs: 0, keep: true }],
    ['No-Cache', { maxAgeMs: 0, staleMs: 0, keep: true }],
    ['max-age=0', { maxAgeMs: 0, staleMs: 0, keep: true }],
    ['max-age=30', { maxAgeMs: 30_000, staleMs: 0, keep: true }],
    ['max-age="30"', { maxAgeMs: 30_000, staleMs: 0, keep: true }],
    [' max-age = 30 , no-transform', { maxAgeMs: 30_000, staleMs: 0, keep: true }],
    ['no-cache, max-age=30', { maxAgeMs: 0, staleMs: 0, keep: true }],
    ['no-store', { maxAgeMs: 0, staleMs: 0, keep: false }],
    ['max-age=30, stale-if-error=600', { maxAgeMs: 30_000, staleMs: 600_000, keep: true }],
    ['no-cache, max-stale', { maxAgeMs: 0, staleMs: ANY, keep: true }],
    ['max-stale=60', { maxAgeMs: ANY, staleMs: 60_000, keep: true }],
    ['stale-if-error=0', { maxAgeMs: ANY, staleMs: 0, keep: true }],
    // Who writes nonsense cares for something: nothing old is given.
    ['max-age', { maxAgeMs: 0, staleMs: 0, keep: true }],
    ['max-age=soon', { maxAgeMs: 0, staleMs: 0, keep: true }],
    ['max-age=-1', { maxAgeMs: 0, staleMs: 0, keep: true }],
    ['max-age=1e9', { maxAgeMs: 0, staleMs: 0, keep: true }],
    ['max-age=99999999999', { maxAgeMs: 0, staleMs: 0, keep: true }],
  ])('by Cache-Control: %p', (header, demand) => {
    expect(freshnessDemand(header)).toEqual(demand)
  })

  test('and nothing is noted down for who does not ask to have it explained', () => {
    expect(readingDemand({})).toEqual({})
    expect(readingDemand({ 'x-dialgraph-explain': '1' }).journal).toEqual({ reads: [], tokenRequests: [], pending: [] })
  })
})
