import { Counter, Gauge, type Registry } from 'prom-client'

import { readState } from '../../archive/archive-state.js'
import type { ArchivedAccount } from '../../archive/archived-account.js'
import type { StoredChange } from '../../archive/call-change.js'
import type { EventLog } from '../../store/event-log.js'

/** What is counted of archives; no label names an account. */
export interface ArchiveMetrics {
  /** Counts a look of a synchroniser. */
  archiveLook(account: Pick<ArchivedAccount, 'provider'>, result: string): void
  /** Counts the changes that a synchroniser has seen. */
  archiveChanges(account: Pick<ArchivedAccount, 'provider'>, changes: readonly Pick<StoredChange, 'kind'>[]): void
  /** Counts what statistics of an account at this provider have read. */
  statistics(account: Pick<ArchivedAccount, 'provider'>, work: StatisticsFigures): void
}

/** What the statistics of one account have read. */
export interface StatisticsFigures {
  readonly talliesRead: number
  readonly callsRead: number
  readonly why: string | null
}

/** An account as its archive is measured; absent: it has none. */
export type MeasuredArchive = Pick<ArchivedAccount, 'key' | 'workspace' | 'provider'> &
  Partial<Pick<ArchivedAccount, 'archive'>>

export interface ArchiveMetricsOptions {
  readonly accounts: () => readonly MeasuredArchive[]
  readonly log: Pick<EventLog, 'eventStream'>
  /** Wall-clock ms. */
  readonly now: () => number
}

/** How archives are kept, by this process; and how late they are, whoever keeps them. */
export function archiveMetrics(registers: Registry[], archives?: ArchiveMetricsOptions): ArchiveMetrics {
  const looks = new Counter({
    name: 'dialgraph_archive_looks_total',
    help: 'Looks at the calls of accounts with an archive, by what became of them: complete, partial (calls were left out) or failed.',
    labelNames: ['provider', 'result'],
    registers,
  })
  const changed = new Counter({
    name: 'dialgraph_archive_changes_total',
    help: 'Archived calls that were new, not as they were, or gone: CREATED, UPDATED or DELETED.',
    labelNames: ['provider', 'kind'],
    registers,
  })
  const sums = new Counter({
    name: 'dialgraph_statistics_sums_read_total',
    help: 'Quarters of an hour whose calls statistics have answered from their sums.',
    labelNames: ['provider'],
    registers,
  })
  const calls = new Counter({
    name: 'dialgraph_statistics_calls_read_total',
    help: 'Archived calls that statistics have read one by one, by why: EDGE of the time asked about, QUESTION that sums do not answer, TALLIES_MISSING that were not made yet.',
    labelNames: ['provider', 'why'],
    registers,
  })
  if (archives) watchLag(registers, archives)
  return {
    archiveLook: ({ provider }, result) => looks.inc({ provider: provider.slug, result }),
    statistics({ provider }, { talliesRead, callsRead, why }) {
      sums.inc({ provider: provider.slug }, talliesRead)
      calls.inc({ provider: provider.slug, why: why ?? 'EDGE' }, callsRead)
    },
    archiveChanges({ provider }, changes) {
      for (const { kind } of changes) changed.inc({ provider: provider.slug, kind })
    },
  }
}

/** Read when Prometheus scrapes. */
function watchLag(registers: Registry[], { accounts, log, now }: ArchiveMetricsOptions): void {
  new Gauge({
    name: 'dialgraph_archive_lag_seconds',
    help: 'Seconds since the newest calls were read into the archive that is latest, of those that have been read, by provider.',
    labelNames: ['provider'],
    registers,
    async collect() {
      this.reset()
      const archived = accounts().filter(({ archive }) => archive != null)
      const lags = await Promise.all(
        archived.map(async (account) => {
          // A scrape goes on without what cannot be read; the store's trouble is told elsewhere.
          const state = await readState(log, account).catch(() => null)
          const syncedAt = state?.state.syncedAt ?? null
          const seconds = syncedAt === null ? null : Math.max(0, now() - Date.parse(syncedAt)) / 1_000
          return { provider: account.provider.slug, seconds }
        }),
      )
      const latest = new Map<string, number>()
      for (const { provider, seconds } of lags)
        if (seconds !== null) latest.set(provider, Math.max(seconds, latest.get(provider) ?? 0))
      for (const [provider, seconds] of latest) this.set({ provider }, seconds)
    },
  })
}
