import type { CallPosition, CallQuery } from '../provider.js'
import { ordering } from './ordering.js'
import type { TablePage } from './table-page.js'

/*
 * The provider cuts its table into numbered pages of the size that is asked for. A reader who goes
 * on in the middle of one page would need that page and the next, so the table is cut anew: into
 * pages of a size by which one of them begins shortly before the place, and holds what is needed.
 */

/** The table cut into pages, and the one to begin with. */
export interface PageCut {
  /** Rows of a page. */
  readonly size: number
  /** From 1. */
  readonly number: number
  /** Rows of the provider's largest page; null while it is not known. */
  readonly largest: number | null
}

/** Asked for in addition to what is expected, because the last second of a page is held back. */
const SPARE_ROWS = 10
const SMALLEST_PAGE = 25
/** A page is known to begin early enough by rows before the place, which may share its second. */
const ROWS_BEFORE = 3

/** In which order a place was counted, rows before it, rows of the table, and the provider's largest page where it is known. */
const HINT = /^(ASC|DESC) (\d{1,9}) (\d{1,9})(?: (\d{1,4}))?$/

/** The cut to read a query by: with few requests where its hint is right, and rightly in any case. */
export function pageCut({ hint, order, filter, expected }: CallQuery, mostRows: number): PageCut {
  const [, counted, before, total, told] = HINT.exec(hint ?? '') ?? []
  const largest = Number(told ?? 0) || null
  const most = Math.min(mostRows, largest ?? mostRows)
  const { directions, dispositions, kinds, extensionNumbers } = filter
  // A reader who filters calls out needs full pages; one who takes every call, what it expects.
  const isFiltered = (directions ?? dispositions ?? kinds ?? extensionNumbers) !== null
  const needed = isFiltered ? most : Math.max(SMALLEST_PAGE, expected + SPARE_ROWS)
  if (counted === undefined) return { size: Math.min(most, needed), number: 1, largest }
  // In the other order the same place is counted from the other end.
  const place = counted === order ? Number(before) : Number(total) - Number(before)
  const smallest = isFiltered ? most : Math.min(most, SMALLEST_PAGE)
  return { ...bestCut(Math.max(0, place - ROWS_BEFORE), needed + ROWS_BEFORE, smallest, most), largest }
}

/** The cut by which the fewest pages hold so many rows from `place` on, and of those the smallest. */
function bestCut(place: number, wanted: number, smallest: number, most: number): Omit<PageCut, 'largest'> {
  let best = { size: smallest, pages: Infinity }
  for (let size = smallest; size <= most && best.pages > 1; size += 1) {
    const pages = Math.ceil(((place % size) + wanted) / size)
    if (pages < best.pages) best = { size, pages }
  }
  return { size: best.size, number: Math.floor(place / best.size) + 1 }
}

/** Hints for who goes on with this page, or within it or after it. `size`: rows of a full page. */
export function hintsOf(
  { number, rows, totalRows }: Pick<TablePage, 'number' | 'rows' | 'totalRows'>,
  order: CallQuery['order'],
  size: number,
  cut: PageCut,
): { readonly hint: string; readonly hintAt: (position: CallPosition) => string } {
  const largest = size < cut.size ? size : cut.largest
  const { compare } = ordering({ order, after: null, from: null, until: null })
  const hint = (before: number) =>
    `${order} ${(number - 1) * size + before} ${totalRows ?? 0}${largest === null ? '' : ` ${largest}`}`
  return {
    hint: hint(0),
    hintAt: (position) => hint(rows.filter((row) => compare(row, position) <= 0).length),
  }
}
