import type { CallRecord } from '../../model/call-record.js'
import type { CallLog, CallPage, CallQuery } from '../../providers/provider.js'
import type { Mark } from './cursor.js'
import type { Judge } from './filter.js'
import { beforeAllOf, laterOf, positionOf, precedes, type LogPosition, type TimeOrder } from './order.js'

/** How to read one account, known once its part of the filter has been looked up; null: it can have no such call. */
export interface Opened {
  readonly log: CallLog
  readonly query: CallQuery
  readonly judge: Judge
}

export interface StreamSettings {
  readonly account: string
  /** Which way it is read: the list's order, or its reverse for pages before a cursor. */
  readonly reading: TimeOrder
  /** Strictly between these two places, in the order of reading; null is the end of the log. */
  readonly start: LogPosition | null
  readonly end: LogPosition | null
  readonly open: () => Promise<Opened | null>
  readonly detail: (call: CallRecord, log: CallLog) => Promise<Partial<CallRecord>>
  /** How many undecided calls have their details read at once. */
  readonly lookAhead: number
  /** False when as many requests have been sent as may be; asked again before each further one. */
  readonly mayAsk: () => boolean
  readonly mark: Mark
}

/** ENDED: read to its end. FAILED: the provider did. STOPPED: it would have taken too many requests. */
export type StreamState = 'OPEN' | 'ENDED' | 'FAILED' | 'STOPPED'

/** A provider that answers this often without a single call is not going to give one. */
const MAXIMUM_EMPTY_PAGES = 200

/** The matching calls of one account in order, one provider page in hand at most, the next one read only when it is needed. */
export class CallStream {
  readonly account: string
  /** The next matching call, once it has been found. */
  head: CallRecord | null = null
  state: StreamState = 'OPEN'
  /** Why it failed. */
  error: unknown = null
  /** Everything up to here, in the order of reading, has been given or does not match; null: nothing has been read. */
  readTo: LogPosition | null
  /** What the provider counts under the pushed-down filter; null when it did not say. */
  total: number | null = null
  pages = 0
  /** Calls the provider gave that nobody could read. */
  unreadable = 0
  matched = 0
  rejected = 0
  mark: Mark

  #pages: AsyncIterator<CallPage> | null = null
  #opened: Opened | null = null
  #calls: readonly CallRecord[] = []
  #next = 0
  /** How far the provider read for the calls in hand. */
  #readTo: string | null = null
  /** What the details said of the calls in hand. */
  #decided = new Map<string, boolean>()
  #hasProgressed = false

  constructor(private readonly settings: StreamSettings) {
    this.account = settings.account
    this.readTo = settings.start
    this.mark = settings.mark
  }

  /** One step towards the next head: the details of some calls in hand, or else the provider's next page. Never throws. */
  async advance(): Promise<void> {
    try {
      await (this.#next < this.#calls.length ? this.#decide() : this.#read())
    } catch (error) {
      this.error = error
      await this.#leave('FAILED')
    }
  }

  take(): CallRecord {
    const call = this.head as CallRecord
    this.head = null
    this.readTo = positionOf(call)
    this.#settle()
    return call
  }

  /** Tells the provider's side that nobody reads on. */
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
    this.mark = { ...this.mark, hint: page.value.hint }
    this.#calls = page.value.calls
    this.#readTo = page.value.readTo ?? null
    this.#next = 0
    this.#decided.clear()
    this.#settle()
  }

  /** Goes over the calls in hand as far as they can be judged without another request. */
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
    // Where all calls of a page began at the moment the reading did, a later reading would begin with the same ones.
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

  /** Reads the details of the next calls that need them, together, up to the first that needs none. */
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
      // What came before the one that failed stands: the gap begins at that call.
      if (answer.status === 'rejected') {
        this.#settle()
        if (this.head) return
        throw answer.reason
      }
      // A detail that leaves it open still says all there is to say: the call does not match as far as anyone knows.
      this.#decided.set(call.id, judge({ ...call, ...answer.value }) ?? false)
    }
    this.#settle()
  }

  /** The bound holds only once something has been judged: a walk that is stopped again and again still comes to its end. */
  #mayGoOn(): boolean {
    return this.settings.mayAsk() || (!this.#hasProgressed && this.pages < MAXIMUM_EMPTY_PAGES)
  }

  async #leave(state: StreamState): Promise<void> {
    this.state = state
    this.#calls = []
    if (state !== 'ENDED' || this.#pages) await this.close()
  }
}
