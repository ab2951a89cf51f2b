import type { CallRecord } from '../../model/call-record.js'
import type { CallLog, CallPage, CallQuery } from '../../providers/provider.js'
import type { Mark } from './cursor.js'
import type { Judge } from './filter.js'
import { beforeAllOf, laterOf, positionOf, precedes, type LogPosition, type TimeOrder } from './order.js'

/** How to read one account, once the objects of the filter have been looked up. */
export interface Opened {
  readonly log: CallLog
  readonly query: CallQuery
  readonly judge: Judge
}

export interface StreamSettings {
  readonly account: string
  /** The direction of reading: the list's order, or its reverse for pages before a cursor. */
  readonly reading: TimeOrder
  /** Strictly between these two positions, in the order of reading; null is an end of the log. */
  readonly start: LogPosition | null
  readonly end: LogPosition | null
  /** Null: the account can have no matching call. */
  readonly open: () => Promise<Opened | null>
  readonly detail: (call: CallRecord, log: CallLog) => Promise<Partial<CallRecord>>
  /** How many calls have their details read together. */
  readonly lookAhead: number
  /** False when the request limit is reached; called before each further request. */
  readonly mayAsk: () => boolean
  readonly mark: Mark
}

/** ENDED: read to its end. FAILED: the provider failed. STOPPED: the request limit was reached. */
export type StreamState = 'OPEN' | 'ENDED' | 'FAILED' | 'STOPPED'

/** After this many pages without a single call, a provider is not going to give one. */
const MAXIMUM_EMPTY_PAGES = 200

/**
 * The matching calls of one account, in order; at most one provider page in memory, the next read
 * when needed.
 */
export class CallStream {
  readonly account: string
  /** The next matching call; null until it is found. */
  head: CallRecord | null = null
  state: StreamState = 'OPEN'
  /** Why it failed. */
  error: unknown = null
  /**
   * All calls up to here, in the order of reading, were taken or do not match; null: nothing was
   * read.
   */
  readTo: LogPosition | null
  /** The provider's count under the pushed-down filter; null when it gave none. */
  total: number | null = null
  pages = 0
  /** Calls that could not be mapped and are left out. */
  unreadable = 0
  matched = 0
  rejected = 0
  mark: Mark

  #pages: AsyncIterator<CallPage> | null = null
  #opened: Opened | null = null
  #calls: readonly CallRecord[] = []
  #next = 0
  /** How far the provider read for the current page. */
  #readTo: string | null = null
  /** Verdicts from the details of the current page, by call id. */
  #decided = new Map<string, boolean>()
  #hasProgressed = false

  constructor(private readonly settings: StreamSettings) {
    this.account = settings.account
    this.readTo = settings.start
    this.mark = settings.mark
  }

  /**
   * One step towards the next head: some details of the current page, or the next page. Never
   * throws.
   */
  async advance(): Promise<void> {
    try {
      await (this.#next < this.#calls.length ? this.#decide() : this.#read())
    } catch (error) {
      this.error = error
      await this.#leave('FAILED')
    }
  }

  /** It had calls, and none of them could be mapped. */
  get isUnreadable(): boolean {
    return this.unreadable > 0 && this.matched === 0 && this.rejected === 0
  }

  take(): CallRecord {
    const call = this.head as CallRecord
    this.head = null
    this.readTo = positionOf(call)
    this.#settle()
    return call
  }

  /** Ends the provider's iterator. */
  async close(): Promise<void> {
    this.#calls = []
    await this.#pages?.return?.().catch(() => undefined)
  }

  async #read(): Promise<void> {
    if (!this.#mayGoOn()) return this.#leave('STOPPED')
    if (!this.#pages) {
      this.#opened = await this.settings.open()
      if (!this.#opened) return this.#leave('ENDED')
      this.#pages = this.#opened.log.pages(this.#opened.query)[Symbol.asyncIterator]()
    }
    const page = await this.#pages.next()
    if (page.done) return this.#leave('ENDED')
    if (this.pages++ === 0) this.total = page.value.totalCount
    this.unreadable += page.value.unreadable ?? 0
    this.mark = { hint: page.value.hint, hintAt: page.value.hintAt, readTo: this.mark.readTo }
    this.#calls = page.value.calls
    this.#readTo = page.value.readTo ?? null
    this.#next = 0
    this.#decided.clear()
    this.#settle()
  }

  /** Judges the calls of the current page as far as that takes no request. */
  #settle(): void {
    while (!this.head && this.#next < this.#calls.length) {
      const call = this.#calls[this.#next] as CallRecord
      if (!this.#isWithin(call)) {
        void this.#leave('ENDED')
        return
      }
      const verdict = this.#opened?.judge(call) ?? this.#decided.get(call.id)
      if (verdict === undefined) return
      this.#next++
      this.#hasProgressed = true
      if (verdict) {
        this.head = call
        this.matched++
      } else {
        this.readTo = positionOf(call)
        this.rejected++
        this.mark = { ...this.mark, readTo: call.startedAt }
      }
    }
    if (!this.head && this.#next === this.#calls.length) this.#usedUp()
  }

  #usedUp(): void {
    this.#calls = []
    if (this.#readTo === null) return
    const { reading, start } = this.settings
    const reached = beforeAllOf(reading, this.#readTo)
    this.readTo = laterOf(reading, this.readTo, reached)
    this.mark = { ...this.mark, readTo: this.#readTo }
    this.#readTo = null
    // When all calls of a page share the moment of `start`, a later reading would start with them
    // again.
    if (!start || precedes(reading, start, reached)) this.#hasProgressed = true
    if (this.#endsBefore(reached)) void this.#leave('ENDED')
  }

  #isWithin(call: CallRecord): boolean {
    return !this.settings.end || !this.#endsBefore(positionOf(call))
  }

  #endsBefore(position: LogPosition): boolean {
    const { end, reading } = this.settings
    return end !== null && !precedes(reading, position, end)
  }

  /**
   * Reads the details of the next undecided calls together, up to the first call that matches
   * without.
   */
  async #decide(): Promise<void> {
    if (!this.#mayGoOn()) return this.#leave('STOPPED')
    const { log, judge } = this.#opened as Opened
    const undecided: CallRecord[] = []
    for (const call of this.#calls.slice(this.#next)) {
      const verdict = judge(call)
      if (verdict || undecided.length >= this.settings.lookAhead) break
      if (verdict === undefined) undecided.push(call)
    }
    const answers = await Promise.allSettled(undecided.map((call) => this.settings.detail(call, log)))
    for (const [index, answer] of answers.entries()) {
      const call = undecided[index] as CallRecord
      // Calls before the failed one are kept: the gap begins at it.
      if (answer.status === 'rejected') {
        this.#settle()
        if (this.head) return
        throw answer.reason
      }
      // Still undecided with its detail: nothing more can be read, so it counts as no match.
      this.#decided.set(call.id, judge({ ...call, ...answer.value }) ?? false)
    }
    this.#settle()
  }

  /**
   * The limit holds only once there is progress, so that a walk stopped at every page still ends.
   */
  #mayGoOn(): boolean {
    return this.settings.mayAsk() || (!this.#hasProgressed && this.pages < MAXIMUM_EMPTY_PAGES)
  }

  async #leave(state: StreamState): Promise<void> {
    this.state = state
    this.#calls = []
    if (state !== 'ENDED' || this.#pages) await this.close()
  }
}
