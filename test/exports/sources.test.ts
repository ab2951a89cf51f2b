import { describe, expect, test } from '@jest/globals'

import { hasGaps, sourcesOf } from '../../src/exports/sources.js'
import { beginning, NO_TALLY, type ExportRequest, type ExportState } from '../../src/exports/state.js'
import type { StoredExport } from '../../src/store/export-store.js'

const REQUEST: ExportRequest = {
  ...{ filter: {} as never, format: 'JSONL', members: ['id'], timeZone: null },
  ...{ fromProvider: true, includeManifest: false, own: null },
}
const sources = (change: Partial<ExportState>, request: Partial<ExportRequest> = {}) => {
  const plan = [{ key: 'izmir', from: 'PROVIDER', covered: [], staleSeconds: null }] as const
  const state: ExportState = { ...beginning({ ...REQUEST, ...request }, ''), plan, ...change }
  return sourcesOf({ state: JSON.stringify(state) } as StoredExport)
}

describe('what is said of an account', () => {
  test('counts what could not be read, and the file has gaps then', () => {
    const told = sources({ tallies: { izmir: { ...NO_TALLY, requests: 7, unreadable: 3, withoutDetail: 2 } } })
    expect(told).toMatchObject([{ state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE', upstreamRequests: 7 }])
    expect(told[0]!.message).toMatch(/^3 calls could not be read .* 2 calls/)
    expect(hasGaps(told)).toBe(true)
  })

  test('has no figure of calls that may be of others, for who sees one line alone', () => {
    const tallies = { izmir: { ...NO_TALLY, requests: 7, unreadable: 3 } }
    const [told] = sources({ tallies }, { own: { accountKey: 'izmir', number: '1001' } })
    expect(told).toMatchObject({ state: 'PARTIAL', upstreamRequests: 0 })
    expect(told!.message).not.toMatch(/\d/)
  })

  test('is partial with a gap on one side, failed with one on both, and unsupported without a call log', () => {
    const at = { startedAt: '2026-02-11T08:00:00.000Z', account: 'izmir', id: 'x' }
    const gap = {
      account: 'izmir',
      start: null,
      end: null,
      code: 'PROVIDER_UNAVAILABLE',
      message: 'It is away.',
    } as const
    const states = [
      sources({ gaps: [{ ...gap, start: at }] }),
      sources({ gaps: [gap] }),
      sources({ plan: [{ key: 'izmir', from: 'NOTHING', covered: [], staleSeconds: null }] }),
      sources({}),
    ].map(([told]) => [told!.state, hasGaps([told!])])
    expect(states).toEqual([
      ['PARTIAL', true],
      ['FAILED', true],
      ['UNSUPPORTED', false],
      ['COMPLETE', false],
    ])
  })
})
