import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import type { EventLog } from '../store/event-log.js'
import type { TokenStore } from '../store/token-store.js'
import { sparedFor, type LiveAccount } from './live-account.js'
import { readRecords } from './record-reader.js'
import { openCalls, type LoggedCall, type Recorder } from './recorder.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** When the record of an ended call is looked for first, after its end. */
export const FIRST_LOOK_MS = 2 * SECOND

/** When it is looked for, after its end; then each minute. */
const LOOKS_MS = [FIRST_LOOK_MS, 5 * SECOND, 15 * SECOND, MINUTE]

/** After this time no record is waited for any more. */
const GIVE_UP_MS = 60 * MINUTE

/** Of a call whose end nobody tells: its record may have appeared. */
const ENDLESS_LOOKS_MS = 10 * MINUTE

/** Of the time, so much is spent on reading which calls wait: there may be thousands. */
const SHARE_READING = 1 / 50

const LEASE_MS = 60 * SECOND

export interface RecordWatchOptions {
  readonly account: LiveAccount
  readonly log: Pick<EventLog, 'openStreams'>
  readonly leases: Pick<TokenStore, 'lease' | 'release'>
  readonly owner: string
  readonly recorder: Pick<Recorder, 'addRecord' | 'close'>
  readonly clock: Clock
  readonly timeoutMs: number
}

/**
 * Looks for the records of one account's ended calls until they can be read, with one read of the
 * call log for all of them. One process does so at a time.
 */
export class RecordWatch {
  #lookedAt = -Infinity
  /** The least pause before the calls that wait are read again. */
  #pauseMs = SECOND

  constructor(private readonly options: RecordWatchOptions) {}

  /** Looks, if something is due and it is our turn; the milliseconds until the next look, or null. */
  async look(): Promise<number | null> {
    const { account, log, leases, owner, recorder, clock, timeoutMs } = this.options
    const now = clock.now()
    const began = clock.monotonic()
    const { calls } = await openCalls(log, [account])
    this.#pauseMs = Math.max(SECOND, (clock.monotonic() - began) / SHARE_READING)
    const isOver = ({ call, stream }: LoggedCall) => call.state === 'ENDED' && now - stream.changedAt >= GIVE_UP_MS
    for (const { stream } of calls.filter(isOver)) await recorder.close(stream)
    const awaited = calls.filter((one) => !isOver(one))
    if (!awaited.some((one) => this.#dueAt(one) <= now)) return this.#untilNext(awaited, now)
    const spared = sparedFor(account, now, MINUTE)
    if (spared > 0) return spared
    const lease = `live records ${account.key}`
    if (!(await leases.lease(lease, owner, LEASE_MS))) return this.#untilNext(awaited, now) ?? MINUTE
    this.#lookedAt = now
    try {
      const missing = await readRecords(account, awaited, { recorder, timeoutMs })
      return this.#untilNext(
        awaited.filter(({ call }) => missing.has(call.providerCallId)),
        now,
      )
    } catch (error) {
      // A provider that fails is logged as such, and is asked again in its time.
      if (!(error instanceof AppError)) throw error
      return this.#untilNext(awaited, now)
    } finally {
      await leases.release(lease, owner).catch(() => {})
    }
  }

  #untilNext(awaited: readonly LoggedCall[], now: number): number | null {
    if (awaited.length === 0) return null
    return Math.max(this.#pauseMs, Math.min(...awaited.map((one) => this.#dueAt(one))) - now)
  }

  /** Wall-clock ms of the first look at this call that has not been made. */
  #dueAt({ call, history, stream: { changedAt } }: LoggedCall): number {
    const since = Math.max(this.#lookedAt, changedAt)
    if (call.state !== 'ENDED') return since + ENDLESS_LOOKS_MS
    if (history.call.isRecordWritten && this.#lookedAt < changedAt) return changedAt
    const look = LOOKS_MS.find((after) => changedAt + after > this.#lookedAt)
    return look === undefined ? since + MINUTE : changedAt + look
  }
}
