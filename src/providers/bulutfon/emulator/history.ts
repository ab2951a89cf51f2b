import type { CallHistory } from '../../../emulator/history/history.js'
import type { EmulatorClock } from '../../../emulator/emulator.js'
import type { StoryCall } from '../../../emulator/story.js'
import type { AccountName, Company } from './companies.js'
import type { BulutfonKnobs } from './knobs.js'

export interface HistoryOptions {
  readonly companies: () => Readonly<Record<AccountName, Company>>
  readonly knobs: BulutfonKnobs
  readonly clock: Pick<EmulatorClock, 'now'>
  /** A call that comes in while the log is read. */
  readonly missedCall: (company: Company, at: number) => Omit<StoryCall, 'id'>
}

/** The company's call log, and what the knobs do to every log while it is read. */
export interface KeptHistory extends CallHistory {
  /** A page of calls was served. */
  served(company: Company): void
  /** Deletes what is older than the retention. */
  expire(): void
  reset(): void
}

export function createHistory({ companies, knobs, clock, missedCall }: HistoryOptions): KeptHistory {
  const log = () => companies().company.calls
  let act: (() => void) | null = null

  function expire(): void {
    if (knobs.retentionDays === null) return
    const oldest = clock.now() - knobs.retentionDays * DAY
    for (const { calls } of Object.values(companies())) {
      const kept = calls.all.findIndex(({ startedAt }) => startedAt >= oldest)
      calls.remove(calls.all.slice(0, kept < 0 ? undefined : kept).map(({ uuid }) => uuid))
    }
  }

  return {
    shows: { price: true, furtherRows: false },
    get office() {
      return companies().company.office
    },
    calls: () => log().all.map(({ uuid, ...story }) => ({ id: uuid, rows: [uuid], story })),
    add: (call) => log().add(call).uuid,
    change: (uuid, change) => log().change(uuid, change),
    extend(uuid) {
      throw new RangeError(`The call ${uuid} has one row: Bulutfon writes no further ones`)
    },
    remove: (uuids) => log().remove(uuids),
    afterPage: (wanted) => void (act = wanted),
    served(company) {
      for (let call = 0; call < knobs.callsPerPage; call += 1) company.calls.add(missedCall(company, clock.now()))
      company.calls.remove(company.calls.all.slice(0, knobs.deletionsPerPage).map(({ uuid }) => uuid))
      expire()
      if (company.account === 'company') act?.()
    },
    expire,
    reset() {
      act = null
      expire()
    },
  }
}

const DAY = 24 * 60 * 60 * 1000
