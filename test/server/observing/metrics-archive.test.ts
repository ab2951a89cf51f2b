import { expect, test } from '@jest/globals'

import type { Store } from '../../../src/store/store.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { MeasuredArchive } from '../../../src/server/observing/metrics-archive.js'
import { createMetrics } from '../../../src/server/observing/metrics.js'
import { changeArchive, serveArchives } from '../archive/archived-calls.js'

const NOW = Date.parse('2026-03-11T12:00:00.000Z')
const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString()
const archive = { sinceMs: 1, everySeconds: 60, recheckMs: 1, retentionMs: 1, sealed: false }
const account = (key: string, slug: string, settings: MeasuredArchive['archive'] = archive) =>
  ({ key, workspace: 'default', provider: { slug }, archive: settings }) as MeasuredArchive

const metricsOf = (store: Pick<Store, 'eventStream'>, accounts: readonly MeasuredArchive[]) =>
  createMetrics({
    ...{ accounts: () => [], providerOf: () => null, wholeProcess: false },
    archives: { accounts: () => accounts, log: store, now: () => NOW },
  })
const figures = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith('dialgraph_archive_'))

test('looks and changes are counted, by provider', async () => {
  const metrics = metricsOf(memoryStore(), [])
  metrics.archiveLook(account('izmir', 'bulutfon'), 'complete')
  metrics.archiveLook(account('praha', 'ipex'), 'failed')
  metrics.archiveChanges(account('izmir', 'bulutfon'), [{ kind: 'CREATED' }, { kind: 'CREATED' }, { kind: 'DELETED' }])
  expect(await figures(metrics)).toEqual([
    'dialgraph_archive_looks_total{provider="bulutfon",result="complete"} 1',
    'dialgraph_archive_looks_total{provider="ipex",result="failed"} 1',
    'dialgraph_archive_changes_total{provider="bulutfon",kind="CREATED"} 2',
    'dialgraph_archive_changes_total{provider="bulutfon",kind="DELETED"} 1',
  ])
})

test('how late the latest archive is, is shown by provider, of those that have been read', async () => {
  const store = memoryStore()
  const accounts = [
    account('izmir', 'bulutfon'),
    account('ankara', 'bulutfon'),
    account('never', 'bulutfon'),
    account('praha', 'ipex', null),
  ]
  for (const [key, seconds] of [
    ['izmir', 30],
    ['ankara', 90],
    ['praha', 500],
  ] as const)
    await changeArchive(store, { key, workspace: 'default' }, [], { syncedAt: ago(seconds) })
  expect(await figures(metricsOf(store, accounts))).toEqual(['dialgraph_archive_lag_seconds{provider="bulutfon"} 90'])
  const away = { eventStream: () => Promise.reject(new Error('away')) }
  expect(await figures(metricsOf(away, accounts))).toEqual([])
})

test('a server counts the looks of its archives', async () => {
  const served = await serveArchives(memoryStore())
  try {
    let text = ''
    while (!/dialgraph_archive_looks_total\{provider="bulutfon"/.test(text))
      text = await (await fetch(`${served.server.url}/metrics`)).text()
    expect(text).toContain('dialgraph_archive_changes_total{provider="bulutfon",kind="CREATED"}')
    expect(text).toContain('dialgraph_archive_lag_seconds{provider="bulutfon"}')
  } finally {
    await served.close()
  }
}, 60_000)
