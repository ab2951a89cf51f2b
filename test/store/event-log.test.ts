import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { Secret } from '../../src/secret.js'
import type { Append, EventLog } from '../../src/store/event-log.js'
import { memoryStore } from '../../src/store/memory.js'
import { openDialect } from '../../src/store/open-store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { cases } from '../support/proof.js'
import { change, eventStores, KEYS, STORES, type StoreName } from './event-stores.js'
import { openPatiently } from './patient-store.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)
const runnable = (name: StoreName) => (name === 'postgres' && postgresUnavailable ? test.skip : test)
const positionsOf = (events: readonly { readonly position: number }[]) => events.map(({ position }) => position)

describe.each(STORES)('the event log of the %s store', (name) => {
  const it = runnable(name)

  it('gives back a stream and its events as they were appended', async () => {
    const log = await stores.fresh(name)
    expect(await log.logBounds()).toEqual({ forgotten: 0, last: 0 })
    expect(await log.eventStream('calls', 'izmir/1')).toBeNull()
    expect(await log.appendEvents(change('izmir/1', 0, ['"a"', '"b"']))).toEqual([1, 2])
    expect(await log.appendEvents(change('izmir/1', 1, ['"c"'], { isOpen: false, at: 2_000.4 }))).toEqual([3])
    const of = { topic: 'calls', stream: 'izmir/1', workspace: 'default', account: 'izmir' }
    expect(await log.eventStream('calls', 'izmir/1')).toEqual({
      ...of,
      ...{ revision: 2, state: '{"after":2}', isOpen: false, changedAt: expect.closeTo(2_000.4, 0) },
    })
    expect(await log.eventsAfter(1, 10)).toEqual([
      { ...of, position: 2, body: '"b"', at: 1_000 },
      { ...of, position: 3, body: '"c"', at: expect.closeTo(2_000.4, 0) },
    ])
    expect(await log.eventAt(2)).toMatchObject({ position: 2, body: '"b"' })
    expect(await log.eventAt(4)).toBeNull()
    expect(await log.logBounds()).toEqual({ forgotten: 0, last: 3 })
  })

  it('gives back every text to the letter', async () => {
    const log = await stores.fresh(name)
    const texts = [
      "o'clock",
      '\\',
      "\\'",
      '$1 $$ ? :x',
      '"\\u0000"',
      'a\nb\r\u2028',
      '— ; commit; --',
      'ğ\u{1f4de}',
      '{}',
      '',
    ]
    for (const text of texts)
      expect(
        await log.appendEvents(
          change(text, 0, [text, ...texts], { topic: text, workspace: text, account: text, state: text }),
        ),
      ).toHaveLength(texts.length + 1)
    for (const text of texts)
      expect(await log.eventStream(text, text)).toMatchObject({ workspace: text, account: text, state: text })
    const bodies = (await log.eventsAfter(0, 1_000)).map(({ body }) => body)
    expect(bodies).toEqual(texts.flatMap((text) => [text, ...texts]))
  })

  it('changes a stream only from the revision that was read, and then neither appends nor uses a position', async () => {
    const log = await stores.fresh(name)
    expect(await log.appendEvents(change('izmir/1', 1, ['early']))).toBeNull()
    expect(await log.appendEvents(change('izmir/1', 0, ['first']))).toEqual([1])
    expect(await log.appendEvents(change('izmir/1', 0, ['again']))).toBeNull()
    expect(await log.appendEvents(change('izmir/1', 2, ['late']))).toBeNull()
    expect(await log.appendEvents(change('izmir/1', 1, ['second']))).toEqual([2])
    expect(await log.appendEvents(change('izmir/1', 0, ['other topic'], { topic: 'accounts' }))).toEqual([3])
    expect((await log.eventsAfter(0, 10)).map(({ body }) => body)).toEqual(['first', 'second', 'other topic'])
    expect(await log.logBounds()).toEqual({ forgotten: 0, last: 3 })
  })

  it('lets exactly one of many writers change a stream, and gives the events of all streams one order', async () => {
    const log = await stores.fresh(name)
    await log.appendEvents(change('izmir/1', 0, ['first']))
    const same = Array.from({ length: 20 }, (_, index) => log.appendEvents(change('izmir/1', 1, [`by ${index}`, '-'])))
    const own = Array.from({ length: 20 }, (_, index) => log.appendEvents(change(`izmir/own ${index}`, 0, ['own'])))
    const begun = Array.from({ length: 20 }, () => log.appendEvents(change('izmir/begun', 0, ['begun'])))
    const [won, , started] = await Promise.all([Promise.all(same), Promise.all(own), Promise.all(begun)])
    expect([won, started].map((answers) => answers.filter(Boolean).length)).toEqual([1, 1])
    expect(positionsOf(await log.eventsAfter(0, 100))).toEqual(Array.from({ length: 24 }, (_, index) => index + 1))
    expect((await log.eventsAfter(0, 100)).filter(({ body }) => body.startsWith('by'))).toHaveLength(1)
  })

  it('changes a state without an event', async () => {
    const log = await stores.fresh(name)
    expect(await log.appendEvents(change('izmir/1', 0, []))).toEqual([])
    expect(await log.appendEvents(change('izmir/1', 1, [], { isOpen: false }))).toEqual([])
    expect(await log.appendEvents(change('izmir/1', 1, []))).toBeNull()
    expect(await log.eventStream('calls', 'izmir/1')).toMatchObject({ revision: 2, isOpen: false })
    expect(await log.logBounds()).toEqual({ forgotten: 0, last: 0 })
  })

  it('reads on from any position, no more than it was asked for, of one topic when asked', async () => {
    const log = await stores.fresh(name)
    for (let index = 1; index <= 6; index++)
      await log.appendEvents(change(`izmir/${index}`, 0, ['x'], { topic: index % 2 === 0 ? 'calls' : 'accounts' }))
    expect(positionsOf(await log.eventsAfter(2, 3))).toEqual([3, 4, 5])
    expect(positionsOf(await log.eventsAfter(2, 3, 'calls'))).toEqual([4, 6])
    expect(await log.eventsAfter(6, 3)).toEqual([])
  })

  it('gives the open streams of a topic, with the bounds', async () => {
    const log = await stores.fresh(name)
    expect(await log.openStreams('calls')).toEqual({ streams: [], bounds: { forgotten: 0, last: 0 } })
    await log.appendEvents(change('izmir/1', 0, ['x']))
    await log.appendEvents(change('izmir/2', 0, ['x'], { isOpen: false }))
    await log.appendEvents(change('izmir/3', 0, ['x'], { topic: 'accounts' }))
    await log.appendEvents(change('izmir/4', 0, ['x']))
    const { streams, bounds } = await log.openStreams('calls')
    expect(streams.map(({ stream }) => stream).sort()).toEqual(['izmir/1', 'izmir/4'])
    expect(bounds).toEqual({ forgotten: 0, last: 4 })
  })

  it('gives those of one account when asked, and the bounds though it has none', async () => {
    const log = await stores.fresh(name)
    await log.appendEvents(change('izmir/1', 0, ['x']))
    await log.appendEvents(change('izmir/2', 0, ['x'], { isOpen: false }))
    await log.appendEvents(change('praha/1', 0, ['x'], { account: 'praha' }))
    const { streams, bounds } = await log.openStreams('calls', 'praha')
    expect([streams.map(({ stream }) => stream), bounds]).toEqual([['praha/1'], { forgotten: 0, last: 3 }])
    expect(await log.openStreams('calls', 'brno')).toEqual({ streams: [], bounds: { forgotten: 0, last: 3 } })
  })

  it('gives states and bounds of one moment: every event is in a state, or after the last position', async () => {
    const log = await stores.fresh(name)
    let writing = true
    const write = async (stream: string) => {
      for (let revision = 0; revision < 40; revision++) {
        await log.appendEvents(change(stream, revision, ['x', 'y'], { state: String(2 * (revision + 1)) }))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const writers = Promise.all(['a', 'b', 'c'].map(write)).finally(() => (writing = false))
    const snapshots: { readonly inStates: number; readonly last: number }[] = []
    while (writing) {
      const { streams, bounds } = await log.openStreams('calls')
      const inStates = streams.reduce((sum, { state }) => sum + Number(state), 0)
      snapshots.push({ inStates, last: bounds.last })
      await new Promise((resolve) => setImmediate(resolve))
    }
    await writers
    expect(snapshots.filter(({ inStates, last }) => inStates !== last)).toEqual([])
    expect(new Set(snapshots.map(({ last }) => last)).size).toBeGreaterThan(5)
  })

  it('forgets old events and closed streams, and says up to where', async () => {
    const log = await stores.fresh(name)
    const at = (stream: string, ms: number, isOpen = false) => change(stream, 0, ['x'], { at: ms, isOpen })
    await log.appendEvents(at('izmir/old', 1_000))
    await log.appendEvents(at('izmir/lasting', 1_500, true))
    await log.appendEvents(at('izmir/new', 3_000))
    // From a process whose clock is behind: it goes with those before it.
    await log.appendEvents(at('izmir/behind', 1_000))
    await log.forgetEvents(1_000)
    expect(await log.logBounds()).toEqual({ forgotten: 0, last: 4 })
    await log.forgetEvents(3_000)
    expect(await log.logBounds()).toEqual({ forgotten: 2, last: 4 })
    expect([await log.eventAt(2), positionsOf(await log.eventsAfter(0, 10))]).toEqual([null, [3, 4]])
    const kept = ['izmir/old', 'izmir/lasting', 'izmir/new', 'izmir/behind'].map((one) => log.eventStream('calls', one))
    expect((await Promise.all(kept)).map((stream) => stream?.stream)).toEqual([
      ...[undefined, 'izmir/lasting', 'izmir/new', undefined],
    ])
    await log.forgetEvents(9_000)
    expect(await log.openStreams('calls')).toMatchObject({
      streams: [{ stream: 'izmir/lasting', revision: 1 }],
      bounds: { forgotten: 4, last: 4 },
    })
    expect(await log.appendEvents(at('izmir/next', 9_000))).toEqual([5])
  })

  it('forgets more than it deletes at once', async () => {
    const log = await stores.fresh(name)
    const bodies = Array.from({ length: 2_500 }, String)
    await log.appendEvents(change('izmir/1', 0, bodies, { isOpen: false }))
    await log.appendEvents(change('prague/1', 0, bodies, { account: 'prague' }))
    await log.appendEvents(change('izmir/2', 0, ['x'], { at: 5_000 }))
    await log.forgetAccountEvents('prague')
    expect(await log.logBounds()).toEqual({ forgotten: 0, last: 5_001 })
    expect(positionsOf(await log.eventsAfter(2_499, 10))).toEqual([2_500, 5_001])
    await log.forgetEvents(5_000)
    expect(await log.logBounds()).toEqual({ forgotten: 2_500, last: 5_001 })
    expect(positionsOf(await log.eventsAfter(0, 10))).toEqual([5_001])
  })

  it('forgets an account that is unlinked, and no other', async () => {
    const log = await stores.fresh(name)
    const linked = { key: 'prague', workspace: 'default', provider: 'ipex', label: 'Prague', pendingUntil: null }
    await log.link({ ...linked, link: 'l1', settings: new Secret('{}') }, new Map(), 5, 0)
    await log.appendEvents(change('izmir/1', 0, ['x', 'y']))
    await log.appendEvents(change('prague/1', 0, ['z'], { account: 'prague' }))
    expect(await log.unlink('another', () => [])).toBe(false)
    expect(await log.eventAt(3)).not.toBeNull()
    expect(await log.unlink('l1', () => [])).toBe(true)
    expect(await log.eventStream('calls', 'prague/1')).toBeNull()
    expect(positionsOf(await log.eventsAfter(0, 10))).toEqual([1, 2])
    expect(await log.logBounds()).toEqual({ forgotten: 0, last: 3 })
    expect(await log.appendEvents(change('prague/1', 1, ['late'], { account: 'prague' }))).toBeNull()
  })

  it('wakes for its own events at once, and nobody who has stopped listening', async () => {
    const log = await stores.fresh(name)
    const woken: string[] = []
    const stop = ['a', 'b'].map((who) => log.wakeOnEvents(() => woken.push(who)))
    await log.appendEvents(change('izmir/1', 0, ['x']))
    await Promise.resolve()
    expect([...new Set(woken)]).toEqual(['a', 'b'])
    stop[0]!()
    woken.length = 0
    await log.appendEvents(change('izmir/1', 1, ['x']))
    await Promise.resolve()
    expect([...new Set(woken)]).toEqual(['b'])
  })
})

describe.each(['sqlite', 'postgres'] as const)('two processes with one event log in the %s store', (name) => {
  runnable(name)('wake each other within a second', async () => {
    const url = await stores.url(name)
    const [one, two] = [await openPatiently(url, KEYS), await openPatiently(url, KEYS)]
    for (const store of [one, two]) stores.later(() => store.close())
    await new Promise<void>((resolve, reject) => {
      const look = async () => (await one.eventsAfter(0, 1)).length > 0 && resolve()
      one.wakeOnEvents(() => void look().catch(reject))
      two.appendEvents(change('izmir/1', 0, ['x'])).catch(reject)
    })
    expect(await one.eventsAfter(0, 10)).toHaveLength(1)
  })
})

type Step =
  | { readonly do: 'append'; readonly append: Append }
  | { readonly do: 'forget'; readonly before: number }
  | { readonly do: 'remove'; readonly account: string }

const streamNames = fc.constantFrom('a', 'b', 'c')
const accounts = fc.constantFrom('izmir', 'prague')
const times = fc.integer({ min: 0, max: 6 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        stream: streamNames,
        from: fc.integer({ min: 0, max: 3 }),
        events: fc.array(fc.json({ maxDepth: 1 }), { maxLength: 3 }),
        more: fc.record({
          account: accounts,
          state: fc.json({ maxDepth: 1 }),
          isOpen: fc.boolean(),
          at: times,
          topic: fc.constantFrom('calls', 'accounts'),
        }),
      })
      .map(({ stream, from, events, more }): Step => ({ do: 'append', append: change(stream, from, events, more) })),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), before: times }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), account: accounts }) },
)

