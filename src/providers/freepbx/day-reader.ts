import { badResponse, oncePer, readRecords, type AccountFacts, type Records, type Reply } from '../../provider.js'
import { ask, rowsOf, type Asking } from './ask.js'
import { dayOf, daysLater, endOf, lengthOf, type Days } from './call-days.js'
import { readRow, type CallRow } from './call-rows.js'
import { callsFreshness, FRESHNESS } from './freshness.js'
import { ANY_CALL, CALLS, CALLS_AFTER, type Question } from './questions.js'
import { RECORD_RULES } from './record-rules.js'

/** The rows of some days. */
export interface DayRows {
  readonly rows: readonly CallRow[]
  /** Rows that could not be read, and one where a day has more than came. */
  readonly unreadable: number
}

/** Rows of a look: one of them may be unreadable. */
const A_FEW = 5
/** Before every call. */
const LONG_AGO = '1970-01-01'

const rowsIn = oncePer((reply: Reply, account: AccountFacts, question: Question): Records<CallRow> => {
  const toRow = (value: unknown) => readRow(value, account.timeZone, reply.receivedAt)
  return readRecords(account, 'CallRow', RECORD_RULES.CallRow, rowsOf(reply, question, 'cdrs'), toRow)
})

/**
 * Reads the call log by days. There is no order that can be relied on, and no paging that works in
 * every release: fewer rows than were asked for are all of them.
 */
export class DayReader {
  readonly #asking: Asking
  readonly #account: AccountFacts
  readonly #rowsAtOnce: number

  constructor(asking: Asking, rowsAtOnce: number, account: AccountFacts) {
    this.#asking = asking
    this.#account = account
    this.#rowsAtOnce = rowsAtOnce
  }

  /** Null where these are more rows than come in one answer, and more days than one. */
  async read(days: Days): Promise<DayRows | null> {
    const { items, unreadable } = await this.#ask(CALLS, days, { first: this.#rowsAtOnce })
    if (items.length + unreadable < this.#rowsAtOnce) return { rows: items, unreadable }
    return lengthOf(days) === 1 ? this.#wholeDay(days, items, unreadable) : null
  }

  /** The rows of one day. */
  async day(day: string): Promise<DayRows> {
    return (await this.read({ first: day, last: day }))!
  }

  /** The first day that has a row; null where there is none. The rows of any day are sorted somehow. */
  async firstDay(): Promise<string | null> {
    const one = await ask(this.#asking, ANY_CALL, { first: A_FEW }, { freshness: FRESHNESS.beginning })
    let first = this.#dayIn(rowsIn(one, this.#account, ANY_CALL))
    if (first === null) return null
    for (let known = LONG_AGO; known < first;) {
      const earlier = await this.#anyUntil(daysLater(first, -1))
      if (earlier === null) return first
      first = earlier
      // Where the newest row comes first, one day after the other would be found: halves take fewer.
      const middle = daysLater(known, Math.floor((lengthOf({ first: known, last: first }) - 1) / 2))
      const found = await this.#anyUntil(middle)
      if (found === null) known = daysLater(middle, 1)
      else first = found
    }
    return first
  }

  async #anyUntil(last: string): Promise<string | null> {
    return this.#dayIn(await this.#ask(CALLS, { first: LONG_AGO, last }, { first: A_FEW }))
  }

  /** The earliest day in an answer. */
  #dayIn({ items, unreadable }: Records<CallRow>): string | null {
    if (items.length === 0 && unreadable > 0) throw badResponse('No row of the call log can be read', 'UNREADABLE')
    const [earliest] = items.map(({ startedAt }) => startedAt).sort((a, b) => a - b)
    return earliest === undefined ? null : dayOf(earliest, this.#account.timeZone)
  }

  /** A day that is larger than one answer: the rest by an offset, where two probes show that it works. */
  async #wholeDay(days: Days, items: readonly CallRow[], unreadable: number): Promise<DayRows> {
    const [one, next] = [
      await this.#ask(CALLS, days, { first: 1 }),
      await this.#ask(CALLS_AFTER, days, { first: 1, after: 1 }).catch(() => null),
    ]
    const works = next !== null && next.items[0] !== undefined && next.items[0].key !== one.items[0]?.key
    if (!works) return { rows: items, unreadable: unreadable + 1 }
    const rows = new Map(items.map((row) => [row.key, row]))
    let left = unreadable
    for (let after = this.#rowsAtOnce; ; after += this.#rowsAtOnce) {
      const page = await this.#ask(CALLS_AFTER, days, { first: this.#rowsAtOnce, after })
      for (const row of page.items) rows.set(row.key, row)
      left += page.unreadable
      if (page.items.length + page.unreadable < this.#rowsAtOnce) return { rows: [...rows.values()], unreadable: left }
    }
  }

  async #ask(
    question: Question,
    days: Days,
    size: { readonly first: number; readonly after?: number },
  ): Promise<Records<CallRow>> {
    const reading = { freshness: callsFreshness(endOf(days, this.#account.timeZone)), pushedDown: ['from', 'until'] }
    const variables = { ...size, startDate: days.first, endDate: days.last }
    return rowsIn(await ask(this.#asking, question, variables, reading), this.#account, question)
  }
}
