import type { ArchivedAccount } from '../archive/archived-account.js'
import { heldCalls } from '../archive/held-calls.js'
import { stretchesOf } from '../archive/stretches.js'
import type { ReadArchive } from '../archive/archive-view.js'
import { hasCallLog } from '../live/live-account.js'
import { startOf } from '../loaders/calls/order.js'
import type { Operation } from '../operation.js'
import type { ExportGap, ExportRequest, PlannedAccount } from './state.js'

/** Gaps of one account that are named one by one; of more, those that lie closest are named as one. */
export const MOST_GAPS = 8
const HOUR_MS = 3_600_000
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
    const { covered, syncedAt, lastError, unreadable } = await heldCalls(account, store, operation, now)
    const staleSeconds = syncedAt === null ? null : Math.max(0, Math.floor((now() - Date.parse(syncedAt)) / 1_000))
    const { from = null, until = null } = request.filter.startedAt ?? {}
    const lateMs = MISSED_LOOKS * archive.everySeconds * 1_000
    const bounds = { from, until }
    const gaps = stretchesOf(covered, bounds, 'DESC').flatMap((each) => {
      if (each.of === 'ARCHIVE') return []
      const stretch = request.own ? inWholeHours(each, bounds) : each
      if (stretch.of === 'PROVIDER' || syncedAt === null)
        return gap(key, stretch.from, stretch.until, NOT_FETCHED, lastError)
      if (unreadable > 0) return gap(key, stretch.from, stretch.until, NOT_READABLE, 'PROVIDER_BAD_RESPONSE')
      const end = stretch.until ?? new Date(now()).toISOString()
      if (Date.parse(end) <= Date.parse(syncedAt) + lateMs) return []
      return gap(key, stretch.from, stretch.until, NOT_LOOKED, lastError)
    })
    return { account: { key, from: 'ARCHIVE', covered, staleSeconds }, gaps: atMost(MOST_GAPS, gaps) }
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

/**
 * Where an archive ends is the time of a call, perhaps of another line: who sees one line alone is
 * told the hour. What the caller asked for itself stays as it is.
 */
function inWholeHours<T extends Bounds>(stretch: T, asked: Bounds): T {
  const hour = (moment: string | null, own: string | null, round: (hours: number) => number) =>
    moment === null || moment === own ? moment : new Date(round(Date.parse(moment) / HOUR_MS) * HOUR_MS).toISOString()
  const from = hour(stretch.from, asked.from, Math.floor)
  const until = hour(stretch.until, asked.until, Math.ceil)
  return {
    ...stretch,
    from: from !== null && asked.from !== null && from < asked.from ? asked.from : from,
    until: until !== null && asked.until !== null && until > asked.until ? asked.until : until,
  }
}
interface Bounds {
  readonly from: string | null
  readonly until: string | null
}

/** Gaps of one account, the newest first: of many, all but the widest spaces between them are named, too. */
function atMost(most: number, gaps: readonly ExportGap[]): readonly ExportGap[] {
  if (gaps.length <= most) return gaps
  const spaces = gaps.slice(1).map((older, at) => ({ at: at + 1, ms: millisecondsBetween(gaps[at]!, older) }))
  const widest = spaces.toSorted((left, right) => right.ms - left.ms).slice(0, most - 1)
  const begins = [0, ...widest.map(({ at }) => at).sort((left, right) => left - right)]
  return begins.map((begin, at) => asOne(gaps.slice(begin, begins[at + 1])))
}

/** Only the newest has no start, and only the oldest no end. */
const millisecondsBetween = (newer: ExportGap, older: ExportGap): number =>
  Date.parse(newer.end!.startedAt) - Date.parse(older.start!.startedAt)

function asOne(gaps: readonly ExportGap[]): ExportGap {
  const [newest, oldest] = [gaps[0]!, gaps.at(-1)!]
  return gaps.length === 1 ? newest : { ...newest, end: oldest.end, message: someOf(gaps.length) }
}

const someOf = (parts: number): string =>
  `The archive lacks ${parts} parts of this time, and has the calls between them, which are in the file; \`fromProvider: true\` asks the provider for all.`
const NO_ARCHIVE =
  'The account has no archive; `fromProvider: true` walks its provider instead, and `archive` in the configuration gives it one.'
const NOT_FETCHED = 'The archive does not have this time; `fromProvider: true` asks the provider for it.'
const NOT_READABLE = 'Some of the newest calls could not be read when the archive looked at them last.'
const NOT_LOOKED = 'The archive has not looked at these newest calls; `fromProvider: true` asks the provider for them.'
