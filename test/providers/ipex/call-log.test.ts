import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { globalId } from '../../../src/model/id.js'
import type { CallRecord } from '../../../src/model/call-record.js'
import type { CallFilter, CallPage, CallPosition } from '../../../src/providers/provider.js'
import { ipexCallLog } from '../../../src/providers/ipex/call-log.js'
import { SimulatedLog, type Server, type SimulatedRow } from './simulated-log.js'
import { cases } from '../../support/proof.js'

const ACCOUNT = { key: 'praha', country: 'CZ', timeZone: 'Europe/Prague', redirectUri: 'http://127.0.0.1/' }
const SETTINGS = {
  url: 'http://ipex.test/calls',
  always: {},
  timeZone: 'UTC',
  sortColumn: 'calldate',
  maxPageSize: 5_000,
  numberMatch: 'equal' as const,
}
const DAY = Date.UTC(2026, 1, 11)
const SECOND = 1000
const MINUTE = 60 * SECOND

const EVERYTHING: CallFilter = {
  ...{ from: null, until: null, directions: null, dispositions: null, kinds: null },
  ...{ numbers: null, callerNumbers: null, calleeNumbers: null, extensionNumbers: null },
}

const AROUND_TEN: CallFilter = {
  ...EVERYTHING,
  from: new Date(DAY + 5 * MINUTE).toISOString(),
  until: new Date(DAY + 15 * MINUTE).toISOString(),
}

interface ToldCall {
  /** Seconds after the start of the day. */
  readonly at: number
  /** Seconds from the birth of the call to its first row. */
  readonly delay: number
  readonly known: boolean
  readonly rows: readonly { readonly length: number; readonly gap: number }[]
  readonly caller: number
  readonly stamped?: boolean
  readonly missed?: boolean
}

/**
 * Calls whose rows lie minutes apart or hours, some of them very long. A provider that does not say
 * when rows were written (`stamp`) leaves a hole only in a call that nobody has taken yet.
 */
const simulatedCall = fc.record({
  at: fc.integer({ min: 0, max: 6 * 3600 }),
  delay: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 150, max: 1800 }) },
  ),
  known: fc.boolean(),
  rows: fc.array(
    fc.record({
      length: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 200 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1000, max: 9000 }) },
      ),
      gap: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        { weight: 4, arbitrary: fc.integer({ min: -200, max: 170 }) },
        { weight: 1, arbitrary: fc.integer({ min: 181, max: 7 * 3600 }) },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  caller: fc.integer({ min: 0, max: 3 }),
  stamped: fc.boolean(),
  missed: fc.boolean(),
})

const LONGEST_SILENCE = 170

let channel = 0

function rowsOf({ at, delay, known, rows, caller, stamped = false, missed = false }: ToldCall): SimulatedRow[] {
  channel += 1
  const born = DAY + at * SECOND
  const linkedid = known ? `${born / SECOND}.${channel}` : `call-${channel}`
  const simulated: SimulatedRow[] = []
  let end = born + delay * SECOND
  for (const [index, { length, gap }] of rows.entries()) {
    const start = index === 0 ? end : Math.max(simulated[0]!.start, end + gap * SECOND)
    const own = start + length * SECOND
    simulated.push({
      linkedid,
      uniqueid: `${Math.floor(start / SECOND)}.${channel * 10 + index}`,
      start,
      end: own,
      src: `77700011${caller}`,
      dst: '222333444',
    })
    end = Math.max(end, own)
  }
  const lastHole = rows.findLastIndex(({ gap }, index) => index > 0 && gap > LONGEST_SILENCE)
  return simulated.map((row, index) => ({
    ...row,
    missed: missed || (!stamped && index < lastHole),
    ...(stamped && { stamp: end + SECOND }),
  }))
}

interface Expected {
  readonly position: CallPosition
  readonly rows: number
}

