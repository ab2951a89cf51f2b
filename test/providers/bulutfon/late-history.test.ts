import { describe, expect, test } from '@jest/globals'

import type { StoryCall } from '../../../src/emulator/story.js'
import { bulutfon, get, now, read, start, story, type Json } from './emulated.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const ORDERS = ['desc', 'asc'] as const
type Order = (typeof ORDERS)[number]

const page = async (order: Order, number: number, limit = 10): Promise<Json[]> =>
  (await read(`/cdrs?order=call_time,${order}&limit=${limit}&page=${number}`))['cdrs']
const total = async (): Promise<number> => (await read('/cdrs?limit=1'))['pagination']['total_count']
const ids = (rows: readonly Json[]): string[] => rows.map(({ uuid }) => uuid)
const cdr = async (uuid: string): Promise<Json> => (await read(`/cdrs/${uuid}`))['cdr']

async function everyRow(order: Order, limit = 100): Promise<Json[]> {
  const rows: Json[] = []
  for (let number = 1; ; number += 1) {
    const more = await page(order, number, limit)
    rows.push(...more)
    if (more.length < limit) return rows
  }
}

/** A call to outside that was answered after five seconds, a minute long. */
const outgoing = (startedAt: number): Omit<StoryCall, 'id'> => {
  const { id: _, ...call } = story.calls.find(({ direction, kind }) => direction === 'out' && kind === 'voice')!
  return {
    ...call,
    startedAt,
    answeredAt: startedAt + 5 * SECOND,
    endedAt: startedAt + MINUTE,
    steps: [],
    outcome: 'answered',
    hungUpBy: 'caller',
    recording: 'no',
    price: null,
  }
}

/** Between the third and the fourth newest call. */
const amongTheNewest = (rows: readonly Json[]) => Date.parse(rows[2]!['call_time']) - SECOND

describe.each(ORDERS)('in pages with call_time %s', (order) => {
  test('a call that is written late stands among those that were listed before it', async () => {
    await start()
    const before = await everyRow(order)
    const newest = order === 'desc' ? before : before.toReversed()
    const uuid = bulutfon.history.add(outgoing(amongTheNewest(newest)))
    const after = await everyRow(order)
    const place = ids(after).indexOf(uuid)
    expect(order === 'desc' ? place : after.length - 1 - place).toBe(3)
    expect(after.filter((row) => row['uuid'] !== uuid)).toEqual(before)
    expect(await total()).toBe(before.length + 1)
  })

  test('a call that is deleted is gone from list, detail and recordings', async () => {
    await start()
    const before = await everyRow(order)
    const { uuid } = before.find((row) => row['call_record'] === 'YES')!
    expect((await get(`/call-records/${uuid}`)).status).toBe(200)
    bulutfon.history.remove([uuid])
    expect(await everyRow(order)).toEqual(before.filter((row) => row['uuid'] !== uuid))
    expect(await total()).toBe(before.length - 1)
    expect((await get(`/cdrs/${uuid}`)).status).toBe(404)
    expect((await get(`/call-records/${uuid}`)).status).toBe(404)
  })

  test('many calls are deleted at once', async () => {
    await start()
    const before = await everyRow(order)
    const gone = new Set(ids(before).slice(5, 45))
    bulutfon.history.remove(gone)
    expect(await everyRow(order)).toEqual(before.filter((row) => !gone.has(row['uuid'])))
  })

  test('a call that is written between two pages is shown again or passed over', async () => {
    await start()
    const [first, second] = [await page(order, 1), await page(order, 2)]
    let written = ''
    bulutfon.history.afterPage(() => {
      bulutfon.history.afterPage(null)
      written = bulutfon.history.add(
        outgoing(Date.parse(first[2]!['call_time']) + (order === 'desc' ? -1 : 1) * SECOND),
      )
    })
    expect(await page(order, 1)).toEqual(first)
    expect(written).not.toBe('')
    // Whoever walks on sees the last row of the first page again, and not the new one.
    expect(await page(order, 2)).toEqual([first[9], ...second.slice(0, 9)])
    expect(ids(await page(order, 1))).toContain(written)
  })

  test('a call that is deleted between two pages takes another out of the walk', async () => {
    await start()
    const [first, second, third] = [await page(order, 1), await page(order, 2), await page(order, 3)]
    bulutfon.history.afterPage(() => {
      bulutfon.history.afterPage(null)
      bulutfon.history.remove([first[4]!['uuid']])
    })
    expect(await page(order, 1)).toEqual(first)
    // The first row of the second page is on the first one now.
    expect(await page(order, 2)).toEqual([...second.slice(1), third[0]])
  })

  test('the oldest calls go while a walk is under way, as the knob says', async () => {
    await start({ deletionsPerPage: 3 })
    const [first, second] = [await page(order, 1), await page(order, 2)]
    const all = story.calls.length
    expect(await total()).toBe(all - 2 * 3)
    const oldestFirst = bulutfon.history.calls().map(({ id }) => id)
    if (order === 'desc') expect(new Set([...ids(first), ...ids(second)]).size).toBe(20)
    // The reader who begins with the oldest misses as many rows as were deleted.
    else expect(ids(second).slice(0, 4)).toEqual(oldestFirst.slice(4, 8))
  })
})

