import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { CursorInvalid, ProviderError } from '../../../src/errors.js'
import type { Position } from '../../../src/loaders/lists/list-page.js'
import { ListReading, type ListSource, type Reading } from '../../../src/loaders/lists/list-reading.js'
import { Listing } from '../../../src/loaders/lists/listing.js'
import type { Page } from '../../../src/providers/provider.js'
import { cases } from '../../support/proof.js'

interface Item {
  readonly id: string
  readonly providerResourceId: string
  readonly rank: number
}

interface HeldItems {
  readonly ids: readonly string[]
  readonly pageSize?: number
  /** Fails instead of giving this page, from 0. */
  readonly failsAt?: number
  readonly error?: Error
  readonly announces?: boolean
  /** Items of each page that nobody could read. */
  readonly unreadable?: number
}

const down = new ProviderError('PROVIDER_UNAVAILABLE', 'GET /things answered 503', { retryAfterMs: 1500 })
const keys = { id: (item: Item) => item.providerResourceId, number: () => null, name: () => null }
const item = (id: string): Item => ({ id, providerResourceId: id, rank: Number(id.replace(/\D/g, '')) % 7 })

function part(
  accountKey: string,
  { ids, pageSize = 1000, failsAt = Infinity, error = down, announces = true, unreadable = 0 }: HeldItems,
): ListSource<Item> {
  const listing = new Listing<Item>(keys, async function* ({ onRequest }): AsyncIterable<Page<Item>> {
    for (let at = 0; at === 0 || at * pageSize < ids.length; at += 1) {
      onRequest?.()
      await new Promise((resolve) => setImmediate(resolve))
      if (at >= failsAt) throw error
      yield {
        items: ids.slice(at * pageSize, (at + 1) * pageSize).map(item),
        totalCount: announces ? ids.length : null,
        unreadable,
      }
    }
  })
  return { accountKey, listing, pushedDown: [], residual: [] }
}

const reading = (sources: readonly ListSource<Item>[], more: Partial<Reading<Item>> = {}) =>
  new ListReading<Item>({ sources, keep: null, order: null, onSourceFailure: 'PARTIAL', ...more })

const idsOf = (items: readonly Item[]) => items.map(({ id }) => id)
const requests = (sources: readonly ListSource<Item>[]) => sources.map(({ listing }) => listing!.requests)
const byRank = { direction: 'ASC', keys: (one: Item) => [String(one.rank)] } as const

/** What accounts hold: each its own ids, in an order of its own. */
const holdings = fc
  .array(fc.record({ count: fc.nat(12), pageSize: fc.integer({ min: 1, max: 7 }) }), { minLength: 1, maxLength: 4 })
  .map((accounts) =>
    accounts.map(({ count, pageSize }, account) => ({
      pageSize,
      ids: Array.from({ length: count }, (_, at) => `${'abcd'[account]}${at}`),
    })),
  )

const sources = (held: readonly HeldItems[]) => held.map((one, at) => part(`account-${at}`, one))

describe('walking a list page by page', () => {
  test('gives every item once, in order, whatever the sizes of pages; filtered and ordered too', async () => {
    const ways = fc.record({ filtered: fc.boolean(), order: fc.constantFrom(null, 'ASC' as const, 'DESC' as const) })
    await fc.assert(
      fc.asyncProperty(
        holdings,
        ways,
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 40, maxLength: 40 }),
        async (held, { filtered, order }, sizes) => {
          const keep = filtered ? (one: Item) => one.rank % 2 === 0 : null
          const open = () => reading(sources(held), { keep, order: order && { ...byRank, direction: order } })
          const whole = idsOf((await open().page(1000, null)).items)
          const expected = held.flatMap(({ ids }) => [...ids]).filter((id) => !keep || keep(item(id)))
          expect([...whole].sort()).toEqual([...expected].sort())
          if (!order) expect(whole).toEqual(expected)

          const walked: string[] = []
          let after: Position | null = null
          for (const size of sizes) {
            const page: Awaited<ReturnType<ListReading<Item>['page']>> = await open().page(size, after)
            walked.push(...idsOf(page.items))
            expect(page.hasNextPage).toBe(walked.length < whole.length)
            expect(page.hasPreviousPage).toBe(after !== null)
            if (!page.hasNextPage) break
            // A position travels through a cursor as JSON.
            after = JSON.parse(JSON.stringify(page.positions.at(-1))) as Position
          }
          expect(walked).toEqual(whole.slice(0, walked.length))
          expect(await open().count()).toEqual({ total: whole.length, exact: true })
        },
      ),
      { numRuns: cases(150) },
    )
  })

  test('goes on in the right place when the item of the cursor has gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        holdings,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(null, byRank),
        async (held, size, order) => {
          const first = await reading(sources(held), { order }).page(size, null)
          fc.pre(first.items.length > 0)
          const whole = idsOf((await reading(sources(held), { order }).page(1000, null)).items)
          const gone = first.items.at(-1)!.id
          const without = held.map((one) => ({ ...one, ids: one.ids.filter((id) => id !== gone) }))
          const next = await reading(sources(without), { order }).page(1000, first.positions.at(-1)!)
          expect(idsOf(next.items)).toEqual(whole.slice(first.items.length))
        },
      ),
    )
  })

  test('finds its place again when items were put in before it', async () => {
    const first = await reading([part('a', { ids: ['a1', 'a2', 'a3'] })]).page(2, null)
    const next = await reading([part('a', { ids: ['a8', 'a9', 'a1', 'a2', 'a3'], pageSize: 2 })]).page(
      2,
      first.positions.at(-1)!,
    )
    expect(idsOf(next.items)).toEqual(['a3'])
  })

  test('cannot go on in an account that is no longer there', async () => {
    await expect(reading([part('b', { ids: ['b1'] })]).page(1, ['a', 0, 'a1'])).rejects.toThrow(CursorInvalid)
  })
})

