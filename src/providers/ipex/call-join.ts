import { globalId } from '../../model/id.js'
import type { CallPosition } from '../provider.js'
import { CLOCK_SLACK, inLogOrder, type CallRow } from './call-rows.js'
import { compareStarts, PendingCall, type CallStart } from './pending-call.js'

/**
 * Joins rows to calls. The provider lists rows in order of time; the rows of one call (`linkedid`)
 * may lie far apart, on other pages, or beyond the end of what is read. A call is released once no
 * row of it can be missing:
 *
 * - no row of a call begins before the second in its `linkedid` (less `CLOCK_SLACK`);
 * - a call that nobody has taken may have further rows at any time: a queue rings nobody for as long
 *   as its agents are busy;
 * - a call that somebody took goes on at once or not at all, unless a row of it was written later:
 *   rows are written when their channel ends, so it had not ended.
 *
 * Reading forwards, a call nobody took is therefore looked up, as only the end of the log would show
 * that it has no later rows; one that was taken lacks those behind a hole where `stamp` is not told.
 *
 * Reading backwards comes by the later rows first. Where they have not been read, and reading on
 * would not help (rows beyond the window) or would take too long (a call of hours blocks those after
 * it), the call's rows are looked up by its id, which is exact; so are those of an id without a time.
 */
const SECOND = 1000
/** Time within which a call that goes on at once has its next row: a transfer, a menu, a greeting. */
const AT_ONCE = 180 * SECOND
/**
 * How far beyond the wanted time rows are read, so that most calls across its bounds are complete.
 */
export const LOOK_AROUND = 900 * SECOND
/** In hints; ids have none. */
const BETWEEN_IDS = '\n'
/** A hint is part of cursors; without one, calls are looked up that would not have to be. */
const LONGEST_HINT = 300
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
  /** `JoinedCalls.hint` of the read that `after` is from; null: unknown. */
  readonly hint: string | null
  /** The part of the log that is read, ms. */
  readonly window: { readonly low: number; readonly high: number }
  /** The rows are a selection, so each call has to be completed by a look-up. */
  readonly selected: boolean
  readonly pages: AsyncIterable<RowPage>
  /** Whether a person took the call in this row. */
  readonly isTaken: (row: CallRow) => boolean
  /** Looks up every row of one call. */
  readonly rowsOf: (call: string) => Promise<CallRows>
}

/** The rows of one call, and how many of them could not be read. */
export interface CallRows {
  readonly rows: readonly CallRow[]
  readonly unreadable: number
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
  /**
   * Reading backwards, from the newest row on: the calls that have rows far from their first, which
   * a later read begins behind. It then knows of all other calls that they have none.
   */
  readonly hint: string | null
}

/**
 * Yields calls in order, each once, with all its rows. Reads further pages, and looks calls up,
 * only as far as the consumer goes.
 */
export async function* joinRows(options: JoinOptions): AsyncGenerator<JoinedCalls> {
  const pending = new PendingCalls(options)
  let pages = 0
  let unreadable = 0
  const lookUp = async (call: PendingCall) => {
    const found = await options.rowsOf(call.native)
    unreadable += found.unreadable
    call.complete(found.rows)
  }
  for await (const page of options.pages) {
    pending.add(page)
    pages += 1
    unreadable += page.unreadable
    const released: PendingCall[] = []
    const joined = (everything: boolean): JoinedCalls => {
      const calls = released.splice(0)
      const told = { calls: calls.map(joinedCall), everything, unreadable, hint: pending.hint(calls) }
      unreadable = 0
      return told
    }
    for (;;) {
      released.push(...pending.release())
      // The last calls are yielded together, so that `everything` is known.
      if (released.length > 0 && !page.last) yield joined(false)
      const blocking = pending.blocking()
      if (blocking.length === 0) break
      await Promise.all(blocking.map(lookUp))
    }
    yield joined(page.last && pages === 1)
    if (page.last || pending.done()) return
  }
}

const joinedCall = ({ native, rows }: PendingCall): JoinedCall => ({ id: native, rows: inLogOrder(rows.values()) })