function expectedCalls(rows: readonly SimulatedRow[], order: 'ASC' | 'DESC'): Expected[] {
  const calls = new Map<string, SimulatedRow[]>()
  for (const row of rows) calls.set(row.linkedid, [...(calls.get(row.linkedid) ?? []), row])
  const simulated = [...calls].map(([linkedid, own]) => ({
    position: {
      startedAt: new Date(Math.min(...own.map(({ start }) => start))).toISOString(),
      id: globalId('CallRecord', ACCOUNT.key, linkedid),
    },
    rows: own.length,
  }))
  const sorted = simulated.sort((a, b) => (comesBefore(a.position, b.position) ? -1 : 1))
  return order === 'ASC' ? sorted : sorted.reverse()
}

const comesBefore = (a: CallPosition, b: CallPosition) =>
  a.startedAt === b.startedAt ? a.id < b.id : a.startedAt < b.startedAt

const logOver = (table: SimulatedLog, own: readonly string[] = [], maxPageSize = 5_000) =>
  ipexCallLog(table.rest, { ...SETTINGS, maxPageSize }, ACCOUNT, async () => new Set(own))

interface Walked {
  readonly seen: Expected[]
  readonly queries: number
}

/** Reads as a client pages: some calls, then again from where it stopped. */
async function walk(
  table: SimulatedLog,
  order: 'ASC' | 'DESC',
  filter: CallFilter,
  steps: readonly number[],
  own: readonly string[] = [],
  maxPageSize = 5_000,
  keepsHints = true,
): Promise<Walked> {
  const seen: Expected[] = []
  let after: CallPosition | null = null
  let hint: string | null = null
  for (let turn = 0; ; turn += 1) {
    const wanted = steps[turn % steps.length] as number
    let taken = 0
    const pages: AsyncIterable<CallPage> = logOver(table, own, maxPageSize).pages({
      order,
      after,
      hint,
      filter,
      expected: wanted,
    })
    reading: for await (const page of pages) {
      hint = keepsHints ? page.hint : null
      for (const { startedAt, id, payload } of page.calls) {
        after = { startedAt, id }
        seen.push({ position: after, rows: (payload as { items: unknown[] }).items.length })
        if (++taken === wanted) break reading
      }
    }
    if (taken < wanted) return { seen, queries: table.queries.length }
  }
}

const server = (inclusive: boolean, wholeSeconds: boolean, seed: number): Server => {
  let state = seed
  return { inclusive, wholeSeconds, random: () => (state = (state * 16807 + 1) % 2147483647) / 2147483647 }
}

const order = fc.constantFrom('ASC' as const, 'DESC' as const)
const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 })
/** Small enough that the rows of a call fall on different pages. */
const pageSize = fc.integer({ min: 2, max: 25 })
const anyServer = fc.record({
  inclusive: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1e9 }),
  pageSize,
  keepsHints: fc.boolean(),
})
const calls = (maxLength: number) => fc.array(simulatedCall, { maxLength, size: 'max' })

