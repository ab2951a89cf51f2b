import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { memoryStore } from '../../src/store/memory.js'
import { openDialect } from '../../src/store/open-store.js'
import type { Store } from '../../src/store/store.js'
import { TALLIED_AT_ONCE_MS, TALLY_DIMENSIONS, TALLY_MS } from '../../src/store/tally-store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { cases } from '../support/proof.js'
import { archivedCall, archiving } from './archived-calls.js'
import { eventStores, STORES } from './event-stores.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)

const SQL = ['sqlite', 'postgres'] as const
const runs = (name: string) => (name === 'postgres' && postgresUnavailable ? test.skip : test)

interface Step {
  readonly name: string
  readonly run: (store: Store) => Promise<unknown>
}

const iso = (ms: number) => new Date(ms).toISOString()
const account = fc.constantFrom('izmir', 'prague')
/** The last quarters of a day and the first of the next one, also before 1970. */
const quarter = fc.integer({ min: -2, max: 2 }).map((at) => at * TALLY_MS)
const moment = fc.tuple(quarter, fc.constantFrom(0, 1, TALLY_MS - 1)).map(([from, more]) => from + more)
const claim = fc.constantFrom('one', 'other')
const day = fc.constantFrom(null, null, -TALLIED_AT_ONCE_MS, 0)
const call = fc.tuple(fc.constantFrom('a', 'b', 'c'), moment).map(([id, ms]) => archivedCall(id, iso(ms)))
const made = fc.record({
  ...{ claim, day, quarters: fc.uniqueArray(quarter, { minLength: 1, maxLength: 3 }), sealed: fc.boolean() },
  tallies: fc.uniqueArray(
    fc.record({ from: quarter, dimension: fc.constantFrom(...TALLY_DIMENSIONS), tally: fc.constantFrom('[1]', '[2]') }),
    { selector: ({ from, dimension }) => `${from} ${dimension}` },
  ),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        of: account,
        from: fc.integer({ min: 0, max: 2 }),
        put: fc.uniqueArray(call, { selector: ({ id }) => id }),
      })
      .chain(({ of, from, put }) =>
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c')).map((remove) => ({
          name: `archive of ${of} at ${from} ${JSON.stringify({ put, remove })}`,
          run: (store: Store) => store.appendEvents(archiving(from, { put, remove }, { account: of })),
        })),
      ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(account, claim, fc.uniqueArray(quarter)).map(([of, by, quarters]) => ({
      name: `claim ${quarters} of ${of} as ${by}`,
      run: (store: Store) => store.claimTallies(of, quarters, by),
    })),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(account, made).map(([of, what]) => ({
      name: `keep of ${of} ${JSON.stringify(what)}`,
      run: (store: Store) => store.keepTallies(of, what),
    })),
  },
  fc.tuple(account, moment).map(([of, before]) => ({
    name: `forget calls of ${of} before ${before}`,
    run: (store: Store) => store.forgetArchivedCalls(of, before),
  })),
  account.map((of) => ({ name: `remove ${of}`, run: (store: Store) => store.removeArchive(of) })),
  account.map((of) => ({ name: `unlink ${of}`, run: (store: Store) => store.forgetAccountEvents(of) })),
)

const partsOf = (store: Store) =>
  Promise.all(
    ['izmir', 'prague'].flatMap((of) =>
      [...TALLY_DIMENSIONS, null].map((dimension) => store.tallies(of, dimension, -2 * TALLY_MS, TALLY_MS * 2)),
    ),
  )

/** Tallies of days that are not told of, and marks there, mean nothing. */
const meant = (parts: Awaited<ReturnType<typeof partsOf>>) =>
  parts.map(({ tallies, changed, days }) => {
    const isTold = (at: number) => days.includes(Math.floor(at / TALLIED_AT_ONCE_MS) * TALLIED_AT_ONCE_MS)
    return { days, changed: changed.filter(isTold), tallies: tallies.filter(({ from }) => isTold(from)) }
  })

describe.each(SQL)('whatever is tallied and changed, the %s store', (name) => {
  runs(name)(
    'answers as the one in memory does',
    async () => {
      const url = await stores.url(name)
      const store = await stores.open(url)
      const { db } = await openDialect(url)
      stores.later(() => db.destroy())
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
          for (const table of ['event_streams', 'archive_calls', 'archive_tallies'] as const)
            await db.deleteFrom(table).execute()
          const defined = memoryStore()
          for (const { run } of steps) expect(await run(store)).toEqual(await run(defined))
          expect(meant(await partsOf(store))).toEqual(meant(await partsOf(defined)))
        }),
        { numRuns: cases(60) },
      )
    },
    120_000,
  )

  runs(name)('marks what a process changes that knows of no tallies', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    const { db } = await openDialect(url)
    stores.later(() => db.destroy())
    await store.appendEvents(archiving(0, { put: [archivedCall('a', iso(0)), archivedCall('b', iso(5 * TALLY_MS))] }))
    await store.claimTallies('izmir', [0, TALLY_MS, 5 * TALLY_MS], 'mine')
    const changed = async () => (await store.tallies('izmir', null, 0, TALLIED_AT_ONCE_MS)).changed
    const keep = () =>
      store.keepTallies('izmir', {
        claim: 'mine',
        quarters: [0, TALLY_MS, 5 * TALLY_MS],
        tallies: [],
        day: null,
        sealed: false,
      })
    expect([await keep(), await changed()]).toEqual([true, []])
    await db.updateTable('archive_calls').set({ started_at: TALLY_MS }).where('id', '=', 'a').execute()
    expect(await changed()).toEqual([0, TALLY_MS])
    await db.deleteFrom('archive_calls').where('id', '=', 'b').execute()
    expect(await changed()).toEqual([0, TALLY_MS, 5 * TALLY_MS])
  })

  runs(name)('shows no figure of a sealed archive', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    const { db } = await openDialect(url)
    stores.later(() => db.destroy())
    await store.claimTallies('izmir', [0], 'mine')
    const tally = '[1000,["VOICE INBOUND ANSWERED"],["+902320000000"]]'
    await store.keepTallies('izmir', {
      ...{ claim: 'mine', quarters: [0], day: null, sealed: true },
      tallies: [{ from: 0, dimension: 'EXTENSION', tally }],
    })
    const [row] = await db.selectFrom('archive_tallies').selectAll().execute()
    expect(row!.tally).toMatch(/^[0-9a-f]{8}\.[\w-]+$/)
    expect((await store.tallies('izmir', 'EXTENSION', 0, 1)).tallies).toEqual([{ from: 0, tally }])
  })
})

