import type { ErrorCode } from '../errors.js'
import { ARCHIVE } from '../store/archive-store.js'
import type { EventLog, EventStream } from '../store/event-log.js'

/**
 * A range of time of which the archive holds all calls that began in it: ISO UTC with milliseconds,
 * `from` inclusive, `until` exclusive.
 */
export interface Covered {
  readonly from: string
  readonly until: string
}

/** What is known of one archive, beside its calls. */
export interface ArchiveState {
  /** Ranges that do not touch, the newest first. */
  readonly covered: readonly Covered[]
  /** ISO UTC: when the newest calls were last read; null: never. */
  readonly syncedAt: string | null
  /** ISO UTC: when the younger calls were last read again, all of them; null: never. */
  readonly recheckedAt: string | null
  /**
   * Reading them again, while that is under way: when it began, and down to where it has come; null:
   * it is not.
   */
  readonly recheck: { readonly began: string; readonly reached: string | null; readonly hint: string | null } | null
  /** Why the last look failed; null when it went well. */
  readonly lastError: ErrorCode | null
  /** Calls of the last look that could not be read. */
  readonly unreadable: number
  /** Slug of the provider whose calls they are; absent where that was not noted yet. */
  readonly provider?: string
}

export const NOTHING_YET: ArchiveState = {
  covered: [],
  syncedAt: null,
  recheckedAt: null,
  recheck: null,
  lastError: null,
  unreadable: 0,
}

/** An archive's state, and the revision that a change of it is made from. */
export interface StoredState {
  /** 0: there is none yet. */
  readonly revision: number
  readonly state: ArchiveState
}

/** Whose calls an archive keeps: another account may have had its key before. */
export interface ArchiveOwner {
  readonly workspace: string
  readonly provider: { readonly slug: string }
}

/**
 * Reads the state of an account's archive; of an account of another workspace, or at another
 * provider, it knows nothing.
 */
export async function readState(
  log: Pick<EventLog, 'eventStream'>,
  account: ArchiveOwner & { readonly key: string },
): Promise<StoredState> {
  return storedStateOf(await log.eventStream(ARCHIVE, account.key), account)
}

/** The same of the account's stream, which is read already. */
export function storedStateOf(stream: EventStream | null, { workspace, provider }: ArchiveOwner): StoredState {
  const nothing = { revision: 0, state: NOTHING_YET }
  if (stream?.workspace !== workspace) return nothing
  const state = JSON.parse(stream.state) as ArchiveState
  if (state.provider !== undefined && state.provider !== provider.slug) return nothing
  return { revision: stream.revision, state }
}

/** With a range added; ranges that touch become one. */
export function cover(covered: readonly Covered[], added: Covered): readonly Covered[] {
  if (added.from >= added.until) return covered
  const apart = covered.filter(({ from, until }) => until < added.from || from > added.until)
  const touching = covered.filter((range) => !apart.includes(range))
  const joined = touching.reduce(
    (all, { from, until }) => ({
      from: from < all.from ? from : all.from,
      until: until > all.until ? until : all.until,
    }),
    added,
  )
  return [...apart, joined].sort((left, right) => (left.from < right.from ? 1 : -1))
}

/** Without a range. */
export const uncover = (covered: readonly Covered[], { from, until }: Covered): readonly Covered[] =>
  covered.flatMap((range) => {
    const newer = { from: range.from > until ? range.from : until, until: range.until }
    const older = { from: range.from, until: range.until < from ? range.until : from }
    return [newer, older].filter((rest) => rest.from < rest.until)
  })

/** Without what began before a time. */
export const coverFrom = (covered: readonly Covered[], oldest: string): readonly Covered[] =>
  covered.flatMap((range) => (range.until <= oldest ? [] : range.from < oldest ? { ...range, from: oldest } : range))

/** The newest range before `until` that is not covered, down to `from`; null when all is. */
export function newestHole(covered: readonly Covered[], from: string, until: string): Covered | null {
  let top = until
  for (const range of covered) {
    if (range.until < top) return { from: range.until > from ? range.until : from, until: top }
    if (range.from < top) top = range.from
    if (top <= from) return null
  }
  return top > from ? { from, until: top } : null
}

/** The next moment that a call may begin in, ISO UTC. */
export const momentAfter = (time: string): string => new Date(Date.parse(time) + 1).toISOString()

/**
 * Since when the younger calls have not been read again, before what began at `began`: however long
 * ago that is, what was young then may have changed meanwhile.
 */
export const unseenSince = ({ recheckedAt }: ArchiveState, began: string): string =>
  recheckedAt !== null && recheckedAt < began ? recheckedAt : began

/** Whether what was done so long ago was done by a clock that was ahead, and has been set since. */
export const isOfAnotherTime = (ago: number, intervalMs: number): boolean => ago < -intervalMs