describe('The rows of the call log', () => {
  test('become calls in order, each whole and once, however the walk is cut into pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        calls(120),
        order,
        steps,
        anyServer,
        async (simulated, direction, cuts, { inclusive, seed, pageSize, keepsHints }) => {
          const table = new SimulatedLog(server(inclusive, false, seed))
          table.rows.push(...simulated.flatMap(rowsOf))
          expect((await walk(table, direction, EVERYTHING, cuts, [], pageSize, keepsHints)).seen).toEqual(
            expectedCalls(table.rows, direction),
          )
        },
      ),
      { numRuns: cases(300) },
    )
  })

  test('obey the bounds in time, and a call that began before them is not in them', async () => {
    const bound = fc.option(fc.integer({ min: 0, max: 6 * 3600 }), { nil: null })
    await fc.assert(
      fc.asyncProperty(
        calls(100),
        order,
        steps,
        bound,
        bound,
        anyServer,
        async (simulated, direction, cuts, from, until, { inclusive, seed, pageSize, keepsHints }) => {
          const table = new SimulatedLog(server(inclusive, false, seed))
          table.rows.push(...simulated.flatMap(rowsOf))
          const iso = (seconds: number | null) =>
            seconds === null ? null : new Date(DAY + seconds * SECOND).toISOString()
          const filter = { ...EVERYTHING, from: iso(from), until: iso(until) }
          const expected = expectedCalls(table.rows, direction).filter(
            ({ position: { startedAt } }) =>
              (filter.from === null || startedAt >= filter.from) && (filter.until === null || startedAt < filter.until),
          )
          expect((await walk(table, direction, filter, cuts, [], pageSize, keepsHints)).seen).toEqual(expected)
        },
      ),
      { numRuns: cases(200) },
    )
  })

  test('are walked without a repeat or a gap while calls arrive, also calls that began long ago and end only now', async () => {
    await fc.assert(
      fc.asyncProperty(
        calls(80),
        calls(60),
        order,
        steps,
        anyServer,
        async (simulated, late, direction, cuts, { inclusive, seed, pageSize, keepsHints }) => {
          const table = new SimulatedLog(server(inclusive, false, seed))
          table.rows.push(...simulated.flatMap(rowsOf))
          const there = expectedCalls(table.rows, direction)
          const arriving = late.map(rowsOf)
          table.beforeAnswer = () => void table.rows.push(...(arriving.pop() ?? []))
          const { seen } = await walk(table, direction, EVERYTHING, cuts, [], pageSize, keepsHints)
          const ids = seen.map(({ position }) => position.id)
          expect(new Set(ids).size).toBe(ids.length)
          const old = new Set(there.map(({ position }) => position.id))
          expect(seen.filter(({ position }) => old.has(position.id))).toEqual(there)
          // Forwards, what comes later is still read: a call that arrived is whole as well.
          const whole = new Map(expectedCalls(table.rows, direction).map(({ position, rows }) => [position.id, rows]))
          if (direction === 'ASC')
            for (const { position, rows } of seen)
              expect([position.id, rows]).toEqual([position.id, whole.get(position.id)])
          const sorted = [...seen].sort((a, b) => (comesBefore(a.position, b.position) ? -1 : 1))
          expect(seen).toEqual(direction === 'ASC' ? sorted : sorted.reverse())
        },
      ),
      { numRuns: cases(200) },
    )
  })

  test('of chosen numbers are found in every spelling, with the rows of their calls that are of other numbers', async () => {
    await fc.assert(
      fc.asyncProperty(
        calls(80),
        order,
        steps,
        anyServer,
        async (simulated, direction, cuts, { inclusive, seed, pageSize, keepsHints }) => {
          const table = new SimulatedLog(server(inclusive, false, seed))
          for (const [index, call] of simulated.entries()) {
            const rows = rowsOf(call)
            // The first row says who called; the others were handed over by somebody of ours.
            const spelled = [`777000111`, `420777000111`, `+420777000111`, `00420777000111`, `777000112`][
              index % 5
            ] as string
            table.rows.push(
              ...rows.map((row, at) => ({
                ...row,
                src: row === rows.toSorted((a, b) => a.start - b.start)[0] || at === 0 ? spelled : '0101',
              })),
            )
          }
          const wanted = expectedCalls(table.rows, direction).filter(({ position }) => {
            const own = table.rows.filter(
              ({ linkedid }) => globalId('CallRecord', ACCOUNT.key, linkedid) === position.id,
            )
            return own.some(({ src }) => src.endsWith('777000111'))
          })
          const filter = { ...EVERYTHING, callerNumbers: ['+420777000111'] }
          expect(logOver(table).pushdown(filter)).toEqual(['callerNumbers'])
          const { seen } = await walk(table, direction, filter, cuts, [], pageSize, keepsHints)
          expect(seen).toEqual(wanted)
        },
      ),
      { numRuns: cases(150) },
    )
  })

  test('are the same call either way, on pages of any size, and by its id', async () => {
    await fc.assert(
      fc.asyncProperty(calls(40), order, pageSize, fc.nat(), async (simulated, direction, pageSize, pick) => {
        const table = new SimulatedLog(server(true, false, 11))
        table.rows.push(...simulated.flatMap(rowsOf))
        const told: CallRecord[] = []
        const query = { order: direction, after: null, hint: null, filter: EVERYTHING, expected: 5 }
        for await (const page of logOver(table, [], pageSize).pages(query)) told.push(...page.calls)
        const call = told[pick % Math.max(1, told.length)]
        expect(call && (await logOver(table).byId(call.providerResourceId))).toEqual(call)
      }),
      { numRuns: cases(150) },
    )
  })

  test('are read with one request for a first page of fifty', async () => {
    for (const direction of ['ASC', 'DESC'] as const) {
      const table = new SimulatedLog(server(true, false, 7))
      for (let at = 0; at < 2000; at += 1)
        table.rows.push(
          ...rowsOf({
            at: at * 40,
            delay: 0,
            known: true,
            rows: [
              { length: 20, gap: 0 },
              { length: 100, gap: 0 },
            ],
            caller: 0,
          }),
        )
      for await (const page of logOver(table).pages({
        order: direction,
        after: null,
        hint: null,
        filter: EVERYTHING,
        expected: 51,
      })) {
        expect(page.calls.length).toBeGreaterThan(50)
        break
      }
      expect(table.queries).toHaveLength(1)
      expect(table.queries[0]).toMatchObject({
        timezone: 'UTC',
        sortColumn: 'calldate',
        sortDirection: direction.toLowerCase(),
        page: 1,
      })
      expect(table.queries[0]?.['startTime']).toBeDefined()
      expect(table.queries[0]?.['endTime']).toBeDefined()
    }
  })

  test('are walked past any cap on rows, by ever later stretches of time', async () => {
    const table = new SimulatedLog({ ...server(true, false, 3), rowCap: 5_000 })
    for (let at = 0; at < 12_000; at += 1)
      table.rows.push(...rowsOf({ at: at * 7, delay: 0, known: true, rows: [{ length: 30, gap: 0 }], caller: 0 }))
    const { seen } = await walk(table, 'DESC', EVERYTHING, [20_000])
    expect(seen).toHaveLength(12_000)
    expect(table.queries.length).toBeLessThan(25)
  })

  test('of one and the same second may fill more than a page', async () => {
    const table = new SimulatedLog({ ...server(true, true, 3), restless: true })
    for (let at = 0; at < 400; at += 1)
      table.rows.push(...rowsOf({ at: 100, delay: 0, known: true, rows: [{ length: 30, gap: 0 }], caller: 0 }))
    for (const direction of ['ASC', 'DESC'] as const) {
      expect((await walk(table, direction, EVERYTHING, [50])).seen).toEqual(expectedCalls(table.rows, direction))
    }
  })

  test('are counted only when all of them have been seen and every filter was met', async () => {
    const table = new SimulatedLog(server(true, false, 3))
    for (let at = 0; at < 30; at += 1)
      table.rows.push(
        ...rowsOf({
          at: at * 60,
          delay: 0,
          known: true,
          rows: [
            { length: 5, gap: 0 },
            { length: 5, gap: 0 },
          ],
          caller: 0,
        }),
      )
    const first = async (filter: CallFilter, expected: number) => {
      for await (const { totalCount } of logOver(table).pages({
        order: 'DESC',
        after: null,
        hint: null,
        filter,
        expected,
      }))
        return totalCount
      return undefined
    }
    expect(await first(EVERYTHING, 50)).toBe(30)
    expect(await first({ ...EVERYTHING, from: new Date(DAY + 10 * MINUTE).toISOString() }, 50)).toBe(20)
    expect(await first({ ...EVERYTHING, callerNumbers: ['+420777000110'] }, 50)).toBeNull()
    for (let at = 30; at < 300; at += 1)
      table.rows.push(...rowsOf({ at: at * 60, delay: 0, known: true, rows: [{ length: 5, gap: 0 }], caller: 0 }))
    expect(await first(EVERYTHING, 10)).toBeNull()
  })

  test('of our own numbers are not asked for by number: they are on too many calls', async () => {
    const table = new SimulatedLog(server(true, false, 3))
    for (let at = 0; at < 60; at += 1)
      table.rows.push(...rowsOf({ at: at * 60, delay: 0, known: true, rows: [{ length: 5, gap: 0 }], caller: 0 }))
    const filter = { ...EVERYTHING, numbers: ['+420222333444'] }
    expect((await walk(table, 'DESC', filter, [100], ['+420222333444'])).queries).toBe(1)
  })

  test('of a call in which no phone rings for half an hour or for hours are one call, and it was taken', async () => {
    for (const hole of [4 * MINUTE, 30 * MINUTE, 5 * 60 * MINUTE, 26 * 60 * MINUTE]) {
      const table = new SimulatedLog(server(true, false, 3))
      const row = (at: number) =>
        rowsOf({ at, delay: 0, known: true, rows: [{ length: 5, gap: 0 }], caller: 0 })[0] as SimulatedRow
      const first = { ...row(600), missed: true }
      table.rows.push(first, { ...first, missed: false, start: first.end + hole, end: first.end + hole + 9 * SECOND })
      for (let at = 0; at < 2000; at += 1) table.rows.push(row(at * 60))
      for (const direction of ['ASC', 'DESC'] as const)
        for (const [expected, maxPageSize] of [
          [1, 1],
          [5, 10],
          [50, 5_000],
          [5_000, 5_000],
        ] as const) {
          const read = logOver(table, [], maxPageSize)
          const query = { order: direction, after: null, hint: null, filter: AROUND_TEN, expected }
          const told: CallRecord[] = []
          for await (const { calls } of read.pages(query)) told.push(...calls)
          const call = told.find(({ providerResourceId }) => providerResourceId === first.linkedid)
          expect(call).toMatchObject({
            disposition: 'ANSWERED',
            endedAt: new Date(first.end + hole + 9 * SECOND).toISOString(),
          })
          expect(await read.byId(first.linkedid)).toEqual(call)
        }
    }
  })

  test('cost no more requests for it than the calls that nobody took, and none where the later rows were read', async () => {
    const table = new SimulatedLog(server(true, false, 3))
    for (let at = 0; at < 600; at += 1)
      table.rows.push(
        ...rowsOf({
          at: at * 40,
          delay: 0,
          known: true,
          rows: [{ length: 20, gap: 0 }],
          caller: 0,
          missed: at % 5 === 0,
        }),
      )
    const requests = async (direction: 'ASC' | 'DESC', keepsHints: boolean) => {
      table.queries.length = 0
      expect((await walk(table, direction, EVERYTHING, [50], [], 5_000, keepsHints)).seen).toHaveLength(600)
      const lists = table.queries.filter(({ linkedid }) => linkedid === undefined).length
      // A second look-up of a call that is over is answered by the cache.
      const lookUps = new Set(table.queries.map(({ linkedid }) => linkedid)).size - 1
      return { lists, lookUps }
    }
    expect(await requests('DESC', true)).toEqual({ lists: 13, lookUps: 0 })
    expect((await requests('DESC', false)).lookUps).toBeLessThanOrEqual(120)
    expect((await requests('ASC', true)).lookUps).toBeLessThanOrEqual(120)
  })

  test('that the server lists in another order than the one asked for are an error that names the switch', async () => {
    const table = new SimulatedLog(server(true, false, 3))
    for (let at = 0; at < 10; at += 1)
      table.rows.push(...rowsOf({ at: at * 60, delay: 0, known: true, rows: [{ length: 5, gap: 0 }], caller: 0 }))
    const { get } = table.rest
    const shuffled = { ...table.rest, get: (url: string, query = {}) => get(url, { ...query, sortDirection: 'asc' }) }
    const reading = ipexCallLog(shuffled, SETTINGS, ACCOUNT, async () => new Set())
    const read = async () => {
      for await (const _ of reading.pages({ order: 'DESC', after: null, hint: null, filter: EVERYTHING, expected: 5 }));
    }
    await expect(read()).rejects.toMatchObject({
      code: 'PROVIDER_BAD_RESPONSE',
      reason: 'WRONG_ORDER',
      message: expect.stringContaining('options.sortColumn'),
    })
  })
})
