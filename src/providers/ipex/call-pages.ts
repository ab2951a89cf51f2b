import type { Query, ReadOptions, Rest } from '../../http/rest.js'
import { integer, list, received, type Received } from '../../model/values/wire-value.js'
import { badResponse } from '../bad-response.js'
import { reportRecordDrift, type ReportsDrift } from '../drift.js'
import { readRecords } from '../read-records.js'
import type { CallRows, RowPage } from './call-join.js'
import { RECORD_RULES } from './record-rules.js'
import { FRESHNESS, rowsFreshness } from './freshness.js'
import { readRow, type CallRow } from './call-rows.js'
import { decidedRows } from './repeated-hour.js'
import { wrongShape } from './list-response.js'
import type { WireCallPage } from './wire.js'

/** How calls are listed for this account. */
export interface CallListing extends ReportsDrift {
  readonly url: string
  /** Sent with every request, for example `pbxId`. */
  readonly always: Query
  /** Zone of requested times, and of times without an offset. */
  readonly timeZone: string
  readonly sortColumn: string
  readonly maxPageSize: number
}

export interface TimeRange {
  /** ms; infinite without a bound. */
  readonly low: number
  readonly high: number
}

/** What to read of a time range, and how the read is described. */
export interface RowQuery {
  readonly select?: Query
  readonly order: Direction
  readonly range: TimeRange
  readonly size: number
  readonly reading?: ReadOptions
}

export type Direction = 'ASC' | 'DESC'

/**
 * Both bounds are always sent: the server's defaults are not published. Bounds further out are
 * these: a server may refuse a year it cannot store.
 */
const EARLIEST = Date.parse('1970-01-01T00:00:00.000Z')
const LATEST = Date.parse('2100-01-01T00:00:00.000Z')

/**
 * Bounds may be inclusive or not, and precise to the second only: consecutive reads overlap by this
 * much.
 */
const OVERLAP = 1000
/**
 * Pages of one window before it counts as a loop: only calls of one second need more than one page.
 */
const MAX_PAGES = 200

/**
 * Reads the rows of a time range, page by page. Each further page is the first page of the rest of
 * the range, not page n of the whole: new rows shift nothing, and no limit on the number of rows is
 * met. Page numbers are used only where one second has more rows than the largest page.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE when the rows are not in order or the pages do not
 * end
 */
export async function* rowPages(
  rest: Rest,
  listing: CallListing,
  { select = {}, order, range, size, reading = { freshness: FRESHNESS.calls } }: RowQuery,
): AsyncGenerator<RowPage> {
  const forwards = order === 'ASC'
  let left = range
  let page = 1
  let rowsPerPage = Math.min(size, listing.maxPageSize)
  let reached = forwards ? range.low : range.high
  for (;;) {
    const { more, unreadable, ...read } = await readPage(rest, listing, {
      query: { ...select, ...bounds(left), ...sorting(listing, order) },
      ...{ page, pageSize: rowsPerPage, reading, forwards, low: left.low },
    })
    checkOrder(read.rows, forwards)
    const { rows, end } = forwards
      ? { ...read, end: read.rows.at(-1)?.startedAt }
      : decidedRows(read.rows, reached, more === true && rowsPerPage < listing.maxPageSize)
    const isFurther = end !== undefined && (forwards ? end > reached : end < reached)
    if (isFurther) reached = end
    const goesOn = more ?? isFurther
    yield { rows, reached, last: !goesOn, unreadable }
    if (!goesOn) return

    const next = forwards ? { low: reached - OVERLAP, high: left.high } : { low: left.low, high: reached + OVERLAP }
    if (forwards ? next.low > left.low : next.high < left.high) {
      left = next
      page = 1
      rowsPerPage = Math.min(rowsPerPage * 2, listing.maxPageSize)
    } else if (rowsPerPage < listing.maxPageSize) {
      // Rows of one moment have no stable order across requests: better all of them on one page.
      rowsPerPage = Math.min(rowsPerPage * 2, listing.maxPageSize)
    } else if (++page > MAX_PAGES) throw loop()
  }
}

/** Merges several selections of one range: a row is returned as soon as any of them has it. */
export async function* mergeRowPages(
  streams: readonly AsyncGenerator<RowPage>[],
  order: Direction,
): AsyncGenerator<RowPage> {
  const read = async (stream: AsyncGenerator<RowPage>) => ({ stream, page: (await stream.next()).value as RowPage })
  let heads = await Promise.all(streams.map(read))
  let rows = heads.flatMap(({ page }) => page.rows)
  let unreadable = heads.reduce((sum, { page }) => sum + page.unreadable, 0)
  for (;;) {
    heads = heads
      .filter(({ page }) => !page.last)
      .sort((a, b) => (order === 'ASC' ? 1 : -1) * (a.page.reached - b.page.reached))
    const [behind, ...others] = heads
    if (!behind) {
      yield { rows, reached: order === 'ASC' ? Infinity : -Infinity, last: true, unreadable }
      return
    }
    yield { rows, reached: behind.page.reached, last: false, unreadable }
    const next = await read(behind.stream)
    rows = [...next.page.rows]
    unreadable = next.page.unreadable
    heads = [next, ...others]
  }
}

