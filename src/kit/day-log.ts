import type { CallRecord } from '../model/call-record.js'
import { dayOf, daysLater, endOf, lengthOf, startOf, type Days } from '../model/values/days.js'
import { badResponse } from '../providers/bad-response.js'
import type { AccountFacts, CallFilter, CallLog, CallPage, CallQuery } from '../providers/provider.js'
import type { Records } from '../providers/read-records.js'
import { firstDayOf } from './first-day.js'
import { RowJoin, type JoinedCall, type LogRow, type RowRules } from './row-join.js'

/** Most days that are asked for at once, where there was no call before; then it is asked whether there is any. */
const LONGEST_GAP = 1024

/** Further ahead no day is looked at, ms. */
const LONG = 366 * 24 * 60 * 60_000

/** A log that can be asked for by whole days alone. */
export interface DayLog<Row extends LogRow> extends RowRules<Row> {
  /**
   * The rows of these days in the account's zone, in any order. Null where they are more than one answer
   * holds: then fewer days are asked for, unless it is one, whose rows are given as far as they come,
   * with one more `unreadable`.
   */
  readonly read: (days: Days) => Promise<Records<Row> | null>
  /** A few rows of days up to this one; null: of any day at all. None: there is none. */
  readonly some: (last: string | null) => Promise<Records<Row>>
  /** A call of all its rows, which are in order. */
  readonly toCall: (rows: readonly Row[]) => CallRecord
}

/** How much is asked for at once. */
export interface DayLogOptions {
  readonly daysAtOnce: number
  /** The rows that one answer holds at most. */
  readonly rowsAtOnce: number
}

/**
 * A call log in order over an API that has neither an order nor pages that can be relied on, and whose
 * calls are several rows: whole days are read, as many at once as suits the number of their rows, and
 * rows of one call are joined over days. A call is found by its id where that tells its time.
 */
