import type { ErrorCode } from '../errors.js'
import { newestHole, type ArchiveState, type Covered } from './archive-state.js'
import type { ArchiveSettings } from './archived-account.js'

/** How far an archive is. */
export type ArchiveCondition = 'BACKFILLING' | 'CURRENT' | 'BEHIND' | 'STOPPED'

/** How far an archive is, and since when it is true. */
export interface ArchiveProgress {
  readonly state: ArchiveCondition
  /** ISO UTC: when the newest calls were last read; null: never. */
  readonly lastSyncedAt: string | null
  readonly lagSeconds: number | null
  readonly lastError: ErrorCode | null
  /** Share of the time from `since` to the newest covered moment that is covered, from 0 to 1. */
  readonly progress: number
}

/** Looks that may be missed before an archive is behind. */
const MISSED_LOOKS = 3

/** Failures that somebody must do something about: the next look would fail as well. */
const LASTING: ReadonlySet<ErrorCode> = new Set([
  'REAUTHORIZATION_REQUIRED',
  'PROVIDER_FORBIDDEN',
  'PROVIDER_REJECTED',
  'PROVIDER_MISCONFIGURED',
  'CAPABILITY_UNSUPPORTED',
])

export interface Judged {
  readonly state: ArchiveState
  readonly settings: Pick<ArchiveSettings, 'sinceMs' | 'everySeconds'>
  /** Only a person can log the account in again. */
  readonly hasLoginEnded: boolean
  /** Wall-clock ms. */
  readonly now: number
}

/** How far an archive is at this moment. */
export function archiveProgress({ state, settings, hasLoginEnded, now }: Judged): ArchiveProgress {
  const { covered, syncedAt, lastError } = state
  const from = new Date(now - settings.sinceMs).toISOString()
  const top = covered[0]?.until ?? null
  const lagMs = syncedAt === null ? null : Math.max(0, now - Date.parse(syncedAt))
  return {
    state: conditionOf(),
    lastSyncedAt: syncedAt,
    lagSeconds: lagMs === null ? null : lagMs / 1_000,
    lastError,
    progress: top === null ? 0 : shareOf(covered, from, top),
  }

  function conditionOf(): ArchiveCondition {
    if (hasLoginEnded || (lastError !== null && LASTING.has(lastError))) return 'STOPPED'
    if (top === null || newestHole(covered, from, top) !== null) return 'BACKFILLING'
    return isLate(lagMs, settings) || lastError !== null ? 'BEHIND' : 'CURRENT'
  }
}

/** Whether an archive that has last looked so long ago has missed more looks than may be. */
export const isLate = (lagMs: number | null, { everySeconds }: Pick<ArchiveSettings, 'everySeconds'>): boolean =>
  lagMs === null || lagMs > MISSED_LOOKS * everySeconds * 1_000

function shareOf(covered: readonly Covered[], from: string, until: string): number {
  const [first, last] = [Date.parse(from), Date.parse(until)]
  if (last <= first) return 1
  const lengths = covered.map((range) => Math.max(0, Date.parse(range.until) - Math.max(first, Date.parse(range.from))))
  return Math.min(1, lengths.reduce((sum, length) => sum + length, 0) / (last - first))
}