describe('a call that was listed', () => {
  test('gets its price, its recording and another end, and nothing else of it changes', async () => {
    await start()
    const uuid = bulutfon.history.add(outgoing(now - 10 * MINUTE))
    const first = await cdr(uuid)
    expect(first).toMatchObject({ call_price: null, call_record: 'NO', hangup_time: '2026-03-17T18:21:00+03:00' })
    const changes = [
      [{ price: 0.547 }, { call_price: '0.547' }],
      [{ recording: 'yes' }, { call_record: 'YES' }],
      [{ recording: 'removed' }, { call_record: 'REMOVED' }],
      [{ endedAt: now - 10 * MINUTE + 63 * SECOND }, { hangup_time: '2026-03-17T18:21:03+03:00' }],
      [{ answeredAt: now - 10 * MINUTE + 7 * SECOND }, { answer_time: '2026-03-17T18:20:07+03:00' }],
    ] as const
    let shown = first
    const place = ids(await everyRow('desc')).indexOf(uuid)
    for (const [change, shows] of changes) {
      bulutfon.history.change(uuid, change)
      expect(await cdr(uuid)).toEqual({ ...shown, ...shows })
      shown = { ...shown, ...shows }
      expect((await everyRow('desc'))[place]).toEqual(shown)
    }
  })

  test('was busy rather than not answered', async () => {
    await start()
    const call = { ...outgoing(now - 10 * MINUTE), answeredAt: null, outcome: 'no answer' as const }
    const uuid = bulutfon.history.add(call)
    const { hangup_cause, hangup_state, ...rest } = await cdr(uuid)
    expect(hangup_cause).toMatch(/^(NO_ANSWER|NO_USER_RESPONSE|PROGRESS_TIMEOUT)$/)
    expect(hangup_state).toBeNull()
    bulutfon.history.change(uuid, { outcome: 'busy' })
    expect(await cdr(uuid)).toEqual({ ...rest, hangup_cause: 'USER_BUSY', hangup_state: 'recv_refuse' })
  })

  test('can be heard as long as its recording is there', async () => {
    await start()
    const uuid = bulutfon.history.add(outgoing(now - 10 * MINUTE))
    const status = async () => (await get(`/call-records/${uuid}`)).status
    expect(await status()).toBe(404)
    bulutfon.history.change(uuid, { recording: 'yes' })
    expect(await status()).toBe(200)
    bulutfon.history.change(uuid, { recording: 'removed' })
    expect(await status()).toBe(404)
  })

  test('has one row for ever', async () => {
    await start()
    const [call] = bulutfon.history.calls()
    expect(() => bulutfon.history.extend(call!.id, { kind: 'survey', seconds: 3 })).toThrow(RangeError)
  })
})

