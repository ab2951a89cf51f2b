import { compareText } from '../../model/values/compare-text.js'
import { CLOCK_SLACK, endOrStart, startOfCallId, type CallRow } from './call-rows.js'

export interface CallStart {
  readonly first: number
  readonly id: string
}

export const compareStarts = (a: CallStart, b: CallStart): number => a.first - b.first || compareText(a.id, b.id)

const SECOND = 1000
/** A row written later than this after its end was changed since. */
const A_DAY = 86_400 * SECOND

/** A call of which some rows, perhaps not all, have been read. Times in ms. */
export class PendingCall implements CallStart {
  readonly native: string
  readonly rows = new Map<string, CallRow>()
  /** The start time in its id, unless its rows contradict it. */
  readonly idTime: number | null
  first = Infinity
  /** The start of its last row. */
  lastStart = -Infinity
  /** It went on at least until then: its rows ended then, or were written, which is when their channel ended. */
  until = -Infinity
  /** No row of it is missing: it was looked up, or is a single one. */
  isComplete: boolean
  #end = -Infinity
  #talkedUntil = -Infinity

  constructor(
    row: CallRow,
    readonly id: string,
    private readonly isTaken: (row: CallRow) => boolean,
    /** Reading forwards: how far it had been read before; rows may have been added there since. */
    private readonly readBefore: number,
  ) {
    this.native = row.call
    const moment = startOfCallId(row.call)
    this.idTime = moment !== null && moment - CLOCK_SLACK <= row.startedAt ? moment : null
    this.isComplete = !row.joinable
    this.add(row)
  }

  /** No row of it begins before this. */
  get earliest(): number {
    return this.isComplete ? this.first : this.idTime === null ? -Infinity : Math.min(this.first, this.idTime)
  }

  /** Whether rows of it may lie where it had been read before. */
  get mayLieBehind(): boolean {
    return this.earliest < Math.min(this.readBefore, this.first)
  }

  /** Whether it ended, as far as it was read, with somebody talking. */
  get endedInTalk(): boolean {
    return this.#talkedUntil >= this.#end - SECOND
  }

  add(row: CallRow): void {
    // The second reading of a repeated hour is only taken where other rows prove it.
    const known = this.rows.get(row.key)
    if (known && known.startedAt >= row.startedAt) return
    this.rows.set(row.key, row)
    const end = endOrStart(row)
    this.first = Math.min(...Array.from(this.rows.values(), ({ startedAt }) => startedAt))
    this.lastStart = Math.max(this.lastStart, row.startedAt)
    this.#end = Math.max(this.#end, end)
    if (this.isTaken(row)) this.#talkedUntil = Math.max(this.#talkedUntil, end)
    const isWrittenByCall = row.writtenAt !== null && row.writtenAt - end < A_DAY
    this.until = Math.max(this.until, end, isWrittenByCall ? (row.writtenAt as number) : end)
  }

  complete(rows: readonly CallRow[]): void {
    for (const row of rows) this.add(row)
    this.isComplete = true
  }
}