/** What a log answers to a step, and all that can be read of it afterwards. */
async function told(log: EventLog, one: Step): Promise<unknown> {
  const answer =
    one.do === 'append'
      ? await log.appendEvents(one.append)
      : await (one.do === 'forget' ? log.forgetEvents(one.before) : log.forgetAccountEvents(one.account))
  const { streams, bounds } = await log.openStreams('calls')
  const byName = [...streams].sort((one, other) => (one.stream < other.stream ? -1 : 1))
  const all = await Promise.all(['a', 'b', 'c'].map((stream) => log.eventStream('accounts', stream)))
  return { answer, byName, bounds, all, after: [await log.eventsAfter(0, 99), await log.eventsAfter(3, 2, 'calls')] }
}

describe.each(['sqlite', 'postgres'] as const)('whatever is appended, compared and forgotten, the %s store', (name) => {
  runnable(name)(
    'answers as the one in memory does',
    async () => {
      const url = await stores.url(name)
      const log = await stores.open(url)
      const { db } = await openDialect(url)
      stores.later(() => db.destroy())
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
          for (const table of ['events', 'event_streams'] as const) await db.deleteFrom(table).execute()
          await db.updateTable('event_log').set({ position: 0 }).execute()
          const defined = memoryStore()
          for (const one of steps) expect(await told(log, one)).toEqual(await told(defined, one))
        }),
        { numRuns: cases(60) },
      )
    },
    120_000,
  )
})
