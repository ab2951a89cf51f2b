import { compareText, globalId, type CallPosition } from '../../provider.js'
import { birthOf, inOrder, type CallRow } from './call-rows.js'

/** A call that ended this long before the last day that was read has no further rows there, ms. */
const QUIET_MS = 60 * 60_000
/** An id that names a second so long before its first row was made by a clock that was wrong, ms. */
const LONGEST_MS = 24 * 60 * 60_000

/** A call whose rows have been read. */
export interface JoinedCall {
  readonly call: string
  /** Global id, which breaks ties. */
  readonly id: string
  readonly startedAt: number
  /** In order. */
  readonly rows: readonly CallRow[]
}

/** Which calls are wanted, ms; the start is inclusive, the end is not. */
export interface Wanted {
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
 * Joins rows to calls by `linkedid`, and gives each out once no row of it can be missing: no row
 * begins before the second that its id names, and rows that follow come soon after the last.
 */
export class CallJoin {
  readonly #account: string
  readonly #wanted: Wanted
  readonly #open = new Map<string, Map<string, CallRow>>()
  readonly #released = new Set<string>()

  constructor(account: string, wanted: Wanted) {
    this.#account = account
    this.#wanted = wanted
  }

  add(rows: readonly CallRow[]): void {
    for (const row of rows) {
      if (this.#released.has(row.call)) continue
      const known = this.#open.get(row.call)
      if (known) known.set(row.key, row)
      else this.#open.set(row.call, new Map([[row.key, row]]))
    }
  }

  /** Whether a call began before what was read, by its id, so that its first rows may be missing. */
  reachesBelow(low: number): boolean {
    return [...this.#open].some(([call, rows]) => beganBefore(this.#joined(call, rows), low))
  }

  /** The calls that are complete, in order, as far as none that is not comes before them. */
  release(reach: Reach): JoinedCall[] {
    const sign = this.#wanted.order === 'ASC' ? 1 : -1
    const sorted = [...this.#open].map(([call, rows]) => this.#joined(call, rows)).sort((a, b) => sign * compare(a, b))
    const released: JoinedCall[] = []
    for (const call of sorted) {
      if (!this.#isComplete(call, reach)) break
      this.#open.delete(call.call)
      this.#released.add(call.call)
      if (this.#isWanted(call)) released.push(call)
    }
    return released
  }

  #joined(call: string, rows: ReadonlyMap<string, CallRow>): JoinedCall {
    const ordered = inOrder(rows.values())
    return { call, id: globalId('CallRecord', this.#account, call), startedAt: ordered[0]!.startedAt, rows: ordered }
  }

  #isComplete(call: JoinedCall, { low, high, isBottom, isTop }: Reach): boolean {
    if (!isBottom && beganBefore(call, low)) return false
    return isTop || Math.max(...call.rows.map(({ endedAt }) => endedAt)) < high - QUIET_MS
  }

  #isWanted(call: JoinedCall): boolean {
    const { order, from, until, after } = this.#wanted
    if (call.startedAt < from || call.startedAt >= until) return false
    if (after === null) return true
    const position = compare(call, { startedAt: Date.parse(after.startedAt), id: after.id })
    return order === 'ASC' ? position > 0 : position < 0
  }
}

function beganBefore({ call, startedAt }: JoinedCall, low: number): boolean {
  const born = birthOf(call)
  return born !== null && born < low && startedAt - born < LONGEST_MS
}

const compare = (a: Pick<JoinedCall, 'startedAt' | 'id'>, b: Pick<JoinedCall, 'startedAt' | 'id'>): number =>
  a.startedAt - b.startedAt || compareText(a.id, b.id)
