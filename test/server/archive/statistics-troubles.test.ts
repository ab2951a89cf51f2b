import { afterEach, expect, test } from '@jest/globals'

import { NOTHING_YET } from '../../../src/archive/archive-state.js'
import { toArchivedCall } from '../../../src/archive/call-change.js'
import { globalId } from '../../../src/model/id.js'
import { call } from '../../loaders/in-memory.js'
import { archiving } from '../../store/archived-calls.js'
import { as, quietStore, serveArchives } from './archived-calls.js'

const QUERY = `query ($filter: CallRecordFilter = {}) { callStatistics(filter: $filter) {
  total { calls } sources { account { key } state errorCode message stalenessSeconds } } }`

interface Answer {
  readonly data: {
    readonly callStatistics: {
      readonly total: { readonly calls: number }
      readonly sources: readonly { readonly account: { key: string } }[]
    }
  }
}
const ofIzmir = ({ data: { callStatistics } }: Answer) => ({
  calls: callStatistics.total.calls,
  ...callStatistics.sources.find(({ account: { key } }) => key === 'izmir'),
})

let served: Awaited<ReturnType<typeof serveArchives>> | null = null
afterEach(() => served?.close())

/** A server over an archive whose calls never end: each part of them is a whole one. */
async function serveEndless(operationTimeoutMs: number) {
  const store = quietStore()
  const startedAt = new Date(Date.now() - 3_600_000).toISOString()
  const calls = Array.from({ length: 500 }, (_, at) => toArchivedCall(call('izmir', `c${at}`, { startedAt })))
  const covered = [{ from: new Date(0).toISOString(), until: new Date().toISOString() }]
  await store.appendEvents(archiving(0, { put: calls }, { state: JSON.stringify({ ...NOTHING_YET, covered }) }))
  const reads = { count: 0, reached: () => {} }
  const endless = {
    ...store,
    async archivedCalls() {
      reads.count += 1
      if (reads.count === 3) reads.reached()
      return calls
    },
  }
  const third = new Promise<void>((resolve) => (reads.reached = resolve))
  served = await serveArchives(endless, '1001', { operationTimeoutMs })
  return { server: served, reads, third }
}

/** Resolves when nothing is read any more. */
async function quiet(reads: { readonly count: number }): Promise<void> {
  for (let before = -1; before !== reads.count;) {
    before = reads.count
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
  }
}

test('statistics for which calls are read end when the time of the operation is over, and say so', async () => {
  const { server, reads } = await serveEndless(300)
  expect(ofIzmir(await server.ask(QUERY))).toMatchObject({ state: 'FAILED', errorCode: 'PROVIDER_TIMEOUT', calls: 0 })
  await quiet(reads)
})

test('statistics for which calls are read end when the caller leaves', async () => {
  const { server, reads, third } = await serveEndless(60_000)
  const leaving = new AbortController()
  const asked = fetch(`${server.server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as('board') },
    body: JSON.stringify({ query: QUERY }),
    signal: leaving.signal,
  })
  await third
  leaving.abort()
  await expect(asked).rejects.toThrow()
  await quiet(reads)
})

test('while a provider is down, its archive answers as of its last look, but for what is looked up there', async () => {
  const store = quietStore()
  const lookedAt = new Date(Date.now() - 600_000).toISOString()
  const startedAt = new Date(Date.now() - 3_600_000).toISOString()
  const state = {
    ...{ ...NOTHING_YET, syncedAt: lookedAt, lastError: 'PROVIDER_UNAVAILABLE' },
    covered: [{ from: new Date(0).toISOString(), until: lookedAt }],
  }
  const put = [toArchivedCall(call('izmir', 'c1', { startedAt }))]
  await store.appendEvents(archiving(0, { put }, { state: JSON.stringify(state) }))
  served = await serveArchives(store, '1001', { attempts: 1, cacheBytes: 0 })
  served.emulator('bulutfon').faults.next({ status: 503, times: Infinity })
  const { stalenessSeconds, ...izmir } = ofIzmir(await served.ask(QUERY)) as { readonly stalenessSeconds?: number }
  expect(izmir).toMatchObject({ calls: 1, state: 'STALE', errorCode: 'PROVIDER_UNAVAILABLE' })
  expect(stalenessSeconds).toBeGreaterThanOrEqual(600)
  const filter = { extensionIds: [globalId('Extension', 'izmir', '1001')] }
  expect(ofIzmir(await served.ask(QUERY, { filter }))).toMatchObject({
    ...{ calls: 0, state: 'FAILED', errorCode: 'PROVIDER_UNAVAILABLE' },
  })
})
