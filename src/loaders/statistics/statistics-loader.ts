import type { ArchivedAccount } from '../../archive/archived-account.js'
import { NOTHING_YET } from '../../archive/archive-state.js'
import { Bulkhead } from '../../bulkhead.js'
import { AppError, InvalidInput, ProviderError, ServiceUnavailable } from '../../errors.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import type { SourceStatus } from '../../model/source-status.js'
import type { Operation } from '../../operation.js'
import {
  accountStatistics,
  type AccountAnswer,
  type AccountQuestion,
  type StatisticsReads,
} from '../../statistics/account-statistics.js'
import { StatisticsTable, type StatisticsRow } from '../../statistics/statistics-table.js'
import type { Figures } from '../../statistics/figures.js'
import type { AccountLoader } from '../account-loader.js'
import { whyNoArchive } from '../archive/archive-loader.js'
import { demandOf, isImpossible, type CallCriteria, type CallDemand } from '../calls/demand.js'
import { mayTakePart, requiredParticipants } from '../calls/participants.js'
import { failureStatus } from '../failure-status.js'
import { extensionWithNumber, type BoundExtension, type Loaders } from '../loaders.js'
import { ownLine } from '../live/call-criteria.js'
import { accountQuestion } from './account-question.js'
import { coverageStatus } from './coverage.js'
import { ParticipantObjects } from './participant-objects.js'
import { calendarOf, groupingOf, type StatisticsDimension } from './question.js'

export interface StatisticsRequest {
  readonly criteria: CallCriteria
  readonly groupBy: readonly StatisticsDimension[]
  /** IANA name. */
  readonly timeZone: string
  /** How many rows, at most. */
  readonly first: number
}

/** A row with the objects its calls have in common; null where rows are not told apart by them. */
export interface FoundRow {
  readonly place: StatisticsRow['place']
  readonly figures: Figures
  readonly account: AccountLoader | null
  readonly extension: Extension | null
  readonly group: Group | null
  readonly did: Did | null
}

export interface FoundStatistics {
  readonly rows: readonly FoundRow[]
  readonly total: Figures
  readonly truncated: boolean
  readonly sources: readonly SourceStatus[]
}

/** Each may have many rows, which are held until they are added to those of all. */
const ACCOUNTS_AT_ONCE = 4

/** What one account took, for `explain` and metrics. */
export interface StatisticsWork {
  readonly accountKey: string
  /** Quarters of an hour whose sums were read, and calls that were read one by one. */
  readonly talliesRead: number
  readonly callsRead: number
  /** Why calls were read; null where sums answered all but the edges of the time. */
  readonly why: 'TALLIES_MISSING' | 'QUESTION' | null
}

export interface StatisticsLoaderOptions {
  readonly store: StatisticsReads
  readonly loaders: Loaders
  readonly operation: Operation
  readonly own: BoundExtension | null
  /** Wall-clock ms. */
  readonly now: () => number
  /** Called with what each account took. */
  readonly onWork: (work: StatisticsWork) => void
}

/** What is asked of all accounts. */
interface Asked extends Pick<AccountQuestion, 'grouping' | 'calendar'> {
  readonly demand: CallDemand
  readonly objects: ParticipantObjects
  /** Aborted where another account has more than can be answered. */
  readonly givenUp: AbortSignal
}

/** What each account of an answer gave. */
interface Part {
  readonly table: StatisticsTable | null
  readonly source: SourceStatus
}

/** Statistics of the archives of a workspace, for one operation. */
export class StatisticsLoader {
  readonly #options: StatisticsLoaderOptions

  constructor(options: StatisticsLoaderOptions) {
    this.#options = options
  }

