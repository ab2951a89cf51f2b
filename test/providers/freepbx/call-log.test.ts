import { afterEach, describe, expect, test } from '@jest/globals'

import type { CallRow } from '../../../src/providers/freepbx/emulator/call-rows.js'
import type { FreepbxEmulator } from '../../../src/providers/freepbx/emulator/emulator.js'
import { freepbx } from '../../../src/providers/freepbx/index.js'
import type { CallPage, CallQuery } from '../../../src/providers/provider.js'
import { createWorld, newOperation, type World } from '../../../src/testing/world.js'
import { EVERY_CALL } from '../conformance.js'
import { told } from './told-rows.js'

let world: World<FreepbxEmulator>
afterEach(() => world.close())

const start = async (knobs: object = {}, options: object = {}) => {
  world = await createWorld<FreepbxEmulator>(freepbx, { scale: 0.001, knobs: { ...knobs } })
  const account = world.emulator.accounts.machine as { options?: object }
  account.options = options
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const [PLAIN] = told([[0, 0, '05550005001', '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']])

/** A call of one row that begins at this moment, for so many seconds. */
function callAt(start: number, seconds = 20, more: Partial<CallRow> = {}): CallRow {
  const id = `${Math.floor(start / 1000)}.${1000 + (start % 997)}`
  return { ...PLAIN!, uniqueid: id, linkedid: id, start, answer: start, end: start + seconds * 1000, ...more }
}

async function pages(query: Partial<CallQuery> = {}): Promise<CallPage[]> {
  const found: CallPage[] = []
  const source = world.account('machine').source(newOperation())
  const whole = { order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 50, ...query } as const
  for await (const page of source.callRecords!.pages(whole)) found.push(page)
  return found
}
const startsIn = (found: readonly CallPage[]) => found.flatMap(({ calls }) => calls.map(({ startedAt }) => startedAt))
const iso = (time: number) => new Date(time).toISOString()
const asked = () =>
  world.emulator.journal.apiRequests
    .map(({ body }) => (JSON.parse(body) as { variables: Record<string, unknown> }).variables)
    .filter(({ startDate }) => startDate !== undefined)
const within = (from: number, until: number) => ({ filter: { ...EVERY_CALL, from: iso(from), until: iso(until) } })

/** Noon in Ankara. */
const NOON = Date.UTC(2026, 1, 11, 9)

describe.each(['16', '17', '17fixed'])('the log of a FreePBX %s', (profile) => {
  test('is read by whole days of the switchboard, and in order whatever order its rows come in', async () => {
    await start({ profile })
    const starts = [NOON + 5 * MINUTE, NOON - 2 * DAY, NOON, NOON - DAY, NOON - 2 * DAY + MINUTE]
    world.emulator.setCalls(starts.map((start) => callAt(start)))
    const sorted = [...starts].sort((a, b) => a - b).map(iso)
    const range = within(NOON - 10 * DAY, NOON + DAY)
    expect(startsIn(await pages({ order: 'ASC', ...range }))).toEqual(sorted)
    expect(startsIn(await pages(range))).toEqual([...sorted].reverse())
    expect(
      asked().every(
        ({ startDate, endDate }) =>
          /^\d{4}-\d\d-\d\d$/.test(`${startDate as string}`) && `${endDate as string}` >= `${startDate as string}`,
      ),
    ).toBe(true)
  })

  test('is whole although its pages do not work: the rest of a day comes by an offset only where two probes agree', async () => {
    await start({ profile }, { rowsAtOnce: 4 })
    const rows = Array.from({ length: 10 }, (_, at) => callAt(NOON + at * MINUTE))
    world.emulator.setCalls([...rows, callAt(NOON - DAY)])
    const found = await pages(within(NOON - DAY, NOON + DAY))
    const unreadable = found.reduce((sum, page) => sum + (page.unreadable ?? 0), 0)
    if (profile === '17fixed') {
      expect([startsIn(found).length, unreadable]).toEqual([11, 0])
    } else {
      // PARTIAL, and the count is of those that came.
      expect([startsIn(found).length, unreadable]).toEqual([5, 1])
      expect(found.map(({ totalCount }) => totalCount)).toEqual(found.map(() => null))
    }
  })
})

test('a day that has no call costs no guess: longer and longer spans are asked for, to the beginning of the log', async () => {
  await start()
  world.emulator.setCalls([callAt(NOON - 700 * DAY), callAt(NOON - 701 * DAY)])
  expect(startsIn(await pages())).toHaveLength(2)
  expect(world.emulator.journal.apiRequests.length).toBeLessThan(15)
})

test('an empty log ends, both ways', async () => {
  await start()
  world.emulator.setCalls([])
  expect(startsIn(await pages())).toEqual([])
  expect(startsIn(await pages({ order: 'ASC' }))).toEqual([])
})

test('the beginning of the log is found in few requests where the newest row comes first, too', async () => {
  await start({ profile: '17fixed' })
  world.emulator.setCalls(Array.from({ length: 300 }, (_, at) => callAt(NOON - at * DAY)))
  await pages({ order: 'ASC', ...{ filter: { ...EVERY_CALL, until: iso(NOON - 290 * DAY) } } })
  expect(world.emulator.journal.apiRequests.length).toBeLessThan(40)
})

test('a call over midnight is one call, however the days are read', async () => {
  await start({}, { daysAtOnce: 1 })
  // 23:59 in Ankara; the second row is of the next day.
  const midnight = Date.UTC(2026, 1, 10, 20, 59)
  const first = callAt(midnight, 30)
  const second = {
    ...first,
    sequence: 4001,
    start: midnight + 5 * MINUTE,
    answer: midnight + 5 * MINUTE,
    end: midnight + 9 * MINUTE,
  }
  // One on each day before, so that days are asked for one by one.
  const before = [5, 4, 3, 2, 1, 0].map((days) => callAt(midnight - 8 * 60 * MINUTE - days * DAY))
  world.emulator.setCalls([...before, first, callAt(midnight + 2 * MINUTE), second, callAt(NOON)])
  for (const order of ['ASC', 'DESC'] as const) {
    for (const range of [within(midnight - 5 * DAY, NOON + DAY), within(midnight - MINUTE, midnight + MINUTE)]) {
      const calls = (await pages({ order, ...range })).flatMap((page) => page.calls)
      const split = calls.find(({ providerResourceId }) => providerResourceId === first.linkedid)
      expect(split).toMatchObject({ startedAt: iso(midnight), durationSeconds: 9 * 60 })
      expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length)
      const starts = calls.map(({ startedAt }) => startedAt)
      expect(starts).toEqual(order === 'ASC' ? [...starts].sort() : [...starts].sort().reverse())
    }
  }
})

