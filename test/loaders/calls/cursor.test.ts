import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { cursorSigner } from '../../../src/loaders/cursor.js'
import { callCursors, type CallCursor } from '../../../src/loaders/calls/cursor.js'
import { CallDirection } from '../../../src/model/call-record.js'
import { globalId } from '../../../src/model/id.js'
import { SimulatedLog } from './simulated-log.js'
import { accountId } from './walks.js'
import { BEGINNING, calls, everything, ids, operation, page, type World } from './simulated-world.js'

const world = (): World => ({
  logs: new Map(
    ['ankara', 'brno'].map((key, index) => [key, new SimulatedLog(calls(key, 100, 50, index), { pageSize: 30 })]),
  ),
})

describe('a cursor', () => {
  test('goes on in another process with the same key, from every edge, forwards and backwards', async () => {
    const here = world()
    const all = ids(everything(here, 'DESC'))
    const { edges } = await page(here, { first: 100 })
    for (const [index, { cursor }] of edges.entries()) {
      const forwards = await page(here, { first: 7, after: cursor })
      expect(ids(forwards.nodes)).toEqual(all.slice(index + 1, index + 8))
      const backwards = await page(here, { last: 7, before: cursor })
      expect(ids(backwards.nodes)).toEqual(all.slice(Math.max(0, index - 7), index))
      expect(backwards.pageInfo).toMatchObject({ hasPreviousPage: index > 7, hasNextPage: true })
    }
  })

  test('bounds a page from both ends', async () => {
    const here = world()
    const all = ids(everything(here, 'DESC'))
    const { edges } = await page(here, { first: 60 })
    const between = { after: edges[9]!.cursor, before: edges[29]!.cursor }
    expect(ids((await page(here, { first: 100, ...between })).nodes)).toEqual(all.slice(10, 29))
    expect(ids((await page(here, { last: 5, ...between })).nodes)).toEqual(all.slice(24, 29))
    const inverted = await page(here, { first: 5, after: edges[29]!.cursor, before: edges[9]!.cursor })
    expect(inverted.nodes).toEqual([])
    expect(inverted.sources.map(({ upstreamRequests }) => upstreamRequests)).toEqual([0, 0])
  })

  test('is refused when any of its bits was changed', async () => {
    const here = world()
    const { pageInfo } = await page(here, { first: 5 })
    const cursor = pageInfo.endCursor!
    for (let at = 0; at < cursor.length; at++) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1)
      await expect(page(here, { first: 5, after: changed })).rejects.toMatchObject({ code: 'CURSOR_INVALID' })
    }
    for (const made of ['x', '%', 'null', cursor.slice(1), `${cursor}A`]) {
      await expect(page(here, { first: 5, after: made })).rejects.toMatchObject({ code: 'CURSOR_INVALID' })
    }
  })

  test.each([
    ['another key', { key: Buffer.alloc(32, 8) }, {}],
    ['another workspace', { workspace: 'neighbours' }, {}],
    ['another order', {}, { order: 'ASC' as const }],
    ['another filter', {}, { criteria: [{ directions: [CallDirection.INBOUND] }] }],
    ['another account', {}, { criteria: [{ accountIds: [accountId('brno')] }] }],
  ])('is refused with %s', async (_, elsewhere, request) => {
    const here = world()
    const { pageInfo } = await page(here, { first: 5 })
    await expect(
      page({ ...here, ...elsewhere }, { first: 5, ...request, after: pageInfo.endCursor }),
    ).rejects.toMatchObject({ code: 'CURSOR_INVALID' })
  })

  test('is the same list however its filter is written, and for another page size', async () => {
    const here = world()
    const filter = (directions: CallDirection[]) => ({ criteria: [{ directions }] })
    const { pageInfo } = await page(here, { first: 5, ...filter([CallDirection.INBOUND, CallDirection.OUTBOUND]) })
    const next = {
      first: 9,
      after: pageInfo.endCursor,
      ...filter([CallDirection.OUTBOUND, CallDirection.INBOUND, CallDirection.INBOUND]),
    }
    const all = everything(here, 'DESC', ({ direction }) => direction !== CallDirection.INTERNAL)
    expect(ids((await page(here, next)).nodes)).toEqual(ids(all.slice(5, 14)))
  })

  test('outlives an account that comes or goes between two pages', async () => {
    const here = world()
    const { pageInfo } = await page(here, { first: 75 })
    const izmir = new SimulatedLog(calls('izmir', 100, 50, 9))
    const later: World = {
      logs: new Map([
        ['izmir', izmir],
        ['brno', here.logs.get('brno')!],
      ]),
    }
    const both = ids(everything({ logs: new Map([...here.logs, ...later.logs]) }, 'DESC'))
    const boundary = both.indexOf(everything(here, 'DESC')[74]!.id)
    const expected = ids(everything(later, 'DESC')).filter((id) => both.indexOf(id) > boundary)
    const { nodes } = await page(later, { first: 100, after: pageInfo.endCursor })
    expect(ids(nodes)).toEqual(expected.slice(0, 100))
  })

  test('is signed only for the edges somebody looks at', async () => {
    let signed = 0
    const key = cursorSigner(Buffer.alloc(32, 7))
    const cursors = { ...key, sign: (scope: unknown, position: unknown) => (signed++, key.sign(scope, position)) }
    const loader = operation({ ...world(), cursors })
    const { edges } = await loader.connection({
      first: 20,
      criteria: [],
      order: 'DESC',
      onSourceFailure: 'PARTIAL',
      wantsMore: true,
    })
    expect(signed).toBe(0)
    expect(edges[3]!.cursor).toBe(edges[3]!.cursor)
    expect(signed).toBe(1)
  })
})

