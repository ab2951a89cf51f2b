import { isoTime, type Clock } from '../clock.js'
import type { CallRecord } from '../model/call-record.js'
import type { CallFact } from '../providers/live.js'
import type { EventLog, EventStream, LogBounds } from '../store/event-log.js'
import { addFacts, addRecord, type AddedFacts, type CallHistory } from './call-history.js'
import type { CallSnapshot } from './call-event.js'
import { snapshotOf } from './known-call.js'

/** The topic of calls in the log. */
export const CALLS = 'calls'

/**
 * How often one change is tried: each time another process was faster with the same call, and what
 * it wrote is read first.
 */
const MOST_ATTEMPTS = 20

/** The account whose calls are recorded. */
export interface RecordedAccount {
  readonly key: string
  readonly workspace: string
}

/** What a delivery or a poll came to. */
export interface Recorded {
  /** Facts that were new. */
  readonly added: number
  /** Facts that were known. */
  readonly repeated: number
}

/** A call as the log has it. */
export interface LoggedCall {
  readonly stream: EventStream
  readonly history: CallHistory
  readonly call: CallSnapshot
}

export interface RecorderOptions {
  readonly log: EventLog
  readonly clock: Pick<Clock, 'now'>
  /** Whether an ended call stays open until its record has been read. */
  readonly awaitsRecord: (account: RecordedAccount) => boolean
  /** Called after an append, with the call as it is now, and whether its record can be read. */
  readonly onChange?: (account: RecordedAccount, call: CallSnapshot, isRecordWritten: boolean) => void
}

/** Writes what happens to calls into the log; any number of processes may write about one call. */
export class Recorder {
  readonly #options: RecorderOptions

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  /**
   * Adds facts of one account's calls, and resolves once they are stored.
   * @throws the store's error when they cannot be
   */
  async add(account: RecordedAccount, facts: readonly CallFact[]): Promise<Recorded> {
    const byCall = new Map<string, CallFact[]>()
    for (const fact of facts) byCall.set(fact.callId, [...(byCall.get(fact.callId) ?? []), fact])
    let repeated = 0
    for (const [callId, ofCall] of byCall) {
      repeated += await this.#change(account, callId, (history, receipt) => addFacts(history, ofCall, receipt))
    }
    return { added: facts.length - repeated, repeated }
  }

  /** The record of a call can be read; a call that is not known is left alone. */
  async addRecord(
    account: RecordedAccount,
    callId: string,
    record: Pick<CallRecord, 'answeredAt' | 'endedAt'>,
  ): Promise<void> {
    await this.#change(account, callId, (history, receipt) =>
      history === null ? null : addRecord(history, record, receipt),
    )
  }

  /** The record of an ended call is waited for no longer. */
  async close({ topic, stream, workspace, account, revision, state }: EventStream): Promise<void> {
    const at = this.#options.clock.now()
    // Whoever was faster has told something new: then it is looked at again.
    await this.#options.log.appendEvents({
      ...{ topic, stream, workspace, account, from: revision, state, isOpen: false, events: [], at },
    })
  }

  async #change(
    account: RecordedAccount,
    callId: string,
    change: (history: CallHistory | null, receipt: { accountKey: string; receivedAt: string }) => AddedFacts | null,
  ): Promise<number> {
    const { log, clock, awaitsRecord, onChange } = this.#options
    const name = streamOf(account.key, callId)
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const stream = await log.eventStream(CALLS, name)
      // Of an account that had this key before, in another workspace.
      const known = stream?.workspace === account.workspace ? callOf(stream).history : null
      const at = clock.now()
      const added = change(known, { accountKey: account.key, receivedAt: isoTime(at) })
      if (added === null || added.history === known) return added?.repeated ?? 0
      const call = snapshotOf(added.history.call)
      const isAwaited = call.state === 'ENDED' && !added.history.isRecorded && awaitsRecord(account)
      const appended = await log.appendEvents({
        topic: CALLS,
        stream: name,
        workspace: account.workspace,
        account: account.key,
        from: stream?.revision ?? 0,
        state: JSON.stringify(added.history),
        isOpen: added.isOpen || isAwaited,
        events: added.events.map((event) => JSON.stringify(event)),
        at,
      })
      if (!appended) continue
      onChange?.(account, call, added.history.call.isRecordWritten)
      return added.repeated
    }
    throw new Error(`The call of an account was changed by others ${MOST_ATTEMPTS} times in a row`)
  }
}

/** PostgreSQL stores no text with a NUL. */
export const streamOf = (accountKey: string, callId: string): string => `${accountKey}/${callId.replaceAll('\0', '')}`

/** A stream of the log as a call. */
export function callOf(stream: EventStream): LoggedCall {
  const history = JSON.parse(stream.state) as CallHistory
  return { stream, history, call: snapshotOf(history.call) }
}

/** The calls of these accounts that are open, ended ones among them whose record is awaited. */
export async function openCalls(
  log: Pick<EventLog, 'openStreams'>,
  accounts: readonly RecordedAccount[],
): Promise<{ readonly calls: readonly LoggedCall[]; readonly bounds: LogBounds }> {
  const { streams, bounds } = await log.openStreams(CALLS, accounts.length === 1 ? accounts[0]!.key : undefined)
  const workspaces = new Map(accounts.map(({ key, workspace }) => [key, workspace]))
  return {
    calls: streams.filter(({ account, workspace }) => workspaces.get(account) === workspace).map(callOf),
    bounds,
  }
}
