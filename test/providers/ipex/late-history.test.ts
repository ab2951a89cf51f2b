import { describe, expect, test } from '@jest/globals'

import type { KeptCall } from '../../../src/emulator/history/history.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { createStory } from '../../../src/emulator/create-story.js'
import type { StoryCall } from '../../../src/emulator/story.js'
import { login, NOW, read, withEmulator, type Reply } from './emulated.js'

type Row = Readonly<Record<string, Reply['body']>>

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const ORDERS = ['desc', 'asc'] as const
type Order = (typeof ORDERS)[number]

const prague = createStory({ now: NOW, scale: 0.05 }).offices.prague
const [first, second] = prague.extensions as [(typeof prague.extensions)[number], (typeof prague.extensions)[number]]

/** The call log as anybody reads it, who may begin at either end of it. */
interface Log {
  readonly emulator: IpexEmulator
  readonly history: IpexEmulator['history']
  readonly ask: (path: string) => Promise<Reply>
  readonly page: (order: Order, number: number, size?: number) => Promise<Row[]>
  readonly rowsOf: (linkedid: string) => Promise<Row[]>
  readonly total: () => Promise<number>
}

const withLog = (knobs: Readonly<Record<string, unknown>>, prove: (log: Log) => Promise<void>) =>
  withEmulator({ rowIds: 'text', ...knobs }, async (emulator) => {
    const token = await login(emulator)
    const ask = (path: string) => read(emulator, path, token)
    const list = async (query: string) => {
      const now = emulator.clock.now()
      const span = `startTime=${new Date(now - 400 * DAY).toISOString()}&endTime=${new Date(now).toISOString()}`
      const { status, body } = await ask(`/calls?${span}&timezone=UTC&${query}`)
      expect(status).toBe(200)
      return body
    }
    await prove({
      emulator,
      history: emulator.history,
      ask,
      page: async (order, number, size = 10) =>
        (await list(`sortColumn=calldate&sortDirection=${order}&page=${number}&pageSize=${size}`)).items,
      rowsOf: async (linkedid) => (await list(`linkedid=${linkedid}&pageSize=5000`)).items,
      total: async () => (await list('pageSize=1')).totalResults,
    })
  })

const everyRow = ({ page }: Log, order: Order) => page(order, 1, 5000)

/** An incoming call that the first phone answered after five seconds, a minute long. */
const incoming = (startedAt: number): Omit<StoryCall, 'id'> => {
  const [answeredAt, endedAt] = [startedAt + 5 * SECOND, startedAt + MINUTE]
  const ring = { extension: first.id, from: startedAt, answeredAt, until: endedAt, result: 'answered' as const }
  return {
    direction: 'in',
    kind: 'voice',
    outside: '+420600005001',
    outsideName: null,
    did: prague.dids[0]!.number,
    from: null,
    to: null,
    startedAt,
    answeredAt,
    endedAt,
    steps: [{ at: startedAt, kind: 'extension', extension: first.id, until: endedAt, rings: [ring] }],
    outcome: 'answered',
    hungUpBy: 'caller',
    recording: 'no',
    price: null,
  }
}

/** A call of one row to outside. */
const outgoing = (startedAt: number, outcome: StoryCall['outcome']): Omit<StoryCall, 'id'> => ({
  ...incoming(startedAt),
  direction: 'out',
  from: first.id,
  answeredAt: null,
  steps: [],
  outcome,
})

const iso = (at: number) => expect.stringMatching(new RegExp(`^${new Date(at).toISOString().slice(0, 19)}`))

