import type { CallPosition } from '../provider.js'
import type { Ordering } from './ordering.js'
import type { ReadPage, TablePage } from './table-page.js'

/**
 * One bound of the search; `time` and `span` (how much time a page covers) are null where no page
 * was read yet.
 */
interface SearchBound {
  readonly number: number
  readonly time: number | null
  readonly span: number | null
}

/**
 * Finds a page to start from: the first page, or one whose first row is earlier than `target`, so
 * that no row of `target` or later comes before it. Starts at `guess`, interpolates by the times,
 * and bisects when they mislead.
 */
export async function search<Row extends CallPosition>(
  read: ReadPage<Row>,
  order: Ordering,
  target: number,
  guess: number,
  fresh: boolean,
): Promise<TablePage<Row>> {
  let low: TablePage<Row> | null = null
  let high: SearchBound | null = null
  let number = Math.max(1, guess)
  for (let attempt = 0; ; attempt += 1) {
    const page = await read(number, fresh)
    const first = page.rows[0]
    const last = page.rows.at(-1)
    if (number > 1 && (!first || order.time(first.startedAt) >= target)) {
      high = {
        number: Math.min(number, page.lastPage + 1),
        time: first ? order.time(first.startedAt) : null,
        span: spanOf(page, order),
      }
    } else if (!last || number >= page.lastPage || order.time(last.startedAt) >= target) {
      return page
    } else {
      // A valid start, but perhaps too early.
      low = page
    }
    high ??= { number: page.lastPage + 1, time: order.farEnd(page.receivedAt), span: null }
    if (low && low.number + 1 >= high.number) return low
    number = between(boundOf(low, order), high, target, attempt)
  }
}

/** A page number strictly between the two bounds. */
function between(low: SearchBound, high: SearchBound, target: number, attempt: number): number {
  const room = high.number - low.number
  return Math.min(high.number - 1, Math.max(low.number + 1, low.number + Math.floor(share())))

  function share(): number {
    if (attempt % 3 === 2) return room / 2
    if (low.time !== null && high.time !== null && high.time > low.time)
      return (room * (target - low.time)) / (high.time - low.time)
    if (low.time !== null) return steps(target - low.time, low.span, attempt)
    if (high.time !== null) return room - steps(high.time - target, high.span, attempt)
    return room / 2
  }
}

/**
 * How many pages the time takes at the pace of the page read; doubled with each attempt, because
 * nights are quiet.
 */
const steps = (time: number, span: number | null, attempt: number) =>
  Math.ceil(time / Math.max(span ?? 0, 1_000)) * 2 ** attempt

function boundOf(page: TablePage | null, order: Ordering): SearchBound {
  const last = page?.rows.at(-1)
  return {
    number: page?.number ?? 0,
    time: last ? order.time(last.startedAt) : null,
    span: page && spanOf(page, order),
  }
}

function spanOf({ rows }: TablePage, order: Ordering): number | null {
  const [first, last] = [rows[0], rows.at(-1)]
  return first && last ? order.time(last.startedAt) - order.time(first.startedAt) : null
}
