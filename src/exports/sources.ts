import type { ErrorCode } from '../errors.js'
import type { StoredExport } from '../store/export-store.js'
import { NO_TALLY, stateOf, type ExportGap, type ExportState, type ExportTally, type PlannedAccount } from './state.js'

/** How an account contributed to a file; of one with several gaps there is one for each. */
export interface ExportSource {
  readonly accountKey: string
  readonly state: 'COMPLETE' | 'PARTIAL' | 'STALE' | 'FAILED' | 'UNSUPPORTED'
  readonly errorCode: ErrorCode | null
  readonly message: string | null
  readonly stalenessSeconds: number | null
  readonly upstreamRequests: number
  readonly gap: ExportGap | null
}

/** How each account contributes to an export, as far as it is known yet. */
export function sourcesOf(stored: StoredExport): readonly ExportSource[] {
  const state = stateOf(stored)
  return (state.plan ?? []).flatMap((planned) => sourcesOfAccount(planned, state))
}

/** Whether something is missing from a file that no account of its kind could give. */
export const hasGaps = (sources: readonly ExportSource[]): boolean =>
  sources.some(({ state }) => state !== 'COMPLETE' && state !== 'UNSUPPORTED')

function sourcesOfAccount(planned: PlannedAccount, { gaps, tallies, request }: ExportState): readonly ExportSource[] {
  const { key } = planned
  const tally = tallies[key] ?? NO_TALLY
  const shared = {
    accountKey: key,
    stalenessSeconds: planned.staleSeconds ?? tally.staleSeconds,
    // How much had to be read for its own calls tells how many there are of others.
    upstreamRequests: request.own ? 0 : tally.requests,
  }
  const own = gaps.filter(({ account }) => account === key)
  if (own.length > 0)
    return own.map((gap) => ({
      ...shared,
      state: gap.start === null && gap.end === null ? 'FAILED' : 'PARTIAL',
      errorCode: gap.code,
      message: gap.message,
      gap,
    }))
  if (planned.from === 'NOTHING')
    return [{ ...shared, state: 'UNSUPPORTED', errorCode: 'CAPABILITY_UNSUPPORTED', message: NO_LOG, gap: null }]
  return [{ ...shared, ...lackOf(tally, request.own !== null), gap: null }]
}

function lackOf(
  { unreadable, withoutDetail }: ExportTally,
  isOwn: boolean,
): Pick<ExportSource, 'state' | 'errorCode' | 'message'> {
  // Nobody knows whose they are: how many there are is not for one line to know.
  const unread = isOwn ? 'Some' : unreadable
  const lacks = [
    ...(unreadable > 0 ? [`${unread} calls could not be read and are left out.`] : []),
    ...(withoutDetail > 0
      ? [`What only further requests tell could not be read of ${withoutDetail} calls, and is null.`]
      : []),
  ]
  return lacks.length === 0
    ? { state: 'COMPLETE', errorCode: null, message: null }
    : { state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE', message: lacks.join(' ') }
}

const NO_LOG = 'The provider of this account has no call records.'