describe.each(ORDERS)('in pages with calldate %s', (order) => {
  test('a call that is written late stands among those that were listed before it', () =>
    withLog({}, async (log) => {
      const before = await everyRow(log, order)
      const [fourth, fifth] = [before[3]!, before[4]!].map(({ calldate }) => Date.parse(calldate))
      const linkedid = log.history.add(incoming(Math.floor((fourth! + fifth!) / 2000) * SECOND))
      const after = await everyRow(log, order)
      expect(after.findIndex((row) => row['linkedid'] === linkedid)).toBe(4)
      expect(after.filter((row) => row['linkedid'] !== linkedid)).toEqual(before)
    }))

  test('a call that is deleted is gone with all its rows, its events and its recordings', () =>
    withLog({}, async (log) => {
      const before = await everyRow(log, order)
      const { linkedid, filename } = before.find((row) => row['filename'])!
      const paths = [`/calls/${linkedid}/detail`, `/calls/${linkedid}/recordings`, `/recordings/${filename}`]
      const statuses = () => Promise.all(paths.map(async (path) => (await log.ask(path)).status))
      expect(await statuses()).toEqual([200, 200, 200])
      log.history.remove([linkedid])
      expect(await everyRow(log, order)).toEqual(before.filter((row) => row['linkedid'] !== linkedid))
      expect(await statuses()).toEqual([404, 404, 404])
    }))

  test('many calls are deleted at once', () =>
    withLog({}, async (log) => {
      const before = await everyRow(log, order)
      const gone = new Set(before.slice(20, 90).map(({ linkedid }) => String(linkedid)))
      log.history.remove(gone)
      const after = await everyRow(log, order)
      expect(after).toEqual(before.filter(({ linkedid }) => !gone.has(String(linkedid))))
      expect(await log.total()).toBe(after.length)
    }))

  test('a call that is written between two pages is shown again or passed over', () =>
    withLog({}, async ({ history, page }) => {
      const [one, two] = [await page(order, 1), await page(order, 2)]
      let written = ''
      history.afterPage(() => {
        history.afterPage(null)
        written = history.add(incoming(Date.parse(one[2]!['calldate'])))
      })
      expect(await page(order, 1)).toEqual(one)
      expect(await page(order, 2)).toEqual([one[9], ...two.slice(0, 9)])
      expect((await page(order, 1)).map(({ linkedid }) => linkedid)).toContain(written)
    }))

  test('a call that is deleted between two pages takes others out of the walk', () =>
    withLog({}, async ({ history, page }) => {
      const [one, two, three] = [await page(order, 1), await page(order, 2), await page(order, 3)]
      const linkedid = String(one[0]!['linkedid'])
      const rows = one.filter((row) => row['linkedid'] === linkedid).length
      history.afterPage(() => {
        history.afterPage(null)
        history.remove([linkedid])
      })
      expect(await page(order, 1)).toEqual(one)
      expect(await page(order, 2)).toEqual([...two, ...three].slice(rows, rows + 10))
    }))

  test('calls come and go while a walk is under way, as the knobs say', () =>
    withLog({ callsPerPage: 1, deletionsPerPage: 2 }, async ({ history, page }) => {
      const before = history.calls()
      await page(order, 1)
      await page(order, 2)
      const after = history.calls().map(({ id }) => id)
      expect(after.slice(0, -2)).toEqual(before.slice(4).map(({ id }) => id))
      expect(after).toHaveLength(before.length - 2)
    }))
})

