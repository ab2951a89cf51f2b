import { isoTime, type Clock } from '../clock.js'
import type { Operation } from '../operation.js'
import type { EventLog } from '../store/event-log.js'
import type { TokenStore } from '../store/token-store.js'
import type { CallSnapshot } from './call-event.js'
import { Absences, listedFacts } from './current-calls.js'
import { ownOperation, sparedFor, type LiveAccount } from './live-account.js'
import { openCalls, type Recorder } from './recorder.js'

/** Longest pause between two looks at an account that fails. */
const LONGEST_PAUSE_MS = 60_000

/** How soon it is tried again where requests of clients waited for the provider. */
const AFTER_CLIENTS_MS = 250

/** How long a process that polls an account may be silent before another one does. */
const LEASE_POLLS = 3
const LEAST_LEASE_MS = 10_000

export interface PollerOptions {
  readonly account: LiveAccount
  readonly log: Pick<EventLog, 'openStreams'>
  readonly leases: Pick<TokenStore, 'lease' | 'release'>
  /** Of this process, for the lease. */
  readonly owner: string
  readonly recorder: Pick<Recorder, 'add'>
  readonly clock: Clock
  readonly timeoutMs: number
  readonly onPoll: (account: LiveAccount, result: PollResult) => void
}

/** What became of a look: all calls were listed, some could not be read, or there was no list. */
export type PollResult = 'listed' | 'partial' | 'failed'

/** How the last look went. */
export interface PollState {
  /** Monotonic ms of the last list; null: there was none. */
  readonly listedAt: number | null
  /** Of the last look; null when it went well. */
  readonly error: unknown
  /** Calls of the last list that could not be read. */
  readonly unreadable: number
}

/**
 * Looks at the calls under way in one account, and records what has changed. One process does so at
 * a time: the others find its lease, and read what it records.
 */
export class Poller {
  readonly #options: PollerOptions
  readonly #absences: Absences
  #looking: Promise<void> | null = null
  #state: PollState = { listedAt: null, error: null, unreadable: 0 }
  #pauseMs: number
  /** Monotonic ms since when clients have been let go first; null while none waits. */
  #yieldsSince: number | null = null

  constructor(options: PollerOptions) {
    this.#options = options
    this.#pauseMs = this.#intervalMs
    // Looks that are asked for may come at any time; timers are never so early.
    this.#absences = new Absences(this.#intervalMs / 2)
  }

  get state(): PollState {
    return this.#state
  }

  /** Looks once, if it is our turn; gives the milliseconds until the next look. */
  async poll(): Promise<number> {
    const { account, clock, leases, owner } = this.#options
    const spared = sparedFor(account, clock.now(), this.#pauseMs)
    if (spared > 0) return Math.min(Math.max(spared, this.#pauseMs), LONGEST_PAUSE_MS)
    if (this.#yields()) return AFTER_CLIENTS_MS
    try {
      const leaseMs = Math.max(LEAST_LEASE_MS, LEASE_POLLS * this.#intervalMs)
      if (!(await leases.lease(this.#lease, owner, leaseMs))) {
        this.#absences.interrupt()
        return this.#intervalMs
      }
      await this.look(ownOperation(this.#options.timeoutMs))
      this.#pauseMs = this.#intervalMs
    } catch {
      // The state says so to whoever asks, and the log of requests to providers says why.
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS)
    }
    return this.#pauseMs
  }

  /** Whether clients that wait for the provider go first: they always do, but for one look a minute. */
  #yields(): boolean {
    const { account, clock } = this.#options
    const now = clock.monotonic()
    const since = account.isCrowded() ? (this.#yieldsSince ?? now) : null
    const yields = since !== null && now - since < LONGEST_PAUSE_MS
    this.#yieldsSince = yields ? since : null
    return yields
  }

  /**
   * Lists the calls and records what is new. Whoever comes while that is done takes part in it: one
   * list says once that a call is missing, however many have asked for it.
   * @throws the provider's or the store's error
   */
  async look(operation: Operation): Promise<void> {
    // A look that fails may have failed for its operation alone, whose time was over.
    if (this.#looking && (await isDone(this.#looking))) return
    return (this.#looking ??= this.#look(operation).finally(() => (this.#looking = null)))
  }

  async #look(operation: Operation): Promise<void> {
    const { account, log, recorder, clock, onPoll } = this.#options
    try {
      const open = await openCalls(log, [account])
      const listedAt = clock.monotonic()
      const at = isoTime(clock.now())
      const source = account.source(operation)
      const { calls, unreadable } = (await source.currentCalls?.()) ?? { calls: [], unreadable: 0 }
      const known = new Map<string, CallSnapshot>()
      for (const { call } of open.calls) if (call.state !== 'ENDED') known.set(call.providerCallId, call)
      const current = new Set(calls.map(({ callId }) => callId))
      if (unreadable > 0) this.#absences.interrupt()
      const ended = unreadable > 0 ? [] : this.#absences.ended(known.keys(), current, { at, monotonic: listedAt })
      await recorder.add(account, [...listedFacts(calls, known, at), ...ended])
      this.#state = { listedAt, error: null, unreadable }
      onPoll(account, unreadable > 0 ? 'partial' : 'listed')
    } catch (error) {
      this.#absences.interrupt()
      this.#state = { ...this.#state, error }
      onPoll(account, 'failed')
      throw error
    }
  }

  /** Lets another process go on at once. */
  async stop(): Promise<void> {
    await this.#options.leases.release(this.#lease, this.#options.owner).catch(() => {})
  }

  get #lease(): string {
    return `live calls ${this.#options.account.key}`
  }

  get #intervalMs(): number {
    return this.#options.account.live.pollSeconds * 1_000
  }
}

const isDone = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )
