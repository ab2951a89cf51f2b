import { compareText } from '../../model/values/compare-text.js'
import { globalId } from '../../model/id.js'
import type { CallPosition } from '../provider.js'
import { inLogOrder, startOfCallId, type CallRow } from './call-rows.js'

/**
 * Joins rows to calls. The provider lists rows in order of time; the rows of one call (`linkedid`)
 * may lie far apart, on other pages, or beyond the end of what is read. A call is released once no
 * row of it can be missing, by two rules:
 *
 * - no row of a call begins before the second in its `linkedid` (less `CLOCK_SLACK`);
 * - each further row begins at most `LONGEST_SILENCE` after the end of the rows before it.
 *
 * Where reading on would not help (rows beyond the window) or would take too long (a call of hours
 * blocks those after it), the call's rows are looked up by its id, which is exact. An id without a
 * time is assumed to have no row more than `LOOK_AROUND` before the rows seen.
 */
const SECOND = 1000
const CLOCK_SLACK = 5 * SECOND
const LONGEST_SILENCE = 180 * SECOND
/**
 * How far beyond the wanted time rows are read, so that most calls across its bounds are complete.
 */
export const LOOK_AROUND = 900 * SECOND
/** Concurrent look-ups of calls by id. */
const MAX_LOOKUPS = 8

export interface RowPage {
  readonly rows: readonly CallRow[]
  /** Every row up to this time, in the order of reading, has been returned; ms. */
  readonly reached: number
  /** The last page of the window. */
  readonly last: boolean
  /** Rows of this page that could not be read. */
  readonly unreadable: number
}

export interface JoinOptions {
  readonly order: 'ASC' | 'DESC'
  /** Account key for global ids, which break ties. */
  readonly account: string
  /** Calls that began at or after this, ms; -Infinity for all. */
  readonly from: number
  /** Calls that began before this, ms; Infinity for all. */
  readonly until: number
  readonly after: CallPosition | null
  /** The part of the log that is read, ms. */
  readonly window: { readonly low: number; readonly high: number }
  /** The rows are a selection, so each call has to be completed by a look-up. */
  readonly selected: boolean
  readonly pages: AsyncIterable<RowPage>
  /** Looks up every row of one call. */
  readonly rowsOf: (call: string) => Promise<readonly CallRow[]>
}

export interface JoinedCall {
  readonly id: string
  /** In log order. */
  readonly rows: readonly CallRow[]
}

export interface JoinedCalls {
  readonly calls: readonly JoinedCall[]
  /** The whole log was read, in one page. */
  readonly everything: boolean
  /** Rows that could not be read and were left out. */
  readonly unreadable: number
}

/**
 * Yields calls in order, each once, with all its rows. Reads further pages, and looks calls up,
 * only as far as the consumer goes.
 */
export async function* joinRows(options: JoinOptions): AsyncGenerator<JoinedCalls> {
  const pending = new PendingCalls(options)
  let pages = 0
  for await (const page of options.pages) {
    pending.add(page)
    pages += 1
    const calls: JoinedCall[] = []
    for (;;) {
      calls.push(...pending.release())
      // The last calls are yielded together, so that `everything` is known.
      if (calls.length > 0 && !page.last) yield { calls: calls.splice(0), everything: false, unreadable: 0 }
      const blocking = pending.blocking()
      if (blocking.length === 0) break
      await Promise.all(blocking.map(async (call) => call.complete(await options.rowsOf(call.native))))
    }
    yield { calls, everything: page.last && pages === 1, unreadable: page.unreadable }
    if (page.last || pending.done()) return
  }
}

/** Calls of which some rows, perhaps not all, have been read. */
class PendingCalls {
  readonly #options: JoinOptions
  readonly #ascending: boolean
  readonly #open = new Map<string, PendingCall>()
  /**
   * Every row between these times has been read; one end is fixed, the other moves with each page.
   */
  #low: number
  #high: number
  #last = false
  #after: CallStart | null

  constructor(options: JoinOptions) {
    this.#options = options
    this.#ascending = options.order === 'ASC'
    this.#low = this.#ascending ? options.window.low : Infinity
    this.#high = this.#ascending ? -Infinity : options.window.high
    this.#after = options.after && { first: Date.parse(options.after.startedAt), id: options.after.id }
  }

