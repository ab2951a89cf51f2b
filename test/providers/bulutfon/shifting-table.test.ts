import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { readInOrder, type ReadRange } from '../../../src/providers/bulutfon/shifting-table.js'
import type { ReadPage, TablePage } from '../../../src/providers/bulutfon/table-page.js'
import type { CallPosition } from '../../../src/providers/provider.js'
import { cases } from '../../support/proof.js'

const SECOND = 1000
const ORIGIN = Date.parse('2026-03-01T00:00:00.000Z')
const at = (second: number) => new Date(ORIGIN + second * SECOND).toISOString()

/** A table like the provider's: sorted by time with arbitrary ties, numbered pages, growing while it is read. */
class LiveTable {
  readonly rows: CallPosition[]
  requests = 0
  /** Rows added before the next pages are served, one list per page. */
  readonly arrivals: CallPosition[][] = []

  constructor(
    rows: readonly CallPosition[],
    readonly order: 'ASC' | 'DESC',
    readonly size: number,
  ) {
    this.rows = [...rows]
    this.#sort()
  }

  readonly read: ReadPage<CallPosition> = async (number) => {
    this.requests += 1
    if (this.requests > 500) throw new Error('reads without end')
    this.rows.push(...(this.arrivals.shift() ?? []))
    this.#sort()
    return this.page(number)
  }

  page(number: number): TablePage<CallPosition> {
    return {
      number,
      rows: this.rows.slice((number - 1) * this.size, number * this.size),
      unreadable: 0,
      totalRows: this.rows.length,
      lastPage: Math.max(1, Math.ceil(this.rows.length / this.size)),
      receivedAt: at(2_000),
    }
  }

  /** Ties are in reverse order of their ids, so that a reader who trusts the table's order fails. */
  #sort(): void {
    const sign = this.order === 'ASC' ? 1 : -1
    this.rows.sort((a, b) => sign * (Date.parse(a.startedAt) - Date.parse(b.startedAt)) || (a.id < b.id ? sign : -sign))
  }
}

async function readAll(
  table: Pick<LiveTable, 'read'>,
  start: Partial<ReadRange> & Pick<ReadRange, 'order'>,
): Promise<CallPosition[]> {
  const rows: CallPosition[] = []
  for await (const stretch of readInOrder(table.read, { after: null, from: null, until: null, page: 1, ...start }))
    rows.push(...stretch.rows)
  return rows
}

const compare = (a: CallPosition, b: CallPosition) =>
  a.startedAt + a.id < b.startedAt + b.id ? -1 : a.startedAt + a.id > b.startedAt + b.id ? 1 : 0

function expected(
  rows: readonly CallPosition[],
  { order, after, from, until }: Omit<ReadRange, 'page'>,
): CallPosition[] {
  const sign = order === 'ASC' ? 1 : -1
  return [...rows]
    .sort((a, b) => sign * compare(a, b))
    .filter(
      (row) =>
        (after === null || sign * compare(row, after) > 0) &&
        (from === null || row.startedAt >= from) &&
        (until === null || row.startedAt < until),
    )
}

const ids = (rows: readonly CallPosition[]) => rows.map((row) => row.id)

/** Few seconds and many rows make ties the rule. */
const rowsArbitrary = (most: number, seconds: number) =>
  fc
    .array(fc.nat(seconds), { maxLength: most, size: 'max' })
    .map((times) => times.map((second, index) => ({ startedAt: at(second), id: `c${String(index).padStart(4, '0')}` })))

const moment = fc.option(fc.nat(1_000).map(at), { nil: null })

