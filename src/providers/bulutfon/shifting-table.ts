import { badResponse } from '../bad-response.js'
import type { CallPosition, CallQuery } from '../provider.js'
import { ordering, type Ordering } from './ordering.js'
import { RowsInOrder } from './rows-in-order.js'
import { search } from './search.js'
import type { ReadPage, TablePage } from './table-page.js'

/*
 * Reads a live table by page numbers. The provider has neither a cursor nor time bounds: it cuts
 * the whole table into numbered pages. While they are read, calls are added at the new end and,
 * when a long call ends, in the middle. That only pushes rows to later pages, so reading forwards
 * may see some rows twice but misses none, as long as no page is older than the one before it. A
 * page with a smaller total count than the page before it is older (or rows were deleted): then the
 * position is searched again.
 */

export interface OrderedRows<Row extends CallPosition> {
  /** In order, and after all rows before. */
  readonly rows: readonly Row[]
  /** The page these rows were read from. */
  readonly page: TablePage<Row>
}

export interface ReadRange extends Pick<CallQuery, 'order' | 'after'>, Pick<CallQuery['filter'], 'from' | 'until'> {
  /** The first page to try; any number will do. */
  readonly page: number
}

const MAX_EMPTY_PAGES = 3
const MAX_SEARCHES = 3

/**
 * Yields the rows after `after` and within `from` and `until`, in order, each once; ends with the
 * table or with the bounds.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE when the pages are not in order, repeat, or are empty
 * though more are announced
 */
export async function* readInOrder<Row extends CallPosition>(
  read: ReadPage<Row>,
  start: ReadRange,
): AsyncGenerator<OrderedRows<Row>> {
  const order = ordering(start)
  const inOrder = new RowsInOrder<Row>(order, start.after)
  let searches = 0
  let emptyPages = 0
  let page = order.target === null ? await read(1, false) : await search(read, order, order.target, start.page, false)

  for (let first = true; ; first = false) {
    assertOrdered(page, order)
    const ended = page.number >= page.lastPage
    const edge = page.rows.at(-1)?.startedAt
    const due = inOrder.take(page.rows, ended ? null : edge)
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

async function pageAfter<Row extends CallPosition>(read: ReadPage<Row>, page: TablePage<Row>): Promise<TablePage<Row>> {
  const next = await read(page.number + 1, false)
  const fresh = isOlder(next, page) ? await read(page.number + 1, true) : next
  // Repeated rows may be the effect of many new calls, but then the table has grown.
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

/** Reading relies on the requested order: in another order, calls would be missed silently. */
function assertOrdered(page: TablePage, order: Ordering): void {
  const unordered = page.rows.some(
    (row, index) => index > 0 && order.precedes(row.startedAt, page.rows[index - 1]!.startedAt),
  )
  // A page that is the whole table can be sorted here.
  if (unordered && page.lastPage > 1)
    throw badResponse('The provider does not give the calls in the order asked for', 'ORDER_IGNORED')
}