describe('a call that was listed', () => {
  const began = NOW - 10 * MINUTE

  test('gets a recording, and loses it', () =>
    withLog({}, async ({ ask, history, rowsOf }) => {
      const linkedid = history.add(incoming(began))
      const [row] = await rowsOf(linkedid)
      expect(row).not.toHaveProperty('filename')
      history.change(linkedid, { recording: 'yes' })
      const [recorded] = await rowsOf(linkedid)
      const { filename } = recorded!
      expect(recorded).toEqual({ ...row, filename: expect.any(String) })
      expect((await ask(`/recordings/${filename}`)).status).toBe(200)
      history.change(linkedid, { recording: 'removed' })
      expect(await rowsOf(linkedid)).toEqual([row])
      expect((await ask(`/recordings/${filename}`)).status).toBe(404)
    }))

  test('ends a little later than its row said', () =>
    withLog({}, async ({ history, rowsOf }) => {
      const linkedid = history.add(incoming(began))
      const [row] = await rowsOf(linkedid)
      expect(row).toMatchObject({ duration: 60, billsec: 55, endTime: iso(began + MINUTE) })
      history.change(linkedid, { endedAt: began + 63 * SECOND })
      expect(await rowsOf(linkedid)).toEqual([
        {
          ...row,
          ...{ duration: 63, billsec: 58, endTime: iso(began + 63 * SECOND), stamp: iso(began + 64 * SECOND) },
        },
      ])
    }))

  test('was busy rather than not answered', () =>
    withLog({}, async ({ history, rowsOf }) => {
      const linkedid = history.add(outgoing(began, 'no answer'))
      const [row] = await rowsOf(linkedid)
      expect(row).toMatchObject({ disposition: 'NO ANSWER', hangupcause: 'NO_ANSWER' })
      history.change(linkedid, { outcome: 'busy' })
      expect(await rowsOf(linkedid)).toEqual([{ ...row, disposition: 'BUSY', hangupcause: 'USER_BUSY' }])
    }))

  test('keeps the ids of its rows whatever is corrected in it', () =>
    withLog({}, async ({ history, rowsOf }) => {
      const ids = (rows: readonly Row[]) => rows.map(({ uniqueid }) => uniqueid)
      const calls = history.calls().filter(({ rows }) => rows.length > 1)
      expect(calls.length).toBeGreaterThan(5)
      for (const { id, rows, story } of calls.slice(0, 8)) {
        expect(ids(await rowsOf(id))).toEqual(rows)
        history.change(id, { endedAt: story.endedAt + SECOND, recording: 'yes' })
        expect(ids(await rowsOf(id))).toEqual(rows)
      }
    }))

  describe.each(['none', 'asterisk'] as const)('with rows of the switchboard: %s', (switchboardRows) => {
    test('gets a further row for a survey, which no phone answered', () =>
      withLog({ switchboardRows }, async ({ history, rowsOf, ask }) => {
        const linkedid = history.add(incoming(began))
        const before = await rowsOf(linkedid)
        history.extend(linkedid, { kind: 'survey', seconds: 12 })
        const after = await rowsOf(linkedid)
        expect(after.slice(0, -1)).toEqual(before)
        expect(after.at(-1)).toMatchObject({
          ...{ linkedid, calldate: iso(began + MINUTE), endTime: iso(began + 72 * SECOND), src: before[0]!['src'] },
          ...{ disposition: 'ANSWERED', billsec: 12, line: '', user_id: null, userAnswered: false },
          ...{ dst: prague.menus[0]!.number, stamp: iso(began + 73 * SECOND) },
        })
        const ids = after.map(({ uniqueid }) => uniqueid)
        expect(new Set(ids).size).toBe(switchboardRows === 'none' ? after.length : 1)
        const events = (await ask(`/calls/${linkedid}/detail?timezone=UTC`)).body as Row[]
        expect(events.find(({ eventtype }) => eventtype === 'IVR_ENTER')).toMatchObject({
          eventtime: iso(began + MINUTE),
        })
        expect(events.at(-1)).toMatchObject({ eventtype: 'LINKEDID_END', eventtime: iso(began + 72 * SECOND) })
      }))
  })

  test('gets a further row for the colleague to whom it was transferred', () =>
    withLog({}, async ({ history, rowsOf, ask }) => {
      const linkedid = history.add(incoming(began))
      const before = await rowsOf(linkedid)
      history.extend(linkedid, { kind: 'transfer', seconds: 30 })
      const after = await rowsOf(linkedid)
      expect(after.slice(0, -1)).toEqual(before)
      expect(after.at(-1)).toMatchObject({
        ...{ linkedid, calldate: iso(began + MINUTE), duration: 30, billsec: 30, disposition: 'ANSWERED' },
        ...{ line: second.number, dst: second.number, userAnswered: true },
      })
      const events = (await ask(`/calls/${linkedid}/detail?timezone=UTC`)).body as Row[]
      const transfer = events.find(({ eventtype }) => eventtype === 'BLINDTRANSFER')
      expect(transfer).toMatchObject({ eventtime: iso(began + MINUTE), src: first.number, dst: second.number })
    }))

  test('gets no row that ends in the future', () =>
    withLog({}, async ({ history, rowsOf }) => {
      const linkedid = history.add(incoming(NOW - MINUTE))
      expect(() => history.extend(linkedid, { kind: 'survey', seconds: 1 })).toThrow(RangeError)
      expect(await rowsOf(linkedid)).toHaveLength(1)
    }))

  test('keeps its further row when it is corrected', () =>
    withLog({}, async ({ history, rowsOf }) => {
      const linkedid = history.add(incoming(began))
      history.extend(linkedid, { kind: 'survey', seconds: 12 })
      const [row, survey] = await rowsOf(linkedid)
      history.change(linkedid, { recording: 'yes' })
      expect(await rowsOf(linkedid)).toEqual([{ ...row, filename: expect.any(String) }, survey])
    }))
})