describe.each(STORES)('of what is changed while it is tallied, the %s store', (name) => {
  const it = runs(name)
  const [FIRST, SECOND, THIRD] = [0, TALLY_MS, 2 * TALLY_MS]
  const made = (claimed: string, quarters: readonly number[], inDay: number | null = null) => ({
    ...{ claim: claimed, quarters, day: inDay, sealed: false },
    tallies: quarters.map((from) => ({ from, dimension: 'NONE' as const, tally: `["${claimed}"]` })),
  })
  const keptIn = async (store: Store) => {
    const { tallies, changed, days } = await store.tallies('izmir', 'NONE', 0, TALLIED_AT_ONCE_MS)
    return { tallies: tallies.map(({ from, tally }) => [from, tally]), changed, days }
  }
  /** With a call in the first quarter and one in the third. */
  async function filled() {
    const store = await stores.fresh(name)
    await store.appendEvents(archiving(0, { put: [archivedCall('a', iso(FIRST)), archivedCall('b', iso(THIRD))] }))
    return store
  }

  it('keeps nothing, which stays marked', async () => {
    const store = await filled()
    await store.claimTallies('izmir', [FIRST, SECOND, THIRD], 'mine')
    await store.appendEvents(archiving(1, { put: [archivedCall('c', iso(SECOND + 1))] }))
    expect(await store.keepTallies('izmir', made('mine', [FIRST, SECOND, THIRD]))).toBe(false)
    const tallies = [FIRST, THIRD].map((from) => [from, '["mine"]'])
    expect(await keptIn(store)).toEqual({ tallies, changed: [SECOND], days: [] })
  })

  it('marks the quarter that a call has left, the one it begins in now, and that of one that is gone', async () => {
    const store = await filled()
    await store.claimTallies('izmir', [FIRST, SECOND, THIRD], 'mine')
    await store.appendEvents(archiving(1, { put: [archivedCall('a', iso(SECOND))] }))
    expect(await store.keepTallies('izmir', made('mine', [FIRST, SECOND, THIRD]))).toBe(false)
    expect((await keptIn(store)).changed).toEqual([FIRST, SECOND])
    await store.claimTallies('izmir', [FIRST, SECOND], 'mine')
    await store.appendEvents(archiving(2, { remove: ['b'] }))
    expect(await store.keepTallies('izmir', made('mine', [FIRST, SECOND]))).toBe(true)
    expect((await keptIn(store)).changed).toEqual([THIRD])
  })

  it('keeps nothing of a day, not even of its other quarters', async () => {
    const store = await filled()
    await store.claimTallies('izmir', [FIRST, SECOND, THIRD], 'mine')
    await store.appendEvents(archiving(1, { remove: ['a'] }))
    expect(await store.keepTallies('izmir', made('mine', [FIRST, SECOND, THIRD], 0))).toBe(false)
    expect(await keptIn(store)).toMatchObject({ tallies: [], days: [] })
    await store.claimTallies('izmir', [FIRST, SECOND, THIRD], 'again')
    expect(await store.keepTallies('izmir', made('again', [FIRST, SECOND, THIRD], 0))).toBe(true)
    expect(await keptIn(store)).toMatchObject({ changed: [], days: [0] })
  })

  it('keeps the marks of a day that another process has made before', async () => {
    const store = await filled()
    const all = [FIRST, SECOND, THIRD]
    await store.claimTallies('izmir', all, 'first')
    expect(await store.keepTallies('izmir', made('first', all, 0))).toBe(true)
    await store.appendEvents(archiving(1, { remove: ['a'] }))
    // A process that was halted since before that: it takes the day for one that nobody has made.
    await store.claimTallies('izmir', all, 'late')
    await store.appendEvents(archiving(2, { put: [archivedCall('c', iso(SECOND))] }))
    expect(await store.keepTallies('izmir', made('late', all, 0))).toBe(false)
    expect((await keptIn(store)).changed).toEqual(all)
  })

  it('keeps what the later of two claims has read, and nothing of the earlier one', async () => {
    const store = await filled()
    await store.claimTallies('izmir', [FIRST], 'earlier')
    await store.claimTallies('izmir', [FIRST], 'later')
    expect(await store.keepTallies('izmir', made('earlier', [FIRST]))).toBe(false)
    expect(await store.keepTallies('izmir', made('later', [FIRST]))).toBe(true)
    expect((await keptIn(store)).tallies).toEqual([[FIRST, '["later"]']])
  })
})
