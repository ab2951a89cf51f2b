import { newestHole, type ArchiveState } from '../../archive/archive-state.js'
import { archiveProgress, isLate } from '../../archive/archive-status.js'
import type { ArchiveSettings } from '../../archive/archived-account.js'
import type { SourceStatus } from '../../model/source-status.js'

/** How an archive stands to the time that is asked about. */
export interface Coverage {
  readonly state: ArchiveState
  readonly settings: ArchiveSettings
  /** ISO UTC; null: from the first call, to the last. */
  readonly from: string | null
  readonly until: string | null
  /**
   * Calls of which only the detail tells whether they belong to the answer, or to which rows; null: how
   * many there are, and whether there are any, this caller may not know.
   */
  readonly unsure: number | null
  readonly hasLoginEnded: boolean
  /** Wall-clock ms. */
  readonly now: number
}

type Explanation = Pick<SourceStatus, 'state' | 'errorCode' | 'message' | 'stalenessSeconds'>

/** What an account gave, from its archive alone: all, a part, or all as it was a while ago. */
export function coverageStatus(coverage: Coverage): Explanation {
  const { state, settings, hasLoginEnded, unsure, now } = coverage
  const { state: condition, lagSeconds, progress } = archiveProgress({ state, settings, hasLoginEnded, now })
  const staleness = { stalenessSeconds: lagSeconds === null ? null : Math.floor(lagSeconds) }
  const missing = [
    ...missingTime(coverage, progress),
    ...(unsure !== 0
      ? [
          `Of ${unsure ?? 'some'} calls only the detail tells who took part, and details are not archived: filters leave them out, and rows lack some of them.`,
        ]
      : []),
  ]
  if (missing.length > 0)
    return { state: 'PARTIAL', errorCode: state.lastError ?? PART_OF_IT, message: missing.join(' '), ...staleness }
  // While older calls are still being fetched, the newest may have been looked at long ago, too.
  const isBehind = condition === 'BEHIND' || isLate(lagSeconds === null ? null : lagSeconds * 1_000, settings)
  if ((isBehind || condition === 'STOPPED') && isUnsettled(coverage))
    return {
      ...{ state: 'STALE', errorCode: state.lastError },
      message: 'As of the last look of the archive; `Account.archive` tells how it is doing.',
      ...staleness,
    }
  return { state: 'COMPLETE', errorCode: null, message: null, ...staleness }
}

/** What the archive does not have, it does not have yet, or by its settings never. */
const PART_OF_IT = 'CAPABILITY_UNSUPPORTED'

function missingTime({ state, settings, from, until, now }: Coverage, progress: number): readonly string[] {
  const since = new Date(now - settings.sinceMs).toISOString()
  const top = latestKnown(state)
  const end = until !== null && until < top ? until : top
  const begin = from !== null && from > since ? from : since
  const hole = top === '' ? { from: begin } : newestHole(withQuietEnd(state, top), begin, end)
  return [
    ...(from !== null && from < since && (until === null || until > from)
      ? [`The archive keeps calls since ${since}, and has none from before.`]
      : []),
    ...(hole ? [`The archive still fetches older calls; it has ${Math.floor(progress * 100)} % of its time.`] : []),
  ]
}

/** Calls of the time up to the last look that are not there have not been made. */
const withQuietEnd = ({ covered: [newest, ...older] }: ArchiveState, top: string) =>
  newest ? [{ ...newest, until: top > newest.until ? top : newest.until }, ...older] : []

/** ISO UTC: up to when the archive knows of calls; empty: it knows of none. */
const latestKnown = ({ covered, syncedAt }: ArchiveState): string =>
  [covered[0]?.until ?? '', covered.length > 0 ? (syncedAt ?? '') : ''].sort().at(-1)!

/** Whether calls of that time may have changed since the archive last looked. */
function isUnsettled({ state: { syncedAt }, settings, until }: Coverage): boolean {
  return syncedAt === null || until === null || Date.parse(until) > Date.parse(syncedAt) - settings.recheckMs
}