export function callLogByDays<Row extends LogRow>(
  log: DayLog<Row>,
  { daysAtOnce, rowsAtOnce }: DayLogOptions,
  account: AccountFacts,
): CallLog {
  const dayAt = (time: number) => dayOf(time, account.timeZone)
  const readDay = async (day: string) => (await log.read({ first: day, last: day }))!

  async function* pages(query: CallQuery): AsyncGenerator<CallPage> {
    const { order, after, filter } = query
    // No call is older than what Unix counts from.
    const from = filter.from === null ? -Infinity : Math.max(0, Date.parse(filter.from))
    const until = filter.until === null ? Infinity : Date.parse(filter.until)
    const position = after === null ? null : Date.parse(after.startedAt)
    if (from >= until || until <= 0) return
    const now = account.now?.() ?? Date.now()
    // Rows of a call may lie on the day after it began; a clock may be ahead of ours.
    const end = Math.min(until, now, order === 'DESC' ? (position ?? until) : until)
    const last = daysLater(dayAt(end), 1)
    const begin = order === 'ASC' && position !== null ? Math.max(from, position) : from
    const first = begin === -Infinity ? null : dayAt(Math.min(begin, now + LONG))
    if (first !== null && first > last) return
    const join = new RowJoin<Row>(account.key, { order, from, until, after }, log)
    const walk = order === 'ASC' ? upwards(first, last, join) : downwards(first, last, join)
    let isFirst = true
    for await (const { calls, unreadable, isLast } of walk) {
      const counts = isFirst && isLast && after === null && unreadable === 0
      isFirst = false
      yield {
        calls: calls.map(({ rows }) => log.toCall(rows)),
        totalCount: counts ? calls.length : null,
        hint: null,
        unreadable,
      }
    }
  }

  interface Step {
    readonly calls: readonly JoinedCall<Row>[]
    readonly unreadable: number
    readonly isLast: boolean
  }

  /** Newest first. `wanted`: the first day that is; null: that of the log. */
  async function* downwards(wanted: string | null, last: string, join: RowJoin<Row>): AsyncGenerator<Step> {
    const size = new WindowSize(daysAtOnce, rowsAtOnce)
    const high = endOf({ first: last, last }, account.timeZone)
    let first = wanted
    for (let top = last; ;) {
      const begin = daysLater(top, 1 - size.days)
      const day = first !== null && begin < first ? first : begin
      const read = await log.read({ first: day, last: top })
      size.adapt(read?.items.length ?? Infinity)
      if (read === null) continue
      join.add(read.items)
      const isGap = read.items.length === 0 && lengthOf({ first: day, last: top }) >= LONGEST_GAP
      if (isGap) first = later(first, (await firstDayOf(log.some, account.timeZone)) ?? day)
      const low = startOf(day, account.timeZone)
      const isBottom = first !== null && day <= first
      // Calls that began before the first day that is wanted are known by their rows of the day before.
      const more = isBottom && join.reachesBelow(low) ? await readDay(daysLater(day, -1)) : null
      if (more) join.add(more.items)
      const calls = join.release({ low, high, isBottom, isTop: true })
      yield { calls, unreadable: read.unreadable + (more?.unreadable ?? 0), isLast: isBottom }
      if (isBottom) return
      top = daysLater(day, -1)
    }
  }

  /** Oldest first, to the last day. */
  async function* upwards(wanted: string | null, last: string, join: RowJoin<Row>): AsyncGenerator<Step> {
    const size = new WindowSize(daysAtOnce, rowsAtOnce)
    const first = wanted ?? (await firstDayOf(log.some, account.timeZone))
    if (first === null) return
    const low = startOf(first, account.timeZone)
    for (let day = first; day <= last;) {
      const end = daysLater(day, size.days - 1)
      const days = { first: day, last: end < last ? end : last }
      const read = await log.read(days)
      size.adapt(read?.items.length ?? Infinity)
      if (read === null) continue
      join.add(read.items)
      const more = day === first && join.reachesBelow(low) ? await readDay(daysLater(day, -1)) : null
      if (more) join.add(more.items)
      const isTop = days.last >= last
      const reach = { low, high: endOf(days, account.timeZone), isBottom: true, isTop }
      yield { calls: join.release(reach), unreadable: read.unreadable + (more?.unreadable ?? 0), isLast: isTop }
      day = daysLater(days.last, 1)
    }
  }

  return {
    pushdown: (filter: CallFilter) => (['from', 'until'] as const).filter((field) => filter[field] !== null),
    pages,
    /** An id says when its call began: its rows are of that day or the next. */
    async byId(id) {
      const born = log.birthOf(id)
      if (born === null) return null
      const day = dayAt(born)
      const next = daysLater(day, 1)
      const both = await log.read({ first: day, last: next })
      const days = both ? [both] : [await readDay(day), await readDay(next)]
      const found = log.inOrder(days.flatMap(({ items }) => items).filter(({ call }) => call === id))
      if (found.length > 0) return log.toCall(found)
      if (days.some(({ unreadable }) => unreadable > 0))
        throw badResponse('The day of this call has rows that could not be read', 'UNREADABLE')
      return null
    },
  }
}

const later = (one: string | null, other: string): string => (one === null || other > one ? other : one)

/** How many days are asked for next. */
class WindowSize {
  days: number

  constructor(
    private readonly most: number,
    private readonly rows: number,
  ) {
    // Today and tomorrow, where it is later than here.
    this.days = Math.min(2, most)
  }

  /** After an answer with so many rows; Infinity: with more than came. */
  adapt(rows: number): void {
    if (rows === 0) this.days = Math.min(LONGEST_GAP, 8 * this.days)
    else if (rows === Infinity) this.days = Math.max(1, Math.floor(this.days / 2))
    else if (rows < this.rows / 8) this.days = Math.min(this.most, 2 * this.days)
    else this.days = Math.min(this.most, this.days)
  }
}
