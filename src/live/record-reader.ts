import type { CallRecord } from '../model/call-record.js'
import { EVERY_CALL } from '../providers/every-call.js'
import { ownOperation, type LiveAccount } from './live-account.js'
import type { LoggedCall, Recorder } from './recorder.js'

/** Clocks differ, and a record may say that its call began earlier than its events did. */
const MARGIN_MS = 10 * 60_000

/** Pages of the log that are read for what is waited for. */
const MOST_PAGES = 5

/**
 * Reads an account's call log once for all calls whose records are waited for, and records those
 * that are there. Gives the provider's ids of those that are not.
 * @throws the provider's or the store's error
 */
export async function readRecords(
  account: LiveAccount,
  awaited: readonly LoggedCall[],
  { recorder, timeoutMs }: { readonly recorder: Pick<Recorder, 'addRecord'>; readonly timeoutMs: number },
): Promise<ReadonlySet<string>> {
  const missing = new Set(awaited.map(({ call }) => call.providerCallId))
  const log = account.source(ownOperation(timeoutMs)).callRecords
  if (!log || missing.size === 0) return missing
  const first = Math.min(...awaited.map(({ call }) => Date.parse(call.startedAt)))
  const filter = { ...EVERY_CALL, from: new Date(first - MARGIN_MS).toISOString() }
  let pages = 0
  for await (const { calls } of log.pages({
    order: 'DESC',
    after: null,
    hint: null,
    filter,
    expected: 2 * missing.size,
  })) {
    for (const record of calls) {
      const callId = liveIdOf(record, missing)
      if (callId === null || !isWritten(record)) continue
      missing.delete(callId)
      await recorder.addRecord(account, callId, record)
    }
    pages += 1
    if (missing.size === 0 || pages === MOST_PAGES) break
  }
  return missing
}

/** A call that still goes on may be in the log already. */
const isWritten = ({ disposition }: CallRecord): boolean => disposition !== 'IN_PROGRESS'

/** Which of these live calls a record is about; null for none of them. */
const liveIdOf = ({ providerResourceId }: CallRecord, ids: ReadonlySet<string>): string | null =>
  ids.has(providerResourceId) ? providerResourceId : null
