import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { pageFigures } from '../../../src/providers/bulutfon/page-figures.js'

/** A table that is cut into pages of at most `cap` rows, and says of itself what `say` makes of the truth. */
interface Table {
  readonly total: number
  readonly cap: number
  readonly say: (page: { number: number; rows: number; asked: number }) => Record<string, unknown>
}

/** Reads until a page is the last by its figures; which rows that were. */
function readAll({ total, cap, say }: Table, asked: number): readonly number[] {
  const seen: number[] = []
  let size = asked
  for (let number = 1; number < 1_000; number += 1) {
    const limit = Math.min(size, cap)
    const rows = Math.max(0, Math.min(limit, total - (number - 1) * limit))
    for (let at = 0; at < rows; at += 1) seen.push((number - 1) * limit + at)
    const { lastPage, totalRows, perPage } = pageFigures(say({ number, rows, asked: size }), { number, size, rows })
    size = Math.min(size, perPage)
    if (totalRows !== null) expect(totalRows).toBeGreaterThanOrEqual(rows)
    if (number >= lastPage) return seen
  }
  throw new Error('reading did not end')
}

const FIGURES: Readonly<Record<string, (table: { total: number; cap: number }) => Table['say']>> = {
  right:
    ({ total, cap }) =>
    ({ asked }) => {
      const limit = Math.min(asked, cap)
      return { total_count: total, total_pages: Math.ceil(total / limit), limit }
    },
  'the limit as it was asked for':
    ({ total }) =>
    ({ asked }) => ({
      total_count: total,
      total_pages: Math.ceil(total / asked),
      limit: asked,
    }),
  'no totals':
    ({ cap }) =>
    ({ asked }) => ({ limit: Math.min(asked, cap) }),
  nothing: () => () => ({}),
  'totals of zero':
    ({ cap }) =>
    ({ asked }) => ({ total_count: 0, total_pages: 0, limit: Math.min(asked, cap) }),
  'a count and nothing else':
    ({ total }) =>
    () => ({ total_count: total }),
  'a number of pages and nothing else':
    ({ total, cap }) =>
    ({ asked }) => ({
      total_pages: Math.ceil(total / Math.min(asked, cap)),
    }),
  'a limit above the one that is kept, and no totals':
    () =>
    ({ asked }) => ({ limit: asked + 50 }),
  texts:
    ({ total, cap }) =>
    ({ asked }) => ({ total_count: String(total), limit: String(Math.min(asked, cap)) }),
  'negative numbers': () => () => ({ total_count: -1, total_pages: -1, limit: -1 }),
  words: () => () => ({ total_count: 'many', total_pages: null, limit: {} }),
}

describe.each(Object.entries(FIGURES))('pages that say %s', (_what, sayOf) => {
  test('are read to the end of the table, whatever the provider makes of the size asked for', () => {
    const table = fc.record({ total: fc.integer({ min: 0, max: 120 }), cap: fc.integer({ min: 1, max: 60 }) })
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 50 }), ({ total, cap }, asked) => {
        const seen = readAll({ total, cap, say: sayOf({ total, cap }) }, asked)
        expect(seen).toEqual(Array.from({ length: total }, (_, at) => at))
      }),
    )
  })
})

test('a count that fills fewer pages than are told is not the count', () => {
  expect(pageFigures({ total_count: 10, total_pages: 4, limit: 10 }, { number: 1, size: 25, rows: 10 })).toEqual({
    ...{ totalRows: null, lastPage: 4, perPage: 10 },
  })
})

test('figures that leave no room for the rows beside them do not count them', () => {
  expect(pageFigures({ total_count: 0, limit: 10 }, { number: 1, size: 25, rows: 10 })).toEqual({
    ...{ totalRows: null, lastPage: 2, perPage: 10 },
  })
  expect(pageFigures({ total_count: 40, limit: 10 }, { number: 1, size: 25, rows: 10 })).toEqual({
    ...{ totalRows: 40, lastPage: 4, perPage: 10 },
  })
})
