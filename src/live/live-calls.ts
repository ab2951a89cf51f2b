import { randomUUID } from 'node:crypto'

import type { Awaitable } from '../awaitable.js'
import type { Clock } from '../clock.js'
import { ServiceUnavailable } from '../errors.js'
import type { Operation } from '../operation.js'
import type { CallFact } from '../providers/live.js'
import type { EventStream, LoggedEvent } from '../store/event-log.js'
import type { Store } from '../store/store.js'
import type { CallSnapshot } from './call-event.js'
import { canTell, hasCallLog, isPolled, type LiveAccount } from './live-account.js'
import { Loop } from './loop.js'
import { Poller, type PollResult, type PollState } from './poller.js'
import { FIRST_LOOK_MS, RecordWatch } from './record-watch.js'
import { CALLS, openCalls, Recorder, type Recorded } from './recorder.js'
import { Tail } from './tail.js'
import { keepUp } from './upkeep.js'

const UPKEEP_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Pause after the store has failed. */
const PAUSE_MS = 5_000

export interface LiveCallsOptions {
  /** All accounts that are served now. */
  readonly accounts: () => readonly LiveAccount[]
  /** One of them; asked with each event, and so without a search. */
  readonly find: (key: string) => LiveAccount | null
  /** Reads which accounts there are: another process may have linked one. Default: nothing to read. */
  readonly readAccounts?: () => Promise<void>
  readonly store: Store
  readonly clock: Clock
  readonly limits: {
    readonly live: { readonly retentionHours: number }
    readonly changesDays: number
    readonly operationTimeoutMs: number
  }
  /** Called when the log cannot be read or written. */
  readonly onTrouble: (error: unknown) => void
  readonly onDefect: (error: unknown) => void
  /** Called with each look at the calls under way in an account. */
  readonly onPoll: (account: LiveAccount, result: PollResult) => void
  /** Called when a call of this account has ended, as far as this process has recorded it. */
  readonly onEnd?: (accountKey: string) => void
}

/** The calls under way, at one moment of the log. */
export interface CallsNow {
  readonly calls: readonly CallSnapshot[]
  /** Every event up to here is in the calls, and none after it. */
  readonly position: number
}

interface Followed {
  readonly account: LiveAccount
  readonly polling: Loop | null
  readonly poller: Poller | null
  readonly records: Loop | null
}

/**
 * What this process knows of live calls: takes what providers deliver, looks at those who only
 * list, and follows the log, where all processes write.
 */
export class LiveCalls {
  readonly tail: Tail
  readonly #options: LiveCallsOptions
  readonly #owner = randomUUID()
  readonly #recorder: Recorder
  readonly #followed = new Map<string, Followed>()
  /** Each says of which accounts somebody wants to see the calls. */
  readonly #lookers = new Set<(account: LiveAccount) => boolean>()
  readonly #upkeep: Loop
  #isClosed = false

  constructor(options: LiveCallsOptions) {
    const { store, clock, onTrouble, onDefect } = options
    this.#options = options
    this.tail = new Tail({ log: store, onTrouble, onDefect, prepare: (events) => this.#knowAccounts(events) })
    this.#recorder = new Recorder({
      log: store,
      clock,
      awaitsRecord: ({ key }) => this.#awaitsRecord(key),
      onChange: ({ key }, { state }, isRecordWritten) => {
        void this.tail.catchUp()
        if (state !== 'ENDED') return
        this.#follow(key)?.records?.wakeIn(isRecordWritten ? 0 : FIRST_LOOK_MS)
        options.onEnd?.(key)
      },
    })
    this.#upkeep = new Loop(() => this.#keepUp(), onTrouble, UPKEEP_MS)
  }

