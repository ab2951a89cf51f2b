import { InvalidInput } from '../errors.js'
import type { CallClass } from './call-class.js'
import type { Calendar } from './calendar.js'
import { Figures } from './figures.js'
import { isByTime, type Grouping, type RowPlace } from './grouping.js'
import type { ParticipantKind } from './participants.js'
import type { Sum } from './sum.js'

/** Rows of one question, before the first of them are taken: each holds its waits in memory. */
const MOST_ROWS = 100_000

export interface StatisticsRow {
  readonly place: RowPlace
  readonly figures: Figures
}

/** Somebody who took part in a call. */
export interface TookPart {
  /** Global id; null: nobody did that is known. */
  readonly id: string | null
  /** Whether it is a call of theirs: others count it, and nothing else of it. */
  readonly isHandler: boolean
}

/** Those who took part in a call, by kind; empty where none did that is known. */
export interface WhoTookPart extends Partial<Readonly<Record<ParticipantKind, readonly TookPart[]>>> {
  /** Of those who come again and again. */
  readonly found?: FoundRows
}

/** Where calls of the same people were added the last time: the rows of one table and time, by class. */
export class FoundRows {
  instants: object | null = null
  readonly rows = new Map<CallClass, readonly FoundRow[]>()
}

interface FoundRow {
  readonly row: Figures
  readonly isTheirs: boolean
}

type Instants = Pick<RowPlace, 'period' | 'hourOfDay' | 'dayOfWeek'>

/** Rows that calls are added to, and their total. */
export class StatisticsTable {
  readonly #rows = new Map<string, StatisticsRow>()
  readonly #grouping: Grouping
  readonly #calendar: Calendar
  /** Of calls that may be in several rows, or in none of those that are theirs. */
  readonly #ownTotal: Figures | null
  /** The sum of all rows; null: not added up yet. */
  #totalOfRows: Figures | null = null
  #moment = Number.NaN
  #instants: Instants = NO_INSTANTS
  /** Of the moment, where rows are told apart by nothing else. */
  #rowOfMoment: Figures | null = null

  constructor(grouping: Grouping, calendar: Calendar) {
    this.#grouping = grouping
    this.#calendar = calendar
    this.#ownTotal = grouping.participants.length > 0 ? new Figures() : null
  }

  get total(): Figures {
    return this.#ownTotal ?? (this.#totalOfRows ??= totalOf(this.#rows.values()))
  }

  /**
   * Adds calls of one class, account and moment with `add`: once to the total, and once to each row
   * they belong to; to those of who has only rung, no more than that there were so many.
   * @throws InvalidInput when there are too many rows
   */
  add(
    { moment, account, of, who }: { moment: number; account: string; of: CallClass; who: WhoTookPart },
    calls: number,
    add: (sum: Sum) => void,
  ): void {
    const instants = this.#at(moment)
    if (!this.#ownTotal) {
      this.#totalOfRows = null
      return this.#rowOf(instants, account, of).add(of, calls, add)
    }
    this.#ownTotal.add(of, calls, add)
    for (const { row, isTheirs } of this.#rowsOf(instants, account, of, who)) {
      if (isTheirs) row.add(of, calls, add)
      else row.addOthers(of, calls)
    }
  }

