import { globalId } from '../../model/id.js'
import type { CallPosition } from '../provider.js'
import { inTellingOrder, momentOf, type CallRow } from './call-rows.js'

/**
 * Rows to calls. The provider lists rows in order of time, and the rows of one call (`linkedid`) may lie far apart, on
 * other pages, and beyond the end of what is read. A call is given out once no row of it can be missing, by two rules:
 *
 * - no row of a call begins before the second its `linkedid` names (`CLOCK_SLACK` spared for clocks);
 * - each further row begins before, or at most `LONGEST_SILENCE` after, the end of the rows before it.
 *
 * Where reading on would not help (rows beyond the edge of the window) or would take too long (a call of hours holds back
 * those after it), the call's own rows are asked for by its id, which is exact. An id that tells no time is taken to have
 * no row more than `LOOK_AROUND` before the ones that were seen.
 */
const SECOND = 1000
const CLOCK_SLACK = 5 * SECOND
const LONGEST_SILENCE = 180 * SECOND
/** How far around the wanted time rows are read, to see most calls that cross its edges whole. */
export const LOOK_AROUND = 900 * SECOND
/** Calls asked for by id at once. */
const LOOK_UPS = 8

export interface RowPage {
  readonly rows: readonly CallRow[]
  /** Every row up to here, in the order of reading, has been given; ms. */
  readonly reached: number
  /** Nothing follows within the window. */
  readonly last: boolean
  /** Rows of this page that could not be read. */
  readonly unreadable: number
}

export interface Joining {
  readonly order: 'ASC' | 'DESC'
  /** Account key, for global ids: they break ties. */
  readonly account: string
  /** Calls that began at or after this, ms; -Infinity: all. */
  readonly from: number
  /** Calls that began before this, ms; Infinity: all. */
  readonly until: number
  readonly after: CallPosition | null
  /** What of the log is read at all, ms. */
  readonly window: { readonly low: number; readonly high: number }
  /** The rows read are a selection, so that each call has to be completed. */
  readonly selected: boolean
  readonly pages: AsyncIterable<RowPage>
  /** Every row of one call. */
  readonly rowsOf: (call: string) => Promise<readonly CallRow[]>
}

export interface JoinedCall {
  readonly id: string
  /** As they are told: by time. */
  readonly rows: readonly CallRow[]
}

export interface JoinedCalls {
  readonly calls: readonly JoinedCall[]
  /** The log is at its end, and this was all of it in one page. */
  readonly everything: boolean
  /** Rows that could not be read and are left out. */
  readonly unreadable: number
}

/**
 * Calls in order, none twice, each with all its rows. Reads on, and asks for single calls, only as far as the reader
 * goes.
 */
export async function* joinRows(joining: Joining): AsyncGenerator<JoinedCalls> {
  const desk = new Desk(joining)
  let pages = 0
  for await (const page of joining.pages) {
    desk.admit(page)
    pages += 1
    const calls: JoinedCall[] = []
    for (;;) {
      calls.push(...desk.release())
      // At the end everything is given out together, so that the reader can be told that it is everything.
      if (calls.length > 0 && !page.last) yield { calls: calls.splice(0), everything: false, unreadable: 0 }
      const stuck = desk.stuck()
      if (stuck.length === 0) break
      await Promise.all(stuck.map(async (call) => call.complete(await joining.rowsOf(call.native))))
    }
    yield { calls, everything: page.last && pages === 1, unreadable: page.unreadable }
    if (page.last || desk.done()) return
  }
}

/** The calls under way: some rows seen, perhaps not all. */
class Desk {
  readonly #joining: Joining
  readonly #ascending: boolean
  readonly #open = new Map<string, OpenCall>()
  /** Every row in between has been seen; one end stands still, the other moves as pages arrive. */
  #low: number
  #high: number
  #last = false
  #after: Position | null

  constructor(joining: Joining) {
    this.#joining = joining
    this.#ascending = joining.order === 'ASC'
    this.#low = this.#ascending ? joining.window.low : Infinity
    this.#high = this.#ascending ? -Infinity : joining.window.high
    this.#after = joining.after && { first: Date.parse(joining.after.startedAt), id: joining.after.id }
  }