  /** @throws InvalidInput for two periods, a zone that nobody has, and for far too many rows */
  async read({ criteria, groupBy, timeZone, first }: StatisticsRequest): Promise<FoundStatistics> {
    const { loaders, own } = this.#options
    const [grouping, calendar] = [groupingOf(groupBy), calendarOf(timeZone)]
    const demand = demandOf(own ? [await this.#ownCalls(own), criteria] : [criteria])
    const asked = [...loaders.accounts.values()].filter(
      ({ account: { key } }) => demand.accounts?.includes(key) ?? true,
    )
    const objects = new ParticipantObjects()
    const table = new StatisticsTable(grouping, calendar)
    const atOnce = new Bulkhead(ACCOUNTS_AT_ONCE)
    const giveUp = new AbortController()
    const read = async (account: AccountLoader) => {
      const part = await this.#part(account, { demand, grouping, calendar, objects, givenUp: giveUp.signal })
      if (part.table) table.addTable(part.table)
      return part.source
    }
    const sources = await Promise.all(asked.map((account) => atOnce.run(() => read(account)))).catch(
      (error: unknown) => {
        giveUp.abort(error)
        throw error
      },
    )
    const rows = table.rows()
    return {
      rows: rows.slice(0, first).map((row) => this.#found(row, objects)),
      total: table.total,
      truncated: rows.length > first,
      sources,
    }
  }

  async #part(account: AccountLoader, asked: Asked): Promise<Part> {
    const { key } = account.account
    const missing = whyNoArchive(account)
    const status = (explanation: Partial<SourceStatus>) => ({
      table: null,
      source: { ...NO_STATUS, accountKey: key, ...explanation },
    })
    if (missing !== null) return status({ state: 'UNSUPPORTED', errorCode: 'CAPABILITY_UNSUPPORTED', message: missing })
    try {
      this.#assertAwaited(key, asked.givenUp)
      const answer = await this.#answer(account, asked)
      const { settings, hasLoginEnded } = await this.#archiveOf(account)
      const { from, until } = asked.demand
      const state = answer?.state ?? NOTHING_YET
      const covered = {
        state,
        settings,
        from,
        until,
        unsure: this.#unsure(account, answer),
        hasLoginEnded,
        now: this.#options.now(),
      }
      return { ...status(answer ? coverageStatus(covered) : {}), table: answer?.table ?? null }
    } catch (error) {
      if (!isOfTheAccount(error)) throw error
      return status({ state: 'FAILED', ...failureStatus(error) })
    }
  }

  /** Null where no call of the account can belong to the answer. */
  async #answer(account: AccountLoader, { demand, objects, givenUp, ...asked }: Asked): Promise<AccountAnswer | null> {
    const { store, own, onWork } = this.#options
    const { key } = account.account
    if (isImpossible(demand) || !mayTakePart(demand, key)) return null
    const required = await requiredParticipants(demand, key, account)
    if (!required) return null
    const line = own && (await ownLine(account, own))
    const question = accountQuestion(account, {
      ...{ ...asked, demand, required, store, line },
      resolve: (kind, participants) => objects.resolve(account, kind, participants),
      assertAwaited: () => this.#assertAwaited(key, givenUp),
    })
    const answer = await accountStatistics(question)
    const { talliesRead, callsRead, lacksTallies } = answer
    const why = question.tallied === null ? 'QUESTION' : lacksTallies ? 'TALLIES_MISSING' : null
    onWork({ accountKey: key, talliesRead, callsRead, why })
    return answer
  }

  /** Of calls of others nothing may show: who sees its own alone is told what may be, whatever there is. */
  #unsure(account: AccountLoader, answer: AccountAnswer | null): number | null {
    if (!this.#options.own) return answer?.unsure ?? 0
    return account.open().callRecords?.detail ? null : 0
  }

  async #archiveOf({ account }: AccountLoader) {
    const archived = account as ArchivedAccount
    const { status } = await archived.authorization()
    return { settings: archived.archive!, hasLoginEnded: status === 'REAUTHORIZATION_REQUIRED' }
  }

  async #ownCalls(own: BoundExtension): Promise<CallCriteria> {
    const extension = await extensionWithNumber(this.#options.loaders.accounts, own)
    return { extensionIds: extension ? [extension.id] : [] }
  }

  #found({ place, figures }: StatisticsRow, objects: ParticipantObjects): FoundRow {
    const account = place.account === null ? null : this.#options.loaders.account(place.account)
    return {
      ...{ place, figures, account },
      extension: objects.found(place.extension) as Extension | null,
      group: objects.found(place.group) as Group | null,
      did: objects.found(place.did) as Did | null,
    }
  }

  #assertAwaited(key: string, givenUp: AbortSignal): void {
    const signal = [this.#options.operation.signal, givenUp].find(({ aborted }) => aborted)
    if (!signal) return
    throw new ProviderError('PROVIDER_TIMEOUT', `Statistics of ${key} were given up because the operation ended`, {
      reason: 'OPERATION_ENDED',
      cause: signal.reason,
    })
  }
}

const NO_STATUS: Omit<SourceStatus, 'accountKey'> = {
  ...{ state: 'COMPLETE', errorCode: null, message: null, retryAfterSeconds: null, stalenessSeconds: null },
  ...{ upstreamRequests: 0, pushedDown: [], residual: [], gap: null },
}

/** The list of an account that cannot be read is its own failure; a store that cannot is everybody's. */
const isOfTheAccount = (error: unknown): boolean =>
  error instanceof AppError && !(error instanceof InvalidInput) && !(error instanceof ServiceUnavailable)
