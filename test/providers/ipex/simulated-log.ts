import type { Query, Reply, Rest } from '../../../src/http/rest.js'

export interface SimulatedRow {
  readonly linkedid: string
  readonly uniqueid: string
  /** ms */
  readonly start: number
  readonly end: number
  readonly src: string
  readonly dst: string
  /** Nobody took the call in it. */
  readonly missed?: boolean
  /** When it was written, ms; not told without. */
  readonly stamp?: number
}

export interface Server {
  /** Whether the bounds belong to what is asked for. */
  readonly inclusive: boolean
  /** Times without their milliseconds. */
  readonly wholeSeconds: boolean
  /** Draws in [0, 1), for the order of rows of one moment, which no server promises. */
  readonly random: () => number
  /** Whether rows of one moment change places from one request to the next. */
  readonly restless?: boolean
  /** Rows beyond this many of one question are refused. */
  readonly rowCap?: number
  /** Times are those of a clock on the wall in this zone, without an offset. */
  readonly wallClock?: string
}

/** `GET /calls` as a table: bounds, `linkedid`, `src`, `dst`, order and pages; nothing else of the API. */
export class SimulatedLog {
  readonly rows: SimulatedRow[] = []
  readonly queries: Query[] = []
  /** Called before each answer: calls may arrive. */
  beforeAnswer: () => void = () => {}

  constructor(private readonly server: Server) {}

  readonly rest: Rest = {
    get: async (_url, query = {}) => this.#answer(query),
    find: async () => null,
    post: async () => Promise.reject(new Error('nothing is posted')),
    write: async () => Promise.reject(new Error('nothing is written')),
    file: async () => null,
    identity: async () => ({}),
  }

  readonly #ties = new Map<SimulatedRow, number>()

  #tie(row: SimulatedRow): number {
    const tie = this.#ties.get(row) ?? this.server.random()
    this.#ties.set(row, tie)
    return tie
  }

  #written(time: number): string {
    const { wallClock: timeZone } = this.server
    if (timeZone === undefined) return new Date(time).toISOString()
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(time)
  }

  #answer(query: Query): Reply {
    this.beforeAnswer()
    this.queries.push(query)
    const { inclusive, wholeSeconds, random } = this.server
    const shown = (time: number) => (wholeSeconds ? Math.floor(time / 1000) * 1000 : time)
    const [low, high] = [Date.parse(String(query['startTime'])), Date.parse(String(query['endTime']))]
    const sign = query['sortDirection'] === 'desc' ? -1 : 1
    const found = this.rows
      .filter((row) =>
        inclusive
          ? shown(row.start) >= low && shown(row.start) <= high
          : shown(row.start) > low && shown(row.start) < high,
      )
      .filter((row) =>
        (['linkedid', 'src', 'dst'] as const).every((key) => query[key] === undefined || query[key] === row[key]),
      )
      .map((row) => ({ row, tie: this.server.restless ? random() : this.#tie(row) }))
      .sort((a, b) => sign * (shown(a.row.start) - shown(b.row.start)) || a.tie - b.tie)
      .map(({ row }) => row)
    const [page, pageSize] = [Number(query['page']), Number(query['pageSize'])]
    if (page * pageSize > (this.server.rowCap ?? Infinity)) throw new Error('beyond the row cap')
    const items = found.slice((page - 1) * pageSize, page * pageSize).map((row) => ({
      ...{
        linkedid: row.linkedid,
        uniqueid: row.uniqueid,
        src: row.src,
        dst: row.dst,
        line: row.dst,
        way: 'In',
        disposition: row.missed ? 'NO ANSWER' : 'ANSWERED',
        ...(row.stamp !== undefined && { stamp: this.#written(shown(row.stamp)) }),
      },
      calldate: this.#written(shown(row.start)),
      endTime: this.#written(shown(row.end)),
      billsec: 1,
      duration: 1,
    }))
    const body = {
      items,
      currentPage: page,
      totalPages: Math.max(1, Math.ceil(found.length / pageSize)),
      totalResults: found.length,
    }
    return { status: 200, headers: {}, body, receivedAt: '2026-11-11T15:00:00.000Z' }
  }
}
