import type { Covered } from '../../src/archive/archive-state.js'
import { NOTHING_YET } from '../../src/archive/archive-state.js'
import { toArchivedCall } from '../../src/archive/call-change.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { Operation } from '../../src/operation.js'
import type { ConnectedAccount } from '../../src/providers/account.js'
import { EVERY_CALL } from '../../src/providers/every-call.js'
import { ARCHIVE } from '../../src/store/archive-store.js'
import type { Store } from '../../src/store/store.js'

export interface Filling {
  readonly key: string
  readonly workspace?: string
  /** Of these, the covered ones are kept. */
  readonly calls: readonly CallRecord[]
  /** The newest first. */
  readonly covered: readonly Covered[]
  readonly syncedAt: string
  readonly unreadable?: number
}

/** Keeps calls as an archive that has just been looked after. */
export async function fill(
  store: Store,
  { key, workspace = 'default', calls, covered, syncedAt, unreadable = 0 }: Filling,
): Promise<void> {
  const isCovered = ({ startedAt }: CallRecord) =>
    covered.some(({ from, until }) => startedAt >= from && startedAt < until)
  const known = await store.eventStream(ARCHIVE, key)
  await store.appendEvents({
    ...{ topic: ARCHIVE, stream: key, workspace, account: key, from: known?.revision ?? 0, isOpen: true },
    state: JSON.stringify({ ...NOTHING_YET, covered, syncedAt, recheckedAt: syncedAt, unreadable }),
    events: [],
    at: Date.parse(syncedAt),
    archive: { put: calls.filter(isCovered).map(toArchivedCall), remove: [], sealed: false },
  })
}

/** The whole log of an account as its provider has it, newest first. */
export async function wholeLog(account: ConnectedAccount): Promise<readonly CallRecord[]> {
  const operation = new Operation({
    requestId: 'whole-log',
    signal: new AbortController().signal,
    demand: { maxAgeMs: 0, staleMs: 0, keep: false },
  })
  const calls: CallRecord[] = []
  const query = { order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 500 } as const
  for await (const page of account.source(operation).callRecords!.pages(query)) calls.push(...page.calls)
  return calls
}