describe('reading a table that stands still', () => {
  test.each(['ASC', 'DESC'] as const)(
    'gives a call that is listed with two times once, at the time that comes first: %s',
    async (order) => {
      for (const size of [1, 2, 3, 10]) {
        const rows = [1, 2, 3, 4, 5].map((second) => ({
          startedAt: at(second),
          id: second === 5 ? 'c1' : `c${second}`,
        }))
        const read = await readAll(new LiveTable(rows, order, size), { order })
        expect(ids(read)).toEqual(order === 'ASC' ? ['c1', 'c2', 'c3', 'c4'] : ['c1', 'c4', 'c3', 'c2'])
      }
    },
  )

  test('gives exactly the rows after the position and within the bounds, in order, wherever it is told to look first', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary(120, 1_000).chain((rows) =>
          fc.tuple(fc.constant(rows), fc.option(fc.nat(Math.max(0, rows.length - 1)), { nil: null })),
        ),
        fc.constantFrom('ASC' as const, 'DESC' as const),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: -3, max: 200 }),
        moment,
        moment,
        async ([rows, position], order, size, page, from, until) => {
          const start = { order, after: position === null ? null : (rows[position] ?? null), from, until }
          const read = await readAll(new LiveTable(rows, order, size), { ...start, page })
          expect(ids(read)).toEqual(ids(expected(rows, start)))
        },
      ),
      { numRuns: cases(600) },
    )
  })

  test('is also exact where dozens of calls share one second and straddle pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary(80, 3),
        fc.constantFrom('ASC' as const, 'DESC' as const),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(79),
        async (rows, order, size, index) => {
          const start = { order, after: rows[index] ?? null, from: null, until: null }
          expect(ids(await readAll(new LiveTable(rows, order, size), start))).toEqual(ids(expected(rows, start)))
        },
      ),
      { numRuns: cases(400) },
    )
  })

  test('finds its place among 200 pages in a handful of requests', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({
      startedAt: at(index * 7 + (index % 5)),
      id: String(index).padStart(6, '0'),
    }))
    for (const order of ['ASC', 'DESC'] as const) {
      for (const second of [0, 300, 50_000, 139_000]) {
        const table = new LiveTable(rows, order, 100)
        const reading = readInOrder(table.read, {
          order,
          after: null,
          from: order === 'ASC' ? at(second) : null,
          until: order === 'DESC' ? at(second) : null,
          page: 1,
        })
        await reading.next()
        expect(table.requests).toBeLessThanOrEqual(12)
      }
    }
  })

  test('a right hint costs one request, and so does the first page', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => ({
      startedAt: at(index * 10),
      id: String(index).padStart(6, '0'),
    }))
    const table = new LiveTable(rows, 'DESC', 100)
    await readInOrder(table.read, { order: 'DESC', after: rows[555]!, from: null, until: null, page: 5 }).next()
    expect(table.requests).toBe(1)
    const first = new LiveTable(rows, 'DESC', 100)
    await readInOrder(first.read, { order: 'DESC', after: null, from: null, until: null, page: 1 }).next()
    expect(first.requests).toBe(1)
  })
})

describe('reading a table that grows', () => {
  /** New calls at the new end, and long ones in the middle of what is being read. */
  const arrivals = fc.array(fc.array(fc.nat(1_200), { maxLength: 7, size: 'max' }), { maxLength: 40, size: 'max' })

  test('leaves out and repeats none of the calls that were there at the start', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary(100, 1_000).chain((rows) =>
          fc.tuple(fc.constant(rows), fc.option(fc.nat(Math.max(0, rows.length - 1)), { nil: null })),
        ),
        arrivals,
        fc.constantFrom('ASC' as const, 'DESC' as const),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        moment,
        moment,
        async ([rows, position], coming, order, size, page, from, until) => {
          const table = new LiveTable(rows, order, size)
          let number = 0
          table.arrivals.push(
            ...coming.map((seconds) =>
              seconds.map((second) => ({ startedAt: at(second), id: `n${String(number++).padStart(4, '0')}` })),
            ),
          )
          const start = { order, after: position === null ? null : (rows[position] ?? null), from, until }
          const read = await readAll(table, { ...start, page })
          expect(ids(read.filter((row) => row.id.startsWith('c')))).toEqual(ids(expected(rows, start)))
          expect(new Set(ids(read)).size).toBe(read.length)
          // Whatever came in between stands in its place, too.
          expect(ids(read)).toEqual(ids(expected(read, start)))
        },
      ),
      { numRuns: cases(800) },
    )
  })

  test('walks from page to page of its own, each begun anew at the last call with a hint, like one walk', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary(100, 300),
        arrivals,
        fc.constantFrom('ASC' as const, 'DESC' as const),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 15 }),
        async (rows, coming, order, size, taken) => {
          const table = new LiveTable(rows, order, size)
          let number = 0
          table.arrivals.push(
            ...coming.map((seconds) =>
              seconds.map((second) => ({ startedAt: at(second), id: `n${String(number++).padStart(4, '0')}` })),
            ),
          )
          const walked: CallPosition[] = []
          let after: CallPosition | null = null
          let page = 1
          for (let steps = 0; steps < 300; steps += 1) {
            const some: CallPosition[] = []
            table.requests = 0
            for await (const stretch of readInOrder(table.read, { order, after, from: null, until: null, page })) {
              page = stretch.page.number
              some.push(...stretch.rows)
              if (some.length >= taken) break
            }
            if (some.length === 0) break
            walked.push(...some.slice(0, taken))
            after = walked.at(-1)!
          }
          expect(ids(walked.filter((row) => row.id.startsWith('c')))).toEqual(
            ids(expected(rows, { order, after: null, from: null, until: null })),
          )
          expect(new Set(ids(walked)).size).toBe(walked.length)
        },
      ),
      { numRuns: cases(200) },
    )
  })
})