  admit({ rows, reached, last }: RowPage): void {
    for (const row of rows) {
      const known = this.#open.get(row.call)
      if (known) known.add(row)
      else this.#open.set(row.call, new OpenCall(row, globalId('CallRecord', this.#joining.account, row.call)))
    }
    this.#last = last
    const { low, high } = this.#joining.window
    if (this.#ascending) this.#high = last ? high : reached
    else this.#low = last ? low : reached
  }

  /** The calls that can be given out now, in order. */
  release(): JoinedCall[] {
    const released: JoinedCall[] = []
    for (const call of this.#inOrder()) {
      if (call.released || this.#unwanted(call)) continue
      if (!this.#known(call) || !this.#within(call.first)) break
      call.released = true
      this.#after = call
      released.push({ id: call.native, rows: inTellingOrder(call.rows.values()) })
    }
    for (const [native, call] of this.#open) if (this.#passed(call)) this.#open.delete(native)
    return released
  }

  /** Calls that hold back the others and have to be asked for. */
  stuck(): OpenCall[] {
    const stuck: OpenCall[] = []
    for (const call of this.#inOrder()) {
      if (call.released || this.#unwanted(call)) continue
      if (!this.#known(call) ? !this.#needsAsking(call) || stuck.push(call) === LOOK_UPS : !this.#within(call.first))
        break
    }
    return stuck
  }

  /** No call that is wanted can come any more. */
  done(): boolean {
    const { from, until } = this.#joining
    const beyond = this.#ascending ? this.#high >= until : this.#low < from
    return beyond && ![...this.#open.values()].some((call) => !call.released && !this.#unwanted(call))
  }

  #inOrder(): OpenCall[] {
    const sign = this.#ascending ? 1 : -1
    return [...this.#open.values()].sort((a, b) => sign * compare(a, b))
  }

  /** Surely not among the calls asked for. The first row seen says no more than that the call began then or earlier. */
  #unwanted(call: OpenCall): boolean {
    const { from, until } = this.#joining
    if (call.first < from) return true
    const certain = this.#startKnown(call)
    if (call.first >= until) return certain
    if (!this.#after) return false
    return this.#ascending ? compare(call, this.#after) <= 0 : certain && compare(call, this.#after) >= 0
  }

  #known(call: OpenCall): boolean {
    return this.#startKnown(call) && this.#endKnown(call)
  }

  #startKnown(call: OpenCall): boolean {
    if (call.whole || this.#joining.selected) return call.whole
    // Read forwards, a call that shows itself long after its birth may be one that was given out already.
    if (this.#ascending && call.born !== null && call.first - call.born > LONGEST_SILENCE) return false
    return this.#low === -Infinity || call.earliest - CLOCK_SLACK > this.#low
  }

  #endKnown(call: OpenCall): boolean {
    if (call.whole || this.#joining.selected) return call.whole
    return this.#high === Infinity || call.last + LONGEST_SILENCE < this.#high
  }

  /** Nothing unseen can stand before or beside it. */
  #within(first: number): boolean {
    return this.#ascending ? first < this.#high : first > this.#low
  }

  #needsAsking(call: OpenCall): boolean {
    if (this.#joining.selected || this.#last) return true
    const waiting = this.#ascending ? !this.#endKnown(call) : !this.#startKnown(call)
    if (!waiting) return true
    return this.#ascending ? this.#high - call.first > LOOK_AROUND : this.#low - call.earliest > LOOK_AROUND
  }

  /** No further row of it can be read, so it need not be remembered. */
  #passed(call: OpenCall): boolean {
    if (!call.released && !this.#unwanted(call)) return false
    return this.#ascending ? call.last + LONGEST_SILENCE < this.#high : call.earliest - CLOCK_SLACK > this.#low
  }
}

interface Position {
  readonly first: number
  readonly id: string
}

function compare(a: Position, b: Position): number {
  return a.first - b.first || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

class OpenCall implements Position {
  readonly native: string
  readonly rows = new Map<string, CallRow>()
  /** When it began by its id, unless its rows say otherwise. */
  readonly born: number | null
  first = Infinity
  last = -Infinity
  whole: boolean
  released = false

  constructor(
    row: CallRow,
    readonly id: string,
  ) {
    this.native = row.call
    const moment = momentOf(row.call)
    this.born = moment !== null && moment - CLOCK_SLACK <= row.startedAt ? moment : null
    this.whole = !row.joinable
    this.add(row)
  }

  /** No row of it begins before this. */
  get earliest(): number {
    return this.whole ? this.first : Math.min(this.first, this.born ?? this.first - LOOK_AROUND)
  }

  add(row: CallRow): void {
    this.rows.set(row.key, row)
    this.first = Math.min(this.first, row.startedAt)
    this.last = Math.max(this.last, row.endedAt)
  }

  complete(rows: readonly CallRow[]): void {
    for (const row of rows) this.add(row)
    this.whole = true
  }
}
