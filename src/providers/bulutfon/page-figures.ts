import { count, type Received } from '../../model/values/wire-value.js'
import type { TablePage } from './table-page.js'
import type { WirePagination } from './wire.js'

interface ReadPage {
  /** From 1. */
  readonly number: number
  /** Rows that were asked for. */
  readonly size: number
  /** Rows that came. */
  readonly rows: number
}

export interface PageFigures extends Pick<TablePage, 'totalRows' | 'lastPage'> {
  /** Rows of a full page: fewer than were asked for where the provider gives smaller pages. */
  readonly perPage: number
}

/**
 * How long the table is, by what a page says of itself. The rows outrank the figures: those that
 * leave no room for the rows beside them are ignored, and without figures reading goes on until a
 * page is short or empty.
 */
export function pageFigures(pagination: Received<WirePagination>, { number, size, rows }: ReadPage): PageFigures {
  const told = count(pagination.limit) || null
  // Nobody gives more than was asked for: such a limit is that of another question.
  const limit = told !== null && told <= size ? told : null
  const total = count(pagination.total_count)
  const pages = count(pagination.total_pages)
  const perPage = rowsPerPage({ number, size: limit ?? size, rows }, total)
  const isPossible =
    rows === 0 || ((total ?? Infinity) >= (number - 1) * perPage + rows && (pages ?? Infinity) >= number)
  if (!isPossible || (total ?? pages) === null) {
    return { totalRows: null, lastPage: rows >= (limit ?? 1) ? number + 1 : number, perPage }
  }
  const needed = total === null ? 0 : Math.ceil(total / perPage)
  return {
    perPage,
    // More pages than the count fills: it may be that of one page.
    totalRows: rows > 0 && (pages ?? 0) > Math.max(1, needed) ? null : total,
    lastPage: Math.max(1, pages ?? 0, needed),
  }
}

/**
 * As many as asked for or said, where that fits the rows and the total: a short page is the last
 * one. Else as many as came: the provider gives smaller pages than it says.
 */
function rowsPerPage({ number, size, rows }: ReadPage, total: number | null): number {
  if (total === null || rows === 0) return size
  const read = (number - 1) * size + rows
  return (rows === size ? read <= total : read === total) ? size : rows
}