describe('answers that cannot be taken as they are', () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({
    startedAt: at(index * 10),
    id: String(index).padStart(4, '0'),
  }))

  test('a page remembered from before the table grew is asked for again, so the rows pushed onto it are not lost', async () => {
    const table = new LiveTable(rows, 'DESC', 10)
    const remembered = new Map([[3, table.page(3)]])
    table.rows.push(...Array.from({ length: 4 }, (_, index) => ({ startedAt: at(1_000 + index), id: `n${index}` })))
    const freshReads: number[] = []
    const read: ReadPage<CallPosition> = async (number, fresh) => {
      if (fresh) freshReads.push(number)
      return (!fresh && remembered.get(number)) || table.read(number, fresh)
    }
    const got = await readAll({ read }, { order: 'DESC' })
    expect(ids(got.filter((row) => !row.id.startsWith('n')))).toEqual(ids([...rows].reverse()))
    expect(freshReads).toEqual([3])
  })

  test('rows deleted under the reader do not take their neighbours along', async () => {
    const table = new LiveTable(rows, 'DESC', 10)
    let deleted = false
    const read: ReadPage<CallPosition> = async (number, fresh) => {
      if (number === 3 && !deleted) {
        deleted = true
        table.rows.splice(0, 4)
      }
      return table.read(number, fresh)
    }
    expect(ids(await readAll({ read }, { order: 'DESC' }))).toEqual(ids([...rows].reverse()))
  })

  test('a provider that answers the same page to every number is told apart from one with many new calls', async () => {
    const table = new LiveTable(rows, 'DESC', 10)
    await expect(
      readAll({ read: async () => ({ ...table.page(1), number: 1 }) }, { order: 'DESC' }),
    ).rejects.toMatchObject({
      code: 'PROVIDER_BAD_RESPONSE',
      reason: 'PAGINATION_LOOP',
    })
  })

  test('a table in another order than asked for is refused and not misread', async () => {
    const table = new LiveTable(rows, 'ASC', 10)
    await expect(readAll(table, { order: 'DESC' })).rejects.toMatchObject({
      code: 'PROVIDER_BAD_RESPONSE',
      reason: 'ORDER_IGNORED',
    })
  })

  test('an empty page in the midst is stepped over, announced pages that stay empty are a broken answer', async () => {
    const table = new LiveTable(rows, 'DESC', 10)
    const withHole: ReadPage<CallPosition> = async (number, fresh) =>
      number === 3 ? { ...table.page(3), rows: [] } : table.read(number, fresh)
    expect(await readAll({ read: withHole }, { order: 'DESC' })).toHaveLength(50)
    const announced: ReadPage<CallPosition> = async (number) => ({ ...table.page(number), lastPage: 1_000_000 })
    await expect(readAll({ read: announced }, { order: 'DESC' })).rejects.toMatchObject({ reason: 'EMPTY_PAGES' })
  })

  test('one page without an order is put in order here', async () => {
    const table = new LiveTable(rows, 'ASC', 100)
    expect(ids(await readAll(table, { order: 'DESC' }))).toEqual(ids([...rows].reverse()))
  })

  test('an empty table gives one empty stretch, so that its count of nought is known', async () => {
    const stretches = []
    for await (const stretch of readInOrder(new LiveTable([], 'DESC', 10).read, {
      order: 'DESC',
      after: null,
      from: null,
      until: null,
      page: 1,
    }))
      stretches.push(stretch)
    expect(stretches).toMatchObject([{ rows: [], page: { totalRows: 0 } }])
  })
})