const key = fc.stringMatching(/^[a-z0-9-]{1,64}$/)
const moment = fc.integer({ min: BEGINNING, max: BEGINNING + 1e12 }).map((time) => new Date(time).toISOString())
const native = fc.oneof(
  fc.uuid(),
  fc.stringMatching(/^[0-9]{10}\.[0-9]{1,8}$/),
  fc.string({ minLength: 1, maxLength: 40 }),
)

describe('what a cursor holds', () => {
  test('comes back as it was for 16 accounts, within 1 KiB', () => {
    const cursorFor = fc.uniqueArray(key, { minLength: 16, maxLength: 16 }).chain((accounts) =>
      fc.record({
        accounts: fc.constant(accounts),
        cursor: fc.record({
          at: fc.option(fc.record({ startedAt: moment, account: fc.constantFrom(...accounts), native })),
          top: fc.option(moment),
          reading: fc.constantFrom('ASC' as const, 'DESC' as const),
          marks: fc.array(
            fc.record({ hint: fc.option(fc.string({ minLength: 1, maxLength: 9 })), readTo: fc.constant(null) }),
            { minLength: 16, maxLength: 16 },
          ),
          holes: fc.subarray(accounts, { maxLength: 4 }),
        }),
      }),
    )
    fc.assert(
      fc.property(cursorFor, ({ accounts, cursor }) => {
        const cursors = callCursors(cursorSigner(Buffer.alloc(32, 1)), 'scope', accounts)
        const at = cursor.at && {
          startedAt: cursor.at.startedAt,
          account: cursor.at.account,
          id: globalId('CallRecord', cursor.at.account, cursor.at.native),
        }
        const marks = new Map(accounts.map((account, index) => [account, cursor.marks[index]!]))
        const written: CallCursor = { ...cursor, at, marks }
        const text = cursors.write(written)
        expect(text.length).toBeLessThanOrEqual(1024)
        const hinted = new Map([...marks].filter(([, { hint }]) => hint !== null))
        expect(cursors.read(text)).toEqual({ ...written, marks: hinted })
      }),
    )
  })

  test('stays within 1 KiB when hints are long, by leaving out the longest', () => {
    const accounts = Array.from({ length: 16 }, (_, index) => `account-number-${index}-with-a-long-name`)
    const cursors = callCursors(cursorSigner(Buffer.alloc(32, 1)), 'scope', accounts)
    const place = (account: string) => ({
      startedAt: new Date(BEGINNING).toISOString(),
      account,
      id: globalId('CallRecord', account, '3c9e1a70-0000-4000-8000-00000000abcd'),
    })
    const text = cursors.write({
      at: place(accounts[0]!),
      top: new Date(BEGINNING).toISOString(),
      reading: 'DESC',
      marks: new Map(
        accounts.map((account, index) => [
          account,
          { hint: 'h'.repeat(10 + index * 10), readTo: new Date(BEGINNING - 1e7).toISOString() },
        ]),
      ),
      holes: accounts,
    })
    expect(text.length).toBeLessThanOrEqual(1024)
    const read = cursors.read(text)
    expect(read.at).toEqual(place(accounts[0]!))
    expect(read.holes).toEqual(accounts)
    expect(read.marks.get(accounts[0]!)).toBeDefined()
    expect(read.marks.get(accounts[15]!)?.hint ?? null).toBeNull()
  })
})