describe('how much is read', () => {
  test('is what the page needs, when nothing is filtered or ordered', async () => {
    const held = [
      part('a', { ids: Array.from({ length: 60 }, (_, at) => `a${at}`), pageSize: 20 }),
      part('b', { ids: ['b1'] }),
    ]
    const list = reading(held)
    await list.page(25, null)
    await list.statuses()
    expect(requests(held)).toEqual([2, 1])
  })

  test('is the first page of each account for a count that the provider announces', async () => {
    const held = [part('a', { ids: Array.from({ length: 60 }, (_, at) => `a${at}`), pageSize: 20 })]
    expect(await reading(held).count()).toEqual({ total: 60, exact: true })
    expect(requests(held)).toEqual([1])
  })

  test('is everything for a count that nobody announces', async () => {
    const held = [part('a', { ids: Array.from({ length: 50 }, (_, at) => `a${at}`), pageSize: 20, announces: false })]
    expect(await reading(held).count()).toEqual({ total: 50, exact: true })
    expect(requests(held)).toEqual([3])
  })

  test('is nothing of the accounts that the cursor has left behind', async () => {
    const held = [part('a', { ids: ['a1'] }), part('b', { ids: ['b1', 'b2'] })]
    const page = await reading(held).page(5, ['b', 0, 'b1'])
    expect(idsOf(page.items)).toEqual(['b2'])
    expect(requests(held)).toEqual([0, 1])
  })

  test('begins in all accounts at once', async () => {
    const begun: string[] = []
    const never = (accountKey: string): ListSource<Item> => ({
      ...part(accountKey, { ids: [] }),
      listing: new Listing<Item>(keys, async function* (): AsyncIterable<Page<Item>> {
        begun.push(accountKey)
        await new Promise((resolve) => setImmediate(resolve))
        yield { items: [item(`${accountKey}1`)], totalCount: 1 }
      }),
    })
    const page = reading(['a', 'b', 'c'].map(never)).page(10, null)
    expect(begun).toEqual(['a', 'b', 'c'])
    expect((await page).items).toHaveLength(3)
  })
})

