import { describe, expect, test } from '@jest/globals'

import { NOTHING_YET } from '../../src/archive/archive-state.js'
import type { ArchivedAccount } from '../../src/archive/archived-account.js'
import { toArchivedCall } from '../../src/archive/call-change.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { TallyKeeper } from '../../src/statistics/tally-keeper.js'
import { ARCHIVE } from '../../src/store/archive-store.js'
import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { quarterOf, TALLIED_AT_ONCE_MS, TALLY_MS } from '../../src/store/tally-store.js'
import { call } from '../loaders/calls/simulated-world.js'
import { archiving } from '../store/archived-calls.js'

const MINUTE = 60_000
/** The archives of the tests cover this day and the two before. */
const TODAY = Date.parse('2026-03-04T00:00Z')
const [BEFORE, EARLIEST] = [TODAY - TALLIED_AT_ONCE_MS, TODAY - 2 * TALLIED_AT_ONCE_MS]
const NOON = TODAY + 12 * 60 * MINUTE

const accountOf = (key: string) =>
  ({ key, workspace: 'default', provider: { slug: 'made-up' }, archive: { sealed: false } }) as ArchivedAccount

/** Adds calls to an archive of three days, as its synchroniser would. */
async function write(store: Store, account: string, calls: readonly CallRecord[] = []) {
  const known = await store.eventStream(ARCHIVE, account)
  const covered = [{ from: new Date(EARLIEST).toISOString(), until: new Date(NOON).toISOString() }]
  await store.appendEvents(
    archiving(
      known?.revision ?? 0,
      { put: calls.map(toArchivedCall) },
      { account, state: JSON.stringify({ ...NOTHING_YET, covered }) },
    ),
  )
}

/** Lets whatever is waiting for nothing but its turn go on. */
const later = () => new Promise(setImmediate)

interface Setting {
  readonly keys?: readonly string[]
  readonly store?: Store
  /** Done before calls are read. */
  readonly onRead?: (account: string, from: string) => unknown
}

/** A process that keeps the tallies of some archives, by a clock that stands at noon. */
async function keeping({ keys = ['izmir'], store = memoryStore(), onRead = () => {} }: Setting = {}) {
  const time = { now: NOON, monotonic: 1_000 }
  const troubles: unknown[] = []
  const reads: string[] = []
  for (const key of keys) await write(store, key, [call(key, 'first', EARLIEST), call(key, 'last', TODAY)])
  const watched: Store = {
    ...store,
    async archivedCalls(query) {
      await onRead(query.account, query.from!)
      reads.push(query.account)
      return store.archivedCalls(query)
    },
  }
  const keeper = new TallyKeeper({
    accounts: () => keys.map(accountOf),
    store: watched,
    clock: { now: () => time.now, monotonic: () => time.monotonic },
    onTrouble: (trouble) => void troubles.push(trouble),
  })
  const part = (key = 'izmir') => store.tallies(key, 'NONE', EARLIEST, TODAY + TALLIED_AT_ONCE_MS)
  return {
    ...{ keeper, store, time, troubles, reads, part },
    days: async (key?: string) => (await part(key)).days,
    changed: async (key?: string) => (await part(key)).changed,
  }
}

