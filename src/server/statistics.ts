import type { ArchivedAccount } from '../archive/archived-account.js'
import type { Clock } from '../clock.js'
import type { StatisticsWork } from '../loaders/statistics/statistics-loader.js'
import { TallyKeeper } from '../statistics/tally-keeper.js'
import type { Store } from '../store/store.js'
import type { Metrics } from './observing/metrics.js'

export interface StatisticsUpkeepOptions {
  /** All accounts that are served now. */
  readonly accounts: () => readonly ArchivedAccount[]
  readonly find: (key: string) => ArchivedAccount | null
  readonly store: Store
  readonly clock: Clock
  readonly metrics: Pick<Metrics, 'statistics'>
  /** Called when the store cannot be read or written. */
  readonly onTrouble: (error: unknown) => void
}

/** The sums that statistics stand on, kept in the background, and what each question has taken. */
export function statisticsUpkeep({ find, metrics, ...options }: StatisticsUpkeepOptions) {
  const keeper = new TallyKeeper(options)
  return {
    open: () => keeper.open(),
    close: () => keeper.close(),
    note(work: StatisticsWork): void {
      const account = find(work.accountKey)
      if (account) metrics.statistics(account, work)
      if (work.why === 'TALLIES_MISSING') keeper.wake()
    },
  }
}