  add({ rows, reached, last }: RowPage): void {
    for (const row of rows) {
      const known = this.#open.get(row.call)
      if (known) known.add(row)
      else this.#open.set(row.call, new PendingCall(row, globalId('CallRecord', this.#options.account, row.call)))
    }
    this.#last = last
    const { low, high } = this.#options.window
    if (this.#ascending) this.#high = last ? high : reached
    else this.#low = last ? low : reached
  }

  /** The calls that are complete, in order. */
  release(): JoinedCall[] {
    const released: JoinedCall[] = []
    for (const call of this.#inOrder()) {
      if (call.released || this.#isOutside(call)) continue
      if (!this.#isKnown(call) || !this.#isWithin(call.first)) break
      call.released = true
      this.#after = call
      released.push({ id: call.native, rows: inLogOrder(call.rows.values()) })
    }
    for (const [native, call] of this.#open) if (this.#isOver(call)) this.#open.delete(native)
    return released
  }

  /** The calls that block others and have to be looked up. */
  blocking(): PendingCall[] {
    const blocking: PendingCall[] = []
    for (const call of this.#inOrder()) {
      if (call.released || this.#isOutside(call)) continue
      if (
        !this.#isKnown(call)
          ? !this.#needsLookup(call) || blocking.push(call) === MAX_LOOKUPS
          : !this.#isWithin(call.first)
      )
        break
    }
    return blocking
  }

  /** No further wanted call can appear. */
  done(): boolean {
    const { from, until } = this.#options
    const beyond = this.#ascending ? this.#high >= until : this.#low < from
    return beyond && ![...this.#open.values()].some((call) => !call.released && !this.#isOutside(call))
  }

  #inOrder(): PendingCall[] {
    const sign = this.#ascending ? 1 : -1
    return [...this.#open.values()].sort((a, b) => sign * compare(a, b))
  }

  /** Certainly not wanted. The first row read only shows that the call began then or earlier. */
  #isOutside(call: PendingCall): boolean {
    const { from, until } = this.#options
    if (call.first < from) return true
    const certain = this.#isStartKnown(call)
    if (call.first >= until) return certain
    if (!this.#after) return false
    return this.#ascending ? compare(call, this.#after) <= 0 : certain && compare(call, this.#after) >= 0
  }

  #isKnown(call: PendingCall): boolean {
    return this.#isStartKnown(call) && this.#isEndKnown(call)
  }

  #isStartKnown(call: PendingCall): boolean {
    if (call.isComplete || this.#options.selected) return call.isComplete
    // Reading forwards, a call whose first row comes long after the time in its id may have been
    // released before.
    if (this.#ascending && call.idTime !== null && call.first - call.idTime > LONGEST_SILENCE) return false
    return this.#low === -Infinity || call.earliest - CLOCK_SLACK > this.#low
  }

  #isEndKnown(call: PendingCall): boolean {
    if (call.isComplete || this.#options.selected) return call.isComplete
    return this.#high === Infinity || call.last + LONGEST_SILENCE < this.#high
  }

  /** No unread call can come before or beside it. */
  #isWithin(first: number): boolean {
    return this.#ascending ? first < this.#high : first > this.#low
  }

  #needsLookup(call: PendingCall): boolean {
    if (this.#options.selected || this.#last) return true
    const waiting = this.#ascending ? !this.#isEndKnown(call) : !this.#isStartKnown(call)
    if (!waiting) return true
    return this.#ascending ? this.#high - call.first > LOOK_AROUND : this.#low - call.earliest > LOOK_AROUND
  }

  /** No further row of it can be read, so it can be forgotten. */
  #isOver(call: PendingCall): boolean {
    if (!call.released && !this.#isOutside(call)) return false
    return this.#ascending ? call.last + LONGEST_SILENCE < this.#high : call.earliest - CLOCK_SLACK > this.#low
  }
}

interface CallStart {
  readonly first: number
  readonly id: string
}

function compare(a: CallStart, b: CallStart): number {
  return a.first - b.first || compareText(a.id, b.id)
}

class PendingCall implements CallStart {
  readonly native: string
  readonly rows = new Map<string, CallRow>()
  /** The start time in its id, unless its rows contradict it. */
  readonly idTime: number | null
  first = Infinity
  last = -Infinity
  isComplete: boolean
  released = false

  constructor(
    row: CallRow,
    readonly id: string,
  ) {
    this.native = row.call
    const moment = startOfCallId(row.call)
    this.idTime = moment !== null && moment - CLOCK_SLACK <= row.startedAt ? moment : null
    this.isComplete = !row.joinable
    this.add(row)
  }

  /** No row of it begins before this. */
  get earliest(): number {
    return this.isComplete ? this.first : Math.min(this.first, this.idTime ?? this.first - LOOK_AROUND)
  }

  add(row: CallRow): void {
    this.rows.set(row.key, row)
    this.first = Math.min(this.first, row.startedAt)
    this.last = Math.max(this.last, row.endedAt)
  }

  complete(rows: readonly CallRow[]): void {
    for (const row of rows) this.add(row)
    this.isComplete = true
  }
}
