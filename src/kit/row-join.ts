import { globalId } from '../model/id.js'
import { compareText } from '../model/values/compare-text.js'
import type { CallPosition } from '../providers/provider.js'

/** A call that ended this long before the end of what was read has no further rows there, ms. */
const QUIET_MS = 60 * 60_000
/** An id that names a second so long before its first row was made by a clock that was wrong, ms. */
const LONGEST_MS = 24 * 60 * 60_000

/** A row of a log that has several for one call: a phone that rang, a menu, a mailbox. Times in ms. */
export interface LogRow {
  /** Id of its call. */
  readonly call: string
  /** Names the row among those of its call. */
  readonly key: string
  readonly startedAt: number
  readonly endedAt: number
}

/** What joining has to know of rows. */
export interface RowRules<Row extends LogRow> {
  /** When a call began, by its id alone, ms; null where the id does not tell. */
  readonly birthOf: (call: string) => number | null
  /** The rows of one call in their order. */
  readonly inOrder: (rows: Iterable<Row>) => readonly Row[]
}

/** A call whose rows have been read. */
export interface JoinedCall<Row extends LogRow> {
  readonly call: string
  /** Global id, which breaks ties. */
  readonly id: string
  readonly startedAt: number
  /** In order. */
  readonly rows: readonly Row[]
}

/** Which calls are wanted, ms; the start is inclusive, the end is not. */
export interface WantedCalls {
  readonly order: 'ASC' | 'DESC'
  readonly from: number
  readonly until: number
  readonly after: CallPosition | null
}

/** What has been read of the log: from `low` to `high`, and whether nothing lies beyond. */
export interface Reach {
  readonly low: number
  readonly high: number
  readonly isBottom: boolean
  readonly isTop: boolean
}

/**
 * Joins rows to calls, and gives each out once no row of it can be missing: no row begins before the
 * second that the id of its call names, and rows that follow come soon after the last.
 */
export class RowJoin<Row extends LogRow> {
  readonly #account: string
  readonly #wanted: WantedCalls
  readonly #rules: RowRules<Row>
  readonly #open = new Map<string, Map<string, Row>>()
  readonly #released = new Set<string>()

  /** `account`: its key. */
  constructor(account: string, wanted: WantedCalls, rules: RowRules<Row>) {
    this.#account = account
    this.#wanted = wanted
    this.#rules = rules
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      if (this.#released.has(row.call)) continue
      const known = this.#open.get(row.call)
      if (known) known.set(row.key, row)
      else this.#open.set(row.call, new Map([[row.key, row]]))
    }
  }

  /** Whether a call began before what was read, by its id, so that its first rows may be missing. */
  reachesBelow(low: number): boolean {
    return [...this.#open].some(([call, rows]) => this.#beganBefore(this.#joined(call, rows), low))
  }

  /** The calls that are complete, in order, as far as none that is not comes before them. */
  release(reach: Reach): JoinedCall<Row>[] {
    const sign = this.#wanted.order === 'ASC' ? 1 : -1
    const sorted = [...this.#open].map(([call, rows]) => this.#joined(call, rows)).sort((a, b) => sign * compare(a, b))
    const released: JoinedCall<Row>[] = []
    for (const call of sorted) {
      if (!this.#isComplete(call, reach)) break
      this.#open.delete(call.call)
      this.#released.add(call.call)
      if (this.#isWanted(call)) released.push(call)
    }
    return released
  }

  #joined(call: string, rows: ReadonlyMap<string, Row>): JoinedCall<Row> {
    const ordered = this.#rules.inOrder(rows.values())
    return { call, id: globalId('CallRecord', this.#account, call), startedAt: ordered[0]!.startedAt, rows: ordered }
  }

  #isComplete(call: JoinedCall<Row>, { low, high, isBottom, isTop }: Reach): boolean {
    if (!isBottom && this.#beganBefore(call, low)) return false
    return isTop || Math.max(...call.rows.map(({ endedAt }) => endedAt)) < high - QUIET_MS
  }

  #isWanted(call: JoinedCall<Row>): boolean {
    const { order, from, until, after } = this.#wanted
    if (call.startedAt < from || call.startedAt >= until) return false
    if (after === null) return true
    const position = compare(call, { startedAt: Date.parse(after.startedAt), id: after.id })
    return order === 'ASC' ? position > 0 : position < 0
  }

  #beganBefore({ call, startedAt }: JoinedCall<Row>, low: number): boolean {
    const born = this.#rules.birthOf(call)
    return born !== null && born < low && startedAt - born < LONGEST_MS
  }
}

type Start = Pick<JoinedCall<LogRow>, 'startedAt' | 'id'>

const compare = (a: Start, b: Start): number => a.startedAt - b.startedAt || compareText(a.id, b.id)
