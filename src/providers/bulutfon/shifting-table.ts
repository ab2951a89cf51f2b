import { badResponse } from '../bad-response.js'
import type { CallPosition, CallQuery } from '../provider.js'
import { ordering, type Ordering } from './ordering.js'
import { search } from './search.js'
import type { ReadPage, TablePage } from './table-page.js'

/*
 * Reading a live table by page numbers. The provider has no cursor and no bounds in time: it cuts the whole table into numbered pages,
 * and while they are read calls are added to it, at its new end and, when a long call ends, in its midst. That only ever pushes rows
 * to later pages, so reading forwards meets some twice and misses none, as long as no page is older than the one before it. A page
 * that counts fewer rows than the page before it is older (or rows were deleted): then the place is looked for again.
 */

export interface OrderedRows<Row extends CallPosition> {
  /** In order, and after all that was given before. */
  readonly rows: readonly Row[]
  /** The page that was read for them. */
  readonly page: TablePage<Row>
}

export interface ReadRange extends Pick<CallQuery, 'order' | 'after'>, Pick<CallQuery['filter'], 'from' | 'until'> {
  /** Where to look first; any number will do. */
  readonly page: number
}

const MAX_EMPTY_PAGES = 3
const MAX_SEARCHES = 3

/** The rows after `after` and within `from` and `until`, in order, none twice; ends with the table or with the bounds. */
export async function* readInOrder<Row extends CallPosition>(
  read: ReadPage<Row>,
  start: ReadRange,
): AsyncGenerator<OrderedRows<Row>> {
  const order = ordering(start)
  const held = new Map<string, Row>()
  let last = start.after
  let searches = 0
  let emptyPages = 0
  let page = order.target === null ? await read(1, false) : await search(read, order, order.target, start.page, false)

  for (let first = true; ; first = false) {
    assertOrdered(page, order)
    const ended = page.number >= page.lastPage
    const edge = page.rows.at(-1)?.startedAt
    for (const row of page.rows) {
      if ((last === null || order.compare(last, row) < 0) && !order.isBeforeBounds(row)) held.set(row.id, row)
    }
    const due = release(held, ended ? null : edge, order)
    last = due.at(-1) ?? last
    const rows = due.filter((row) => !order.isAfterBounds(row))
    if (rows.length > 0 || first || page.unreadable > 0) yield { rows, page }
    if (ended || (edge !== undefined && order.isAfterBounds({ startedAt: edge }))) return

    if (rows.length > 0) searches = 0
    emptyPages = page.rows.length + page.unreadable === 0 ? emptyPages + 1 : 0
    if (emptyPages >= MAX_EMPTY_PAGES)
      throw badResponse('The provider announces more calls and gives empty pages', 'EMPTY_PAGES')
    const next = await pageAfter(read, page)
    const lost = isOlder(next, page) && edge !== undefined && ++searches <= MAX_SEARCHES
    page = lost ? await search(read, order, order.time(edge), page.number, true) : next
  }
}

/** Rows of the edge's second may go on over it, and only all of them together can be put in order: they are held back. */
function release<Row extends CallPosition>(
  held: Map<string, Row>,
  edge: string | null | undefined,
  order: Ordering,
): Row[] {
  const due = [...held.values()].filter(
    (row) => edge === null || (edge !== undefined && order.precedes(row.startedAt, edge)),
  )
  for (const row of due) held.delete(row.id)
  return due.sort(order.compare)
}

async function pageAfter<Row extends CallPosition>(read: ReadPage<Row>, page: TablePage<Row>): Promise<TablePage<Row>> {
  const next = await read(page.number + 1, false)
  const fresh = isOlder(next, page) ? await read(page.number + 1, true) : next
  // The same rows again are what many new calls look like, and then the table has grown.
  const repeats =
    fresh.rows.length > 0 &&
    fresh.rows.length === page.rows.length &&
    fresh.rows.every((row, index) => row.id === page.rows[index]!.id)
  if (repeats && fresh.totalRows === page.totalRows)
    throw badResponse('The provider gives the same page of calls for every page number', 'PAGINATION_LOOP')
  return fresh
}

const isOlder = (page: TablePage, than: TablePage) =>
  page.totalRows !== null && than.totalRows !== null && page.totalRows < than.totalRows

/** Everything here rests on the order that was asked for, and a table in another order would look like one without the calls. */
function assertOrdered(page: TablePage, order: Ordering): void {
  const unordered = page.rows.some(
    (row, index) => index > 0 && order.precedes(row.startedAt, page.rows[index - 1]!.startedAt),
  )
  // One page that is the whole table can be put in order here.
  if (unordered && page.lastPage > 1)
    throw badResponse('The provider does not give the calls in the order asked for', 'ORDER_IGNORED')
}