test('a call that began before the range is not in it because of a later row', async () => {
  await start({}, { daysAtOnce: 1 })
  const midnight = Date.UTC(2026, 1, 10, 21)
  const first = callAt(midnight - 10 * MINUTE, 60)
  const second = {
    ...first,
    sequence: 4001,
    start: midnight + 5 * MINUTE,
    answer: midnight + 5 * MINUTE,
    end: midnight + 9 * MINUTE,
  }
  world.emulator.setCalls([first, second, callAt(NOON)])
  for (const order of ['ASC', 'DESC'] as const)
    expect(startsIn(await pages({ order, ...within(midnight, NOON + DAY) }))).toEqual([iso(NOON)])
})

test('the first turn of a repeated hour is told as the second, and read as the first by the id of its channel', async () => {
  await start({ timeZone: 'Europe/Prague' })
  const first = Date.parse('2025-10-26T00:30:00Z')
  const second = Date.parse('2025-10-26T01:30:00Z')
  world.emulator.setCalls([callAt(first), callAt(second)])
  expect(startsIn(await pages(within(first - DAY, first + DAY)))).toEqual([iso(second), iso(first)])
})

test('days are those of the account’s zone, whatever UTC says', async () => {
  await start({ timeZone: 'Pacific/Auckland' })
  world.emulator.setCalls([callAt(NOON)])
  await pages(within(NOON - MINUTE, NOON + MINUTE))
  // 22:00 in Auckland; the day after, for rows of calls that go on over midnight.
  expect(asked()).toEqual([{ first: 5000, startDate: '2026-02-11', endDate: '2026-02-12' }])
})

test('rows that appear late under an early date are seen the next time: young days are not kept', async () => {
  await start()
  const now = world.clock.now()
  world.emulator.setCalls([callAt(now - 30 * MINUTE)])
  expect(startsIn(await pages())).toHaveLength(1)
  world.emulator.setCalls([callAt(now - 60 * MINUTE, 3500), callAt(now - 30 * MINUTE)])
  expect(startsIn(await pages())).toHaveLength(2)
})

test('a call is found by its id in one request, and an id that names no time in none', async () => {
  await start()
  const row = callAt(NOON)
  world.emulator.setCalls([row, callAt(NOON + MINUTE)])
  const source = world.account('machine').source(newOperation())
  expect(await source.callRecords!.byId(row.linkedid)).toMatchObject({ startedAt: iso(NOON) })
  expect(world.emulator.journal.apiRequests).toHaveLength(1)
  expect(await source.callRecords!.byId(`${Math.floor(NOON / 1000)}.9`)).toBeNull()
  for (const id of ['', 'x', '12.3', '../1770800000.1', `${'9'.repeat(30)}.1`])
    expect(await source.callRecords!.byId(id)).toBeNull()
  expect(world.emulator.journal.apiRequests).toHaveLength(1)
})

test('how many calls there are is told only where the range was read whole, at once: the table’s own count is of all rows', async () => {
  await start()
  world.emulator.setCalls([callAt(NOON), callAt(NOON - 40 * DAY)])
  const [page] = await pages(within(NOON - MINUTE, NOON + MINUTE))
  expect(page!.totalCount).toBe(1)
  expect((await pages()).every(({ totalCount }) => totalCount === null)).toBe(true)
})

test('a row that cannot be read costs itself, and is told', async () => {
  await start()
  world.emulator.setCalls([callAt(NOON), callAt(NOON + MINUTE)])
  world.emulator.faults.next({
    rewrite: (body) => body.replace(/"timestamp":\d+/, '"timestamp":"soon"'),
    times: Infinity,
    path: /gql/,
  })
  const found = await pages(within(NOON - DAY, NOON + DAY))
  expect(startsIn(found)).toHaveLength(1)
  expect(found.reduce((sum, { unreadable = 0 }) => sum + unreadable, 0)).toBe(1)
})

test('an id that was made by a clock that was wrong holds no other call up', async () => {
  await start()
  const id = '946684800.7'
  const rows = [callAt(NOON), { ...callAt(NOON - MINUTE), uniqueid: id, linkedid: id }, callAt(NOON - 400 * DAY)]
  world.emulator.setCalls(rows)
  const [page] = (await pages({ filter: { ...EVERY_CALL, until: iso(NOON + MINUTE) } })).filter(
    ({ calls }) => calls.length > 0,
  )
  expect(startsIn([page!])).toEqual([iso(NOON), iso(NOON - MINUTE)])
})