  /** Begins to follow what is to be followed while nobody looks. */
  open(): void {
    this.#upkeep.wake()
    for (const { key, live } of this.#options.accounts()) if (live.always) this.#follow(key)?.polling?.wake()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const followed = [...this.#followed.values()]
    await Promise.all([
      this.#upkeep.stop(),
      ...followed.map(async ({ polling, poller, records }) => {
        await Promise.all([polling?.stop(), records?.stop()])
        await poller?.stop()
      }),
    ])
  }

  /**
   * Takes what a provider has delivered; resolves when it is stored.
   * @throws ServiceUnavailable when it cannot be
   */
  async receive(account: LiveAccount, facts: readonly CallFact[]): Promise<Recorded> {
    try {
      return await this.#recorder.add(account, facts)
    } catch (cause) {
      this.#options.onTrouble(cause)
      throw new ServiceUnavailable('The event cannot be stored now. Deliver it again.', { cause })
    }
  }

  /** Somebody looks at the accounts that are meant until the function that is returned is called. */
  look(isMeant: (account: LiveAccount) => boolean): () => void {
    const looker = (account: LiveAccount) => canTell(account) && isMeant(account)
    this.#lookers.add(looker)
    for (const account of this.#options.accounts()) if (looker(account)) this.#wake(account)
    return () => void this.#lookers.delete(looker)
  }

  /** To be called when there are other accounts than before: new ones may be looked at already. */
  accountsChanged(): void {
    for (const account of this.#options.accounts())
      if (!this.#followed.has(account.key) && this.#isLookedAt(account)) this.#wake(account)
  }

  /** An account that is served; null when there is none of this key. */
  account(key: string): LiveAccount | null {
    return this.#options.find(key)
  }

  /**
   * Lists the calls of a polled account, unless that was done within its interval, or as lately as
   * the operation demands.
   * @throws the provider's or the store's error
   */
  async refresh(account: LiveAccount, operation: Operation): Promise<void> {
    const poller = this.#follow(account.key)?.poller
    if (!poller) return
    const { listedAt, error } = poller.state
    const age = this.#options.clock.monotonic() - (listedAt ?? -Infinity)
    if (error === null && age < Math.min(account.live.pollSeconds * 1_000, operation.demand.maxAgeMs)) return
    await poller.look(operation)
  }

  /** How the last look at a polled account went; null where nobody has looked. */
  pollState(accountKey: string): PollState | null {
    return this.#followed.get(accountKey)?.poller?.state ?? null
  }

  /**
   * The calls that have not ended, of these accounts.
   * @throws the store's error
   */
  async current(accounts: readonly LiveAccount[]): Promise<CallsNow> {
    const { calls, bounds } = await openCalls(this.#options.store, accounts)
    return { calls: calls.map(({ call }) => call).filter(({ state }) => state !== 'ENDED'), position: bounds.last }
  }

  /** A call's stream by its name; null when the log has none. */
  stream(name: string): Promise<EventStream | null> {
    return this.#options.store.eventStream(CALLS, name)
  }

  /** Null when the log has none at this position. */
  event(position: number): Promise<LoggedEvent | null> {
    return this.#options.store.eventAt(position)
  }

  /** Events of an account that is linked may come before it is known here that it is. */
  #knowAccounts(events: readonly LoggedEvent[]): Awaitable<void> {
    const { find, readAccounts, onTrouble } = this.#options
    if (!readAccounts || events.every(({ account }) => find(account) !== null)) return
    return readAccounts().catch(onTrouble)
  }

  #isLookedAt(account: LiveAccount): boolean {
    if (account.live.always) return true
    for (const isMeant of this.#lookers) if (isMeant(account)) return true
    return false
  }

  #wake({ key }: LiveAccount): void {
    const followed = this.#follow(key)
    followed?.polling?.wake()
    followed?.records?.wake()
  }

  #awaitsRecord(key: string): boolean {
    const account = this.#options.find(key)
    return account !== null && hasCallLog(account) && (account.live.webhook || this.#isLookedAt(account))
  }

  /** Null for an account that is not served. */
  #follow(key: string): Followed | null {
    const account = this.#options.find(key)
    if (!account || this.#isClosed) return null
    const known = this.#followed.get(key)
    // Another account may have been linked under the same key.
    if (known?.account.source === account.source) return known
    void known?.polling?.stop()
    void known?.records?.stop()
    const { store, clock, limits, find, onTrouble, onPoll } = this.#options
    const parts = {
      ...{ account, log: store, leases: store, owner: this.#owner, recorder: this.#recorder, clock },
      timeoutMs: limits.operationTimeoutMs,
    }
    const poller = isPolled(account) ? new Poller({ ...parts, onPoll }) : null
    const watch = hasCallLog(account) ? new RecordWatch(parts) : null
    const isGone = () => find(key)?.source !== account.source
    const polling = async () => (isGone() || !this.#isLookedAt(account) ? null : poller!.poll())
    const records = async () => (isGone() ? null : watch!.look())
    const followed = {
      account,
      poller,
      polling: poller && new Loop(polling, onTrouble, PAUSE_MS),
      records: watch && new Loop(records, onTrouble, PAUSE_MS),
    }
    this.#followed.set(key, followed)
    return followed
  }

  async #keepUp(): Promise<number> {
    const { accounts, store, clock, limits } = this.#options
    const all = accounts()
    const retentionMs = limits.live.retentionHours * HOUR_MS
    const changesMs = limits.changesDays * DAY_MS
    await keepUp(all, { store, recorder: this.#recorder, clock, retentionMs, changesMs })
    for (const account of all) {
      if (account.live.always) this.#follow(account.key)?.polling?.wake()
      // Another process may have recorded an end and be gone.
      if (account.live.webhook || this.#isLookedAt(account)) this.#follow(account.key)?.records?.wake()
    }
    return UPKEEP_MS
  }
}
