import type { StatisticsReads } from '../../statistics/account-statistics.js'
import { orUnavailable } from '../../store/reachable.js'

const METHODS = { archivedCalls: true, tallies: true, eventStream: true } satisfies Record<keyof StatisticsReads, true>

/** The same reads, whose failures tell a caller to try again. @throws ServiceUnavailable */
export const statisticsReads = (store: StatisticsReads): StatisticsReads =>
  orUnavailable(store, METHODS, 'The archive cannot be read now. Try again later.')
