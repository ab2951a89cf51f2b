import type { ArchivedAccount } from '../archive/archived-account.js'
import { heldCalls } from '../archive/held-calls.js'
import { stretchesOf } from '../archive/stretches.js'
import type { ReadArchive } from '../archive/archive-view.js'
import { hasCallLog } from '../live/live-account.js'
import { startOf } from '../loaders/calls/order.js'
import type { Operation } from '../operation.js'
import type { ExportGap, ExportRequest, PlannedAccount } from './state.js'

/** Looks of an archive that may be missed before its newest calls are said to be missing. */
const MISSED_LOOKS = 3

export interface PlanOptions {
  readonly accounts: readonly ArchivedAccount[]
  readonly request: ExportRequest
  readonly store: ReadArchive['store']
  readonly operation: Operation
  /** Wall-clock ms. */
  readonly now: () => number
}

/** Where the calls of each account come from, and what no archive has. */
export interface ExportPlan {
  readonly accounts: readonly PlannedAccount[]
  readonly gaps: readonly ExportGap[]
}

/** Decides once for all: what archives cover may change while the file is written. */
export async function planExport({ accounts, request, store, operation, now }: PlanOptions): Promise<ExportPlan> {
  const planned = await Promise.all(accounts.map(planAccount))
  return { accounts: planned.map(({ account }) => account), gaps: planned.flatMap(({ gaps }) => gaps) }

  async function planAccount(
    account: ArchivedAccount,
  ): Promise<{ readonly account: PlannedAccount; readonly gaps: readonly ExportGap[] }> {
    const { key, archive } = account
    const nothing = { key, from: 'NOTHING', covered: [], staleSeconds: null } as const
    if (!hasCallLog(account)) return { account: nothing, gaps: [] }
    if (request.fromProvider) return { account: { ...nothing, from: 'PROVIDER' }, gaps: [] }
    if (archive === null)
      return { account: nothing, gaps: [gap(key, null, null, NO_ARCHIVE, 'CAPABILITY_UNSUPPORTED')] }
    const { covered, syncedAt, lastError } = await heldCalls(account, store, operation, now)
    const staleSeconds = syncedAt === null ? null : Math.max(0, Math.floor((now() - Date.parse(syncedAt)) / 1_000))
    const { from = null, until = null } = request.filter.startedAt ?? {}
    const lateMs = MISSED_LOOKS * archive.everySeconds * 1_000
    const gaps = stretchesOf(covered, { from, until }, 'DESC').flatMap((stretch) => {
      if (stretch.of === 'ARCHIVE') return []
      if (stretch.of === 'PROVIDER' || syncedAt === null)
        return gap(key, stretch.from, stretch.until, NOT_FETCHED, lastError)
      const end = stretch.until ?? new Date(now()).toISOString()
      if (Date.parse(end) <= Date.parse(syncedAt) + lateMs) return []
      return gap(key, stretch.from, stretch.until, NOT_LOOKED, lastError)
    })
    return { account: { key, from: 'ARCHIVE', covered, staleSeconds }, gaps }
  }
}

function gap(
  account: string,
  from: string | null,
  until: string | null,
  message: string,
  code: ExportGap['code'],
): ExportGap {
  return {
    account,
    start: until === null ? null : startOf(until),
    end: from === null ? null : startOf(from),
    code,
    message,
  }
}

const NO_ARCHIVE =
  'The account has no archive; `fromProvider: true` walks its provider instead, and `archive` in the configuration gives it one.'
const NOT_FETCHED = 'The archive does not have this time; `fromProvider: true` asks the provider for it.'
const NOT_LOOKED = 'The archive has not looked at these newest calls; `fromProvider: true` asks the provider for them.'