  addTable(other: StatisticsTable): void {
    this.#totalOfRows = null
    this.#ownTotal?.addFigures(other.total)
    for (const { place, figures } of other.#rows.values()) this.#row(place).addFigures(figures)
  }

  /** By time, then those with the most calls first, in an order that stays between equals. */
  rows(): readonly StatisticsRow[] {
    return [...this.#rows.entries()]
      .map(([key, row]) => ({ key, row, calls: row.figures.calls }))
      .sort(
        (one, other) =>
          compareTimes(one.row.place, other.row.place) || other.calls - one.calls || (one.key < other.key ? -1 : 1),
      )
      .map(({ row }) => row)
  }

  /** The rows of who took part, and in which of them a call is one of theirs. */
  #rowsOf(instants: Instants, account: string, of: CallClass, who: WhoTookPart): readonly FoundRow[] {
    const { found } = who
    if (!found) return this.#findRows(instants, account, of, who)
    if (found.instants !== instants) found.rows.clear()
    found.instants = instants
    let rows = found.rows.get(of)
    if (!rows) found.rows.set(of, (rows = this.#findRows(instants, account, of, who)))
    return rows
  }

  #findRows(instants: Instants, account: string, of: CallClass, who: WhoTookPart): readonly FoundRow[] {
    const place = this.#placeOf(instants, account, of)
    return partsOf(who.EXTENSION).flatMap((extension) =>
      partsOf(who.GROUP).flatMap((group) =>
        partsOf(who.DID).map((did) => ({
          row: this.#row({ ...place, extension: extension.id, group: group.id, did: did.id }),
          isTheirs: extension.isHandler && group.isHandler && did.isHandler,
        })),
      ),
    )
  }

  /** The one row of calls that are not told apart by who took part. */
  #rowOf(instants: Instants, account: string, of: CallClass): Figures {
    if (this.#rowOfMoment) return this.#rowOfMoment
    const row = this.#row(this.#placeOf(instants, account, of))
    const by = this.#grouping
    if (!by.account && !by.direction && !by.disposition) this.#rowOfMoment = row
    return row
  }

  /** Whoever took part. */
  #placeOf(instants: Instants, account: string, { direction, disposition }: CallClass): RowPlace {
    const by = this.#grouping
    return {
      ...instants,
      account: by.account ? account : null,
      direction: by.direction ? direction : null,
      disposition: by.disposition ? disposition : null,
      ...{ extension: null, group: null, did: null },
    }
  }

  #row(place: RowPlace): Figures {
    const { period, hourOfDay, dayOfWeek, account, direction, disposition, extension, group, did } = place
    const key = `${period}|${dayOfWeek}|${hourOfDay}|${account}|${direction}|${disposition}|${extension}|${group}|${did}`
    let row = this.#rows.get(key)
    if (!row) {
      if (this.#rows.size >= MOST_ROWS)
        throw new InvalidInput(
          `callStatistics would have more than ${MOST_ROWS} rows: ask for less time, or group by less.`,
        )
      this.#rows.set(key, (row = { place, figures: new Figures() }))
    }
    return row.figures
  }

  #at(moment: number): Instants {
    if (moment === this.#moment || !isByTime(this.#grouping)) return this.#instants
    const by = this.#grouping
    this.#moment = moment
    const period = by.period && this.#calendar.startOf(by.period, moment)
    const hourOfDay = by.hourOfDay ? this.#calendar.hourOfDay(moment) : null
    const dayOfWeek = by.dayOfWeek ? this.#calendar.dayOfWeek(moment) : null
    const last = this.#instants
    if (period === last.period && hourOfDay === last.hourOfDay && dayOfWeek === last.dayOfWeek) return last
    this.#rowOfMoment = null
    return (this.#instants = { period, hourOfDay, dayOfWeek })
  }
}

function totalOf(rows: Iterable<StatisticsRow>): Figures {
  const total = new Figures()
  for (const { figures } of rows) total.addFigures(figures)
  return total
}

const NO_INSTANTS: Instants = { period: null, hourOfDay: null, dayOfWeek: null }
const NOBODY: readonly TookPart[] = [{ id: null, isHandler: true }]

/** Calls in which none took part that is known have a row as well. */
const partsOf = (parts: readonly TookPart[] | undefined): readonly TookPart[] =>
  parts === undefined || parts.length === 0 ? NOBODY : parts

const compareTimes = (one: RowPlace, other: RowPlace): number =>
  (one.period ?? 0) - (other.period ?? 0) ||
  (one.dayOfWeek ?? 0) - (other.dayOfWeek ?? 0) ||
  (one.hourOfDay ?? 0) - (other.hourOfDay ?? 0)