describe('calls under way', () => {
  test('every second record is written half an hour late, before calls that began after it', () =>
    withLog({ slowRecords: { every: 2, delayMs: 30 * MINUTE } }, async ({ emulator: { live }, page }) => {
      const newest = async (count: number) => (await page('desc', 1, count)).map(({ linkedid }) => linkedid)
      const begun: string[] = []
      for (let calls = 0; calls < 3; calls += 1) {
        const call = await live.call()
        begun.push(call.id)
        await live.advance(20 * SECOND)
        await call.hangUp('caller')
      }
      await live.advance(3 * SECOND)
      expect(await newest(2)).toEqual([begun[2], begun[0]])
      await live.advance(30 * MINUTE)
      expect(await newest(3)).toEqual(begun.toReversed())
    }))

  test('the recording settles after the record, whose row keeps its ids', () =>
    withLog({ settleDelayMs: 8 * SECOND }, async ({ emulator: { live }, rowsOf }) => {
      const call = await live.call({ recording: 'yes' })
      await call.ring(first.number)
      await call.answer()
      await live.advance(30 * SECOND)
      await call.hangUp('callee')
      await live.advance(3 * SECOND)
      const before = await rowsOf(call.id)
      expect(before).toHaveLength(1)
      expect(before[0]).not.toHaveProperty('filename')
      await live.advance(8 * SECOND)
      expect(await rowsOf(call.id)).toEqual([{ ...before[0], filename: expect.any(String) }])
    }))
})

describe('the books', () => {
  const ids = (calls: readonly KeptCall[]) => calls.map(({ id }) => id)
  const stories = (calls: readonly KeptCall[]) => calls.map(({ story }) => story)

  test('tell which rows the API lists, in both orders', () =>
    withLog({}, async (log) => {
      log.history.add(incoming(NOW - 40 * DAY))
      log.history.remove([ids(log.history.calls())[3]!])
      const kept = log.history.calls().flatMap(({ rows }) => rows)
      const listed = await Promise.all(ORDERS.map((order) => everyRow(log, order)))
      const uniqueids = listed.map((rows) => rows.map(({ uniqueid }) => String(uniqueid)).toSorted())
      expect(uniqueids).toEqual([kept.toSorted(), kept.toSorted()])
    }))

  test('lose what is older than the retention as the clock moves', () =>
    withLog({ retentionDays: 30 }, async ({ emulator, history }) => {
      const young = (at: number) => prague.calls.filter(({ startedAt }) => startedAt >= at - 30 * DAY)
      expect(stories(history.calls())).toEqual(young(NOW))
      emulator.clock.advance(10 * DAY)
      expect(stories(history.calls())).toEqual(young(NOW + 10 * DAY))
      emulator.reset()
      expect(stories(history.calls())).toEqual(young(NOW))
    }))

  test('are those of the story while no hand and no knob changes them, and again after a reset', () =>
    withLog({}, async (log) => {
      const told = await everyRow(log, 'asc')
      expect(stories(log.history.calls())).toEqual(prague.calls)
      log.emulator.clock.advance(400 * DAY)
      expect(stories(log.history.calls())).toEqual(prague.calls)
      log.emulator.reset()
      const [call] = log.history.calls()
      log.history.change(call!.id, { endedAt: call!.story.endedAt + SECOND })
      log.history.remove(ids(log.history.calls().slice(10, 20)))
      log.history.add(incoming(NOW - DAY))
      log.emulator.reset()
      const token = await login(log.emulator)
      const span = `startTime=${new Date(NOW - 400 * DAY).toISOString()}&endTime=${new Date(NOW).toISOString()}`
      const again = await read(log.emulator, `/calls?${span}&timezone=UTC&pageSize=5000`, token)
      expect(again.body.items).toEqual(told)
    }))
})