describe('what keeps the tallies of archives', () => {
  test('makes those of a day at a time, the newest first, until there is nothing more to do', async () => {
    const { keeper, days } = await keeping()
    expect(await days()).toEqual([])
    await keeper.turn()
    expect(await days()).toEqual([TODAY])
    await keeper.turn()
    expect(await days()).toEqual([BEFORE, TODAY])
    await keeper.turn()
    expect(await days()).toEqual([EARLIEST, BEFORE, TODAY])
    expect(await keeper.turn()).toBe(MINUTE)
  })

  test('makes what has changed anew, once it is over for a quarter of an hour', async () => {
    const { keeper, store, time, changed, part } = await keeping()
    for (let turn = 0; turn < 3; turn += 1) await keeper.turn()
    await write(store, 'izmir', [call('izmir', 'young', NOON), call('izmir', 'old', BEFORE)])
    await keeper.turn()
    expect(await changed()).toEqual([NOON])
    expect((await part()).tallies.map(({ from }) => from)).toEqual([EARLIEST, BEFORE, TODAY])
    time.now = NOON + 2 * TALLY_MS - 1
    await keeper.turn()
    expect(await changed()).toEqual([NOON])
    time.now += 1
    await keeper.turn()
    expect(await changed()).toEqual([])
    expect((await part()).tallies.map(({ from }) => from)).toEqual([EARLIEST, BEFORE, TODAY, NOON])
  })

  test('rests twice as long as it has worked, whoever wakes it', async () => {
    const { keeper, time, reads, days } = await keeping({ onRead: () => (time.monotonic += 100) })
    expect(await keeper.turn()).toBe(200)
    time.monotonic += 150
    expect(await keeper.turn()).toBe(50)
    expect([reads.length, await days()]).toEqual([1, [TODAY]])
    time.monotonic += 50
    expect(await keeper.turn()).toBe(200)
    expect(await days()).toEqual([BEFORE, TODAY])
  })

  test('gives everything else its turn between the parts of a day', async () => {
    const turns: number[] = []
    let turn = 0
    let isOver = false
    const others = () => {
      turn += 1
      if (!isOver) setImmediate(others)
    }
    const { keeper, store } = await keeping({ onRead: () => turns.push(turn) })
    await write(
      store,
      'izmir',
      Array.from({ length: 1_400 }, (_, at) => call('izmir', `many-${at}`, TODAY)),
    )
    setImmediate(others)
    await keeper.turn()
    isOver = true
    expect(new Set(turns).size).toBe(3)
  })

  test('leaves an account to the process that is at it', async () => {
    let arrive = () => {}
    let goOn = () => {}
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    const held = new Promise<void>((resolve) => (goOn = resolve))
    const one = await keeping({ keys: ['izmir', 'praha'], onRead: () => (arrive(), held) })
    const other = await keeping({ keys: ['izmir', 'praha'], store: one.store })
    const first = one.keeper.turn()
    await arrived
    await other.keeper.turn()
    expect([other.reads, await other.days('izmir'), await other.days('praha')]).toEqual([['praha'], [], [TODAY]])
    goOn()
    await first
    await other.keeper.turn()
    expect([await other.days('izmir'), await other.days('praha')]).toEqual([[TODAY], [BEFORE, TODAY]])
  })

  test('tells what has failed and tries again, and keeps nobody else waiting', async () => {
    let isBroken = true
    const trouble = new Error('no such row')
    const { keeper, days } = await keeping({
      keys: ['izmir', 'praha'],
      onRead(account) {
        if (isBroken && account === 'izmir') throw trouble
      },
    })
    await expect(keeper.turn()).rejects.toBe(trouble)
    for (let turn = 0; turn < 3; turn += 1) await keeper.turn()
    expect([await days('izmir'), await days('praha')]).toEqual([[], [EARLIEST, BEFORE, TODAY]])
    await expect(keeper.turn()).rejects.toBe(trouble)
    isBroken = false
    for (let turn = 0; turn < 3; turn += 1) await keeper.turn()
    expect(await days('izmir')).toEqual([EARLIEST, BEFORE, TODAY])
  })

  test('works by itself once it is open, and tells of trouble there', async () => {
    const trouble = new Error('no such row')
    let tell = () => {}
    const told = new Promise<void>((resolve) => (tell = resolve))
    const { keeper, troubles, days } = await keeping({
      onRead(_, from) {
        if (!from.startsWith('2026-03-03')) return
        tell()
        throw trouble
      },
    })
    keeper.open()
    await told
    await later()
    await keeper.close()
    expect([troubles, await days()]).toEqual([[trouble], [TODAY]])
  })

  test('ends between two parts of a day when it is closed, and keeps the account from nobody', async () => {
    let arrive = () => {}
    let goOn = () => {}
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    const held = new Promise<void>((resolve) => (goOn = resolve))
    const { keeper, store, reads, days, troubles } = await keeping({ onRead: () => (arrive(), held) })
    await write(
      store,
      'izmir',
      Array.from({ length: 600 }, (_, at) => call('izmir', `many-${at}`, TODAY)),
    )
    keeper.open()
    await arrived
    const closed = keeper.close()
    goOn()
    await closed
    expect([reads.length, await days(), troubles]).toEqual([1, [], []])
    const other = await keeping({ store })
    await other.keeper.turn()
    expect(await days()).toEqual([TODAY])
  })

  test('goes on with other days while calls of one change all the time', async () => {
    const { keeper, store, days, changed } = await keeping({
      async onRead(_, from) {
        if (from.startsWith('2026-03-04')) await write(store, 'izmir', [call('izmir', 'busy', NOON - 60 * MINUTE)])
      },
    })
    for (let turn = 0; turn < 3; turn += 1) await keeper.turn()
    expect(await days()).toEqual([EARLIEST, BEFORE])
    expect(await changed()).toContain(quarterOf(NOON - 60 * MINUTE))
    // All others are done: it looks at this one again with the next turn but one.
    expect(await keeper.turn()).toBe(MINUTE)
    expect(await keeper.turn()).not.toBe(MINUTE)
  })

  test('leaves alone what has no archive, or one in which nothing is yet', async () => {
    const store = memoryStore()
    const keeper = new TallyKeeper({
      accounts: () => [{ ...accountOf('izmir'), archive: null }, accountOf('praha')],
      store,
      clock: { now: () => NOON, monotonic: () => 0 },
      onTrouble: (trouble) => {
        throw trouble
      },
    })
    expect(await keeper.turn()).toBe(MINUTE)
  })
})