/** Every row of one call, at any time; rows of similar ids are left out. */
export async function rowsOfCall(rest: Rest, listing: CallListing, call: string): Promise<CallRows> {
  const rows = new Map<string, CallRow>()
  let unreadable = 0
  const range = { low: -Infinity, high: Infinity }
  for await (const page of rowPages(rest, listing, {
    select: { linkedid: call },
    order: 'ASC',
    range,
    size: ROWS_OF_ONE_CALL,
    reading: { freshness: rowsFreshness(listing.timeZone), keys: 1 },
  })) {
    for (const row of page.rows) if (row.call === call) rows.set(row.key, row)
    unreadable += page.unreadable
  }
  return { rows: [...rows.values()], unreadable }
}

const ROWS_OF_ONE_CALL = 500

interface PageRequest {
  readonly query: Query
  readonly page: number
  readonly pageSize: number
  readonly reading: ReadOptions
  readonly forwards: boolean
  /** No row begins before this, ms. */
  readonly low: number
}

/** `more`: null where the totals say nothing, or contradict the rows: then what is new on a page tells. */
async function readPage(
  rest: Rest,
  listing: CallListing,
  { query, page, pageSize, reading, forwards, low }: PageRequest,
): Promise<{ rows: readonly CallRow[]; more: boolean | null; unreadable: number }> {
  const asked = { ...listing.always, timezone: listing.timeZone, ...query, page, pageSize }
  const { body, receivedAt } = await rest.get(listing.url, asked, reading)
  const envelope = received<WireCallPage>(body)
  const items = list(envelope?.items ?? [])
  if (!envelope || !items) throw wrongShape('/calls', 'a page of calls')
  const [current, total] = [integer(envelope.currentPage), integer(envelope.totalPages)]
  if (current !== null && (total ?? 0) > 0 && current !== page) throw loop()
  reportRecordDrift(listing, 'CallPage', RECORD_RULES.CallPage, body)
  // Read in order of time, in which a wall clock that goes back shows the repeated hour.
  let notBefore = low - OVERLAP
  const toRow = (item: unknown) => {
    const row = readRow(item, listing.timeZone, receivedAt, notBefore)
    notBefore = row?.startedAt ?? notBefore
    return row
  }
  const records = readRecords(listing, 'CallRow', RECORD_RULES.CallRow, forwards ? items : items.toReversed(), toRow)
  return {
    rows: forwards ? records.items : records.items.toReversed(),
    unreadable: records.unreadable,
    more: saysMore(envelope, { page, pageSize, rows: items.length }),
  }
}

/**
 * Whether there are more pages, by what this one says of itself; null where it says nothing, or where
 * its number of pages leaves no room for the rows beside it or for all the rows it counts: a server
 * may give smaller pages than the ones it counts.
 */
function saysMore(
  { totalPages, totalResults }: Received<WireCallPage>,
  { page, pageSize, rows }: { readonly page: number; readonly pageSize: number; readonly rows: number },
): boolean | null {
  const [pages, results] = [integer(totalPages), integer(totalResults)]
  if (rows === 0) return pages !== null && pages > page
  if (pages === null || pages < page) return rows >= pageSize || null
  return pages > page || ((results ?? 0) > (page - 1) * pageSize + rows ? null : false)
}

const bounds = ({ low, high }: TimeRange): Query => ({
  startTime: instant(low),
  endTime: instant(high),
})

const instant = (time: number) => new Date(Math.min(Math.max(time, EARLIEST), LATEST)).toISOString()

const sorting = ({ sortColumn }: CallListing, order: Direction): Query => ({
  sortColumn,
  sortDirection: order.toLowerCase(),
})

/** Reading relies on the order; a server without this column may use its own. */
function checkOrder(rows: readonly CallRow[], forwards: boolean): void {
  const sorted = rows.every(({ startedAt }, index) => {
    const before = rows[index - 1]?.startedAt ?? startedAt
    return forwards ? before <= startedAt : before >= startedAt
  })
  if (sorted) return
  throw badResponse(
    'GET /calls does not list calls in the order asked for: check options.sortColumn of the account',
    'WRONG_ORDER',
  )
}

const loop = () =>
  badResponse('GET /calls answered another page than the one asked for, or pages without end', 'PAGINATION_LOOP')