/** Calls of which some rows, perhaps not all, have been read. */
class PendingCalls {
  readonly #options: JoinOptions
  readonly #ascending: boolean
  readonly #open = new Map<string, PendingCall>()
  /** Calls that are released, or not wanted: further rows of theirs are ignored. */
  readonly #settled = new Set<string>()
  /** Reading backwards: the calls that have rows above the window; null where that is unknown. */
  readonly #beyond: Set<string> | null
  /**
   * Every row between these times has been read; one end is fixed, the other moves with each page.
   */
  #low: number
  #high: number
  /** The upper end of the window; Infinity where nothing lies above it. */
  #end: number
  #last = false
  #after: CallStart | null

  constructor(options: JoinOptions) {
    this.#options = options
    this.#ascending = options.order === 'ASC'
    this.#end = options.window.high
    this.#low = this.#ascending ? options.window.low : Infinity
    this.#high = this.#ascending ? -Infinity : this.#end
    this.#beyond = this.#ascending || options.hint === null ? null : new Set(options.hint.split(BETWEEN_IDS))
    this.#after = options.after && { first: Date.parse(options.after.startedAt), id: options.after.id }
  }

  add({ rows, reached, last }: RowPage): void {
    const { account, window, isTaken } = this.#options
    // No row begins after the moment of reading.
    if (rows[0] && Date.parse(rows[0].readAt) <= this.#end) this.#end = Infinity
    const idOf = (call: string) => globalId('CallRecord', account, call)
    const readBefore = this.#ascending ? this.#high : -Infinity
    for (const row of rows) {
      if (this.#settled.has(row.call)) continue
      const known = this.#open.get(row.call)
      if (known) known.add(row)
      else this.#open.set(row.call, new PendingCall(row, idOf(row.call), isTaken, readBefore))
    }
    this.#last = last
    if (this.#ascending) this.#high = last ? this.#end : reached
    else [this.#low, this.#high] = [last ? window.low : reached, this.#end]
  }

  /** The calls that are complete, in order. */
  release(): PendingCall[] {
    const released: PendingCall[] = []
    for (const call of this.#inOrder()) {
      if (!this.#isOutside(call)) {
        if (!this.#isKnown(call) || !this.#isWithin(call.first)) break
        this.#after = call
        released.push(call)
      }
      this.#settled.add(call.native)
      this.#open.delete(call.native)
    }
    return released
  }

  /** See JoinedCalls; `released` are the calls it is yielded with. */
  hint(released: readonly PendingCall[]): string | null {
    if (this.#ascending || (this.#beyond === null && this.#end !== Infinity)) return null
    const isSpread = ({ lastStart, first, idTime }: PendingCall) => lastStart - (idTime ?? first) > LOOK_AROUND
    const spread = [...released, ...this.#open.values()].filter(isSpread).map(({ native }) => native)
    const behind = [...(this.#beyond ?? [])].filter((call) => !this.#settled.has(call))
    const hint = [...new Set([...spread, ...behind])].join(BETWEEN_IDS)
    return hint.length > LONGEST_HINT ? null : hint
  }

  /** The calls that block others and have to be looked up. */
  blocking(): PendingCall[] {
    const blocking: PendingCall[] = []
    for (const call of this.#inOrder()) {
      if (this.#isOutside(call)) continue
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
    return beyond && ![...this.#open.values()].some((call) => !this.#isOutside(call))
  }

  #inOrder(): PendingCall[] {
    const sign = this.#ascending ? 1 : -1
    return [...this.#open.values()].sort((a, b) => sign * compareStarts(a, b))
  }

  /** Certainly not wanted. The first row read only shows that the call began then or earlier. */
  #isOutside(call: PendingCall): boolean {
    const { from, until } = this.#options
    if (call.first < from) return true
    const certain = this.#isStartKnown(call)
    if (call.first >= until) return certain
    if (!this.#after) return false
    return this.#ascending ? compareStarts(call, this.#after) <= 0 : certain && compareStarts(call, this.#after) >= 0
  }

  #isKnown(call: PendingCall): boolean {
    return this.#isStartKnown(call) && this.#isEndKnown(call)
  }

  #isStartKnown(call: PendingCall): boolean {
    if (call.isComplete || this.#options.selected) return call.isComplete
    if (this.#ascending && call.mayLieBehind) return false
    return this.#low === -Infinity || call.earliest - CLOCK_SLACK > this.#low
  }

  #isEndKnown(call: PendingCall): boolean {
    if (call.isComplete || this.#options.selected) return call.isComplete
    if (this.#high === Infinity) return true
    if (this.#beyond !== null) return !this.#beyond.has(call.native)
    return call.endedInTalk && call.until + AT_ONCE < this.#high
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
}
