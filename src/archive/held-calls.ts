import type { CallLog, CallPage, CallQuery } from '../providers/provider.js'
import type { Operation } from '../operation.js'
import type { ArchivedAccount } from './archived-account.js'
import { readState, type ArchiveState, type Covered } from './archive-state.js'
import { ArchiveView, type ReadArchive } from './archive-view.js'
import { ArchivedCalls } from './archived-calls.js'
import { restOf, stretchesOf } from './stretches.js'

/** What an account's archive has at one moment. */
export interface HeldCalls {
  /** The newest first. */
  readonly covered: readonly Covered[]
  /** ISO UTC: when it last looked at the newest calls; null: never. */
  readonly syncedAt: string | null
  readonly lastError: ArchiveState['lastError']
  /** Calls of that look that could not be read: any may be later than what is covered. */
  readonly unreadable: number
}

/** What is covered now of an account with an archive. */
export async function heldCalls(
  account: ArchivedAccount,
  store: ReadArchive['store'],
  operation: Operation,
  now: () => number,
): Promise<HeldCalls> {
  const { key, workspace, provider } = account
  const { state } = await readState(store, account)
  const archive = { key, workspace, provider, settings: account.archive!, store, now }
  const { held } = new ArchiveView(archive, state, operation)
  const { syncedAt, lastError, unreadable } = state
  return { covered: held, syncedAt, lastError, unreadable }
}

/** The calls of these ranges as the archive has them; the provider is never asked for a list. */
export function heldCallLog(
  log: CallLog,
  covered: readonly Covered[],
  archive: Pick<ReadArchive, 'key' | 'store'> & { readonly assertAwaited: () => void },
): CallLog {
  const archived = new ArchivedCalls(archive, log)
  const { detail, isListed } = log
  return {
    pushdown: (filter) => log.pushdown(filter),
    byId: (id) => log.byId(id),
    ...(detail && { detail: (call) => detail.call(log, call) }),
    ...(isListed && { isListed: (call, filter) => isListed.call(log, call, filter) }),
    async *pages(query: CallQuery): AsyncGenerator<CallPage> {
      const { order, filter, after } = query
      const held = stretchesOf(covered, filter, order).filter(({ of }) => of === 'ARCHIVE')
      for (const rest of restOf(held, order, after)) yield* archived.pages(rest, query, archive)
    },
  }
}