describe('an account that cannot answer', () => {
  test('leaves the others what they gave, and says so', async () => {
    const list = reading([
      part('a', { ids: ['a1'] }),
      part('b', { ids: ['b1'], failsAt: 0 }),
      part('c', { ids: ['c1'] }),
    ])
    expect(idsOf((await list.page(10, null)).items)).toEqual(['a1', 'c1'])
    expect(await list.count()).toEqual({ total: 2, exact: false })
    expect(await list.statuses()).toMatchObject([
      { accountKey: 'a', state: 'COMPLETE', errorCode: null, upstreamRequests: 1 },
      {
        accountKey: 'b',
        state: 'FAILED',
        errorCode: 'PROVIDER_UNAVAILABLE',
        message: down.message,
        retryAfterSeconds: 2,
        upstreamRequests: 1,
      },
      { accountKey: 'c', state: 'COMPLETE' },
    ])
  })

  test('that gave something first contributes that, in part', async () => {
    const list = reading([
      part('a', { ids: ['a1', 'a2', 'a3', 'a4'], pageSize: 2, failsAt: 1 }),
      part('b', { ids: ['b1'] }),
    ])
    expect(idsOf((await list.page(10, null)).items)).toEqual(['a1', 'a2', 'b1'])
    expect(await list.statuses()).toMatchObject([
      { state: 'PARTIAL', errorCode: 'PROVIDER_UNAVAILABLE' },
      { state: 'COMPLETE' },
    ])
  })

  test('beyond the page, and only after it was given, is waited for by whoever asks what is lacking', async () => {
    let failNow = () => {}
    const held = new Promise<never>((_, reject) => (failNow = () => reject(down)))
    const listing = new Listing<Item>(keys, () => ({ [Symbol.asyncIterator]: () => ({ next: () => held }) }))
    const list = reading([
      part('a', { ids: ['a1', 'a2', 'a3'] }),
      { accountKey: 'b', listing, pushedDown: [], residual: [] },
    ])
    expect(idsOf((await list.page(1, null)).items)).toEqual(['a1'])
    const lacking = list.lacking()
    failNow()
    expect(await lacking).toMatchObject([{ accountKey: 'b', state: 'FAILED', errorCode: 'PROVIDER_UNAVAILABLE' }])
  })

  test('only when another list reads further lacks nothing in this one', async () => {
    const shared = part('a', { ids: ['a1', 'a2', 'a3'], pageSize: 2, failsAt: 1 })
    const [here, there] = [reading([shared]), reading([shared])]
    expect(idsOf((await here.page(1, null)).items)).toEqual(['a1'])
    await there.page(5, null)
    expect(await there.lacking()).toMatchObject([{ accountKey: 'a', state: 'PARTIAL' }])
    expect(await here.lacking()).toEqual([])
    expect(await here.statuses()).toMatchObject([{ accountKey: 'a', state: 'COMPLETE' }])
  })

  test('fails the list where that is asked for', async () => {
    const list = reading([part('a', { ids: ['a1', 'a2'] }), part('b', { ids: ['b1'], failsAt: 0 })], {
      onSourceFailure: 'FAIL',
    })
    await expect(list.page(1, null)).rejects.toBe(down)
  })

  test('fails the count with the list, when only the count goes so far', async () => {
    const list = reading([part('a', { ids: ['a1', 'a2', 'a3'], pageSize: 2, failsAt: 1, announces: false })], {
      onSourceFailure: 'FAIL',
    })
    expect(idsOf((await list.page(1, null)).items)).toEqual(['a1'])
    await expect(list.count()).rejects.toBe(down)
  })

  test('leaves nobody a count when there is no other', async () => {
    expect(await reading([part('a', { ids: [], failsAt: 0 })]).count()).toEqual({ total: null, exact: false })
  })

  test('by a fault of ours is told as no more than that, and reported', async () => {
    const defect = new TypeError('cannot read secret of undefined')
    const reported: unknown[] = []
    const list = reading([part('a', { ids: ['a1'], failsAt: 0, error: defect }), part('b', { ids: ['b1'] })], {
      onDefect: (error) => reported.push(error),
    })
    await list.page(10, null)
    const [status] = await list.statuses()
    expect(status).toMatchObject({ state: 'FAILED', errorCode: 'INTERNAL_SERVER_ERROR' })
    expect(status!.message).not.toContain('secret')
    expect(reported).toEqual([defect])
  })

  test('because it has no such objects is not asked, and takes nothing from the count', async () => {
    const list = reading([
      { accountKey: 'a', listing: null, reason: 'No telephony.', pushedDown: [], residual: ['numbers'] },
      part('b', { ids: ['b1'] }),
    ])
    expect(idsOf((await list.page(10, null)).items)).toEqual(['b1'])
    expect(await list.count()).toEqual({ total: 1, exact: true })
    expect((await list.statuses())[0]).toMatchObject({
      state: 'UNSUPPORTED',
      errorCode: 'CAPABILITY_UNSUPPORTED',
      message: 'No telephony.',
      upstreamRequests: 0,
      residual: [],
    })
  })
})

test('what nobody could read is told of, and the count is one of what could', async () => {
  const some = reading([part('main', { ids: ['a1', 'a2'], unreadable: 2 }), part('other', { ids: ['b1'] })])
  expect(idsOf((await some.page(10, null)).items)).toEqual(['a1', 'a2', 'b1'])
  expect((await some.count()).exact).toBe(false)
  expect(await some.statuses()).toMatchObject(
    [
      { accountKey: 'main', state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE', message: /^2 of the objects/ },
      { accountKey: 'other', state: 'COMPLETE', errorCode: null },
    ].map((status) => ({ ...status, ...('message' in status && { message: expect.stringMatching(status.message!) }) })),
  )
  const none = reading([part('main', { ids: [], unreadable: 3 })])
  await none.page(10, null)
  expect(await none.statuses()).toMatchObject([{ state: 'FAILED', errorCode: 'PROVIDER_BAD_RESPONSE' }])
})