describe('calls under way', () => {
  const newest = async () => (await page('desc', 1, 1))[0]!

  test('every second record is written an hour late, below calls that began after it', async () => {
    await start({ slowRecords: { every: 2, delayMs: 60 * MINUTE } })
    const begun: string[] = []
    for (let call = 0; call < 3; call += 1) {
      const begins = await bulutfon.live.call()
      begun.push(begins.id)
      await bulutfon.live.advance(20 * SECOND)
      await begins.hangUp('caller')
    }
    await bulutfon.live.advance(3 * SECOND)
    expect(ids(await page('desc', 1, 2))).toEqual([begun[2], begun[0]])
    await bulutfon.live.advance(60 * MINUTE)
    expect(ids(await page('desc', 1, 3))).toEqual(begun.toReversed())
  })

  test('the recording settles after the record', async () => {
    await start({ settleDelayMs: 8 * SECOND })
    const call = await bulutfon.live.call({ direction: 'out', recording: 'yes' })
    await call.answer()
    await bulutfon.live.advance(30 * SECOND)
    await call.hangUp('callee')
    await bulutfon.live.advance(3 * SECOND)
    const record = await newest()
    expect(record).toMatchObject({ uuid: call.id, call_record: 'NO', call_price: null })
    await bulutfon.live.advance(8 * SECOND)
    expect(await newest()).toEqual({ ...record, call_record: 'YES' })
  })

  test('the price settles after the record', async () => {
    await start({ settleDelayMs: 8 * SECOND })
    const [extension, did] = [story.extensions[0]!.number, story.dids[0]!.number.slice(1)]
    const query = `caller=${did}&callee=905550005001&destination=${extension}`
    expect((await get(`/call_and_bridge?${query}`, undefined, { method: 'POST' })).status).toBe(200)
    await bulutfon.live.advance(41 * SECOND)
    const record = await newest()
    expect(record).toMatchObject({ direction: 'OUT', callee: 905550005001, call_price: null })
    await bulutfon.live.advance(8 * SECOND)
    expect(await newest()).toEqual({ ...record, call_price: '0.2735' })
  })

  test('a record that was deleted before it settled stays deleted', async () => {
    await start({ settleDelayMs: 8 * SECOND })
    const call = await bulutfon.live.call({ direction: 'out', recording: 'yes' })
    await call.hangUp('caller')
    await bulutfon.live.advance(3 * SECOND)
    bulutfon.history.remove([call.id])
    await bulutfon.live.advance(8 * SECOND)
    expect((await get(`/cdrs/${call.id}`)).status).toBe(404)
  })
})

describe('the books', () => {
  test('tell which calls the API lists, in both orders', async () => {
    await start()
    bulutfon.history.add(outgoing(now - 40 * DAY))
    bulutfon.history.remove([bulutfon.history.calls()[3]!.id])
    const kept = bulutfon.history.calls().map(({ id }) => id)
    const listed = [await everyRow('asc'), (await everyRow('desc')).toReversed()]
    expect(listed.map(ids)).toEqual([kept, kept])
  })

  test('lose what is older than the retention as the clock moves', async () => {
    await start({ retentionDays: 30 })
    const oldest = async () => Date.parse((await page('asc', 1, 1))[0]!['call_time'])
    const young = (at: number) => story.calls.filter(({ startedAt }) => startedAt >= at - 30 * DAY)
    expect(await total()).toBe(young(now).length)
    expect(await oldest()).toBe(young(now)[0]!.startedAt)
    bulutfon.clock.advance(10 * DAY)
    expect(await total()).toBe(young(now + 10 * DAY).length)
    expect(await oldest()).toBeGreaterThanOrEqual(now - 20 * DAY)
    bulutfon.reset()
    expect(await total()).toBe(young(now).length)
  })

  test('are those of the story while no hand and no knob changes them', async () => {
    await start()
    expect(bulutfon.history.calls().map(({ story: call }) => call)).toEqual(story.calls)
    for (const order of ORDERS) expect(await everyRow(order)).toEqual(await everyRow(order, 50))
    bulutfon.clock.advance(400 * DAY)
    expect(bulutfon.history.calls().map(({ story: call }) => call)).toEqual(story.calls)
  })
})
