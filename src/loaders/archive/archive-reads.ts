import { CursorInvalid } from '../../errors.js'
import { ARCHIVE, type ArchivedCall, type ArchiveStore } from '../../store/archive-store.js'
import type { EventLog } from '../../store/event-log.js'
import { orUnavailable } from '../../store/reachable.js'

/** What is read of a store for its archives. */
export type ArchiveReads = Pick<ArchiveStore, 'archiveChanges' | 'archivedCallsOf' | 'archiveFigures'> &
  Pick<EventLog, 'eventStream' | 'eventAt' | 'logBounds'>

const METHODS = {
  archiveChanges: true,
  archivedCallsOf: true,
  archiveFigures: true,
  eventStream: true,
  eventAt: true,
  logBounds: true,
} satisfies Record<keyof ArchiveReads, true>

/** The same reads, whose failures tell a caller to try again. @throws ServiceUnavailable */
export const archiveReads = (store: ArchiveReads): ArchiveReads =>
  orUnavailable(store, METHODS, 'The archive cannot be read now. Try again later.')

/**
 * Those of these calls that an account's archive has. The archive of an account that belonged to
 * another workspace before is not its own.
 */
export async function archivedCallsOf(
  store: ArchiveReads,
  account: { readonly key: string; readonly workspace: string },
  ids: readonly string[],
): Promise<readonly ArchivedCall[]> {
  if (ids.length === 0) return []
  const stream = await store.eventStream(ARCHIVE, account.key)
  return stream?.workspace === account.workspace ? store.archivedCallsOf(account.key, ids) : []
}

/**
 * @throws CursorInvalid where the log has not come to this position: then it is not the log that the position was of,
 * which was lost.
 */
export async function requireInLog(store: ArchiveReads, after: number): Promise<void> {
  const { last } = await store.logBounds()
  if (after > last) throw new CursorInvalid(LOG_IS_ANOTHER, 'EXPIRED')
}

const LOG_IS_ANOTHER =
  'The log that this cursor is of is not kept any more. Read `callRecordChanges` from its beginning, without a cursor.'
