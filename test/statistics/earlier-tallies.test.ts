import { expect, test } from '@jest/globals'
import { Migrator } from 'kysely'

import { NOTHING_YET } from '../../src/archive/archive-state.js'
import { toArchivedCall } from '../../src/archive/call-change.js'
import { globalId } from '../../src/model/id.js'
import type { Reference } from '../../src/model/reference.js'
import { accountStatistics } from '../../src/statistics/account-statistics.js'
import { Calendar } from '../../src/statistics/calendar.js'
import { makeTallies } from '../../src/statistics/tally-maker.js'
import { keyring } from '../../src/store/keyring.js'
import { memoryStore } from '../../src/store/memory.js'
import { openDialect } from '../../src/store/open-store.js'
import { migrations } from '../../src/store/sql/migrations.js'
import { claimKeys } from '../../src/store/sql/migrate.js'
import type { Store } from '../../src/store/store.js'
import { call } from '../loaders/calls/simulated-world.js'
import { archiving } from '../store/archived-calls.js'
import { eventStores, KEYS } from '../store/event-stores.js'

const stores = eventStores()
const DAY = Date.parse('2026-03-04T00:00Z')
const END = DAY + 86_400_000

const line = (number: string): Reference => ({ kind: 'Extension', number })

/** Two extensions rang, and one of them answered. */
async function ring(store: Store) {
  const steps = [line('11'), line('12')].map((targetRef) => ({ targetRef })) as never
  const made = call('izmir', 'a', DAY, { steps, answeredByRef: line('12'), talkSeconds: 30 })
  const covered = [{ from: new Date(DAY).toISOString(), until: new Date(END).toISOString() }]
  const state = JSON.stringify({ ...NOTHING_YET, covered, provider: 'made-up' })
  await store.appendEvents(archiving(0, { put: [toArchivedCall(made)] }, { state }))
}

const OWNER = { workspace: 'default', provider: { slug: 'made-up' } }

async function talkByExtension(store: Store, owner = OWNER) {
  const { table, lacksTallies, callsRead } = await accountStatistics({
    account: { key: 'izmir', ...owner },
    ...{ store, from: DAY, until: END, calendar: new Calendar('UTC'), selection: {}, judge: () => true },
    grouping: {
      ...{ period: null, hourOfDay: false, dayOfWeek: false, account: false, direction: false, disposition: false },
      participants: ['EXTENSION'],
    },
    tallied: { dimension: 'EXTENSION', judge: () => true, judgeParticipants: () => true },
    resolve: async (_, { handlers, bystanders }) => {
      const numbers = (references: readonly Reference[]) => references.map((one) => (one as { number: string }).number)
      return [...new Set([...numbers(handlers), ...numbers(bystanders)])].map((id) => ({
        ...{ id, isHandler: numbers(handlers).includes(id) },
      }))
    },
    assertAwaited() {},
  })
  const talk = table.rows().map(({ place, figures }) => [place.extension, figures.calls, figures.talkSeconds])
  return { talk: talk.toSorted(), lacksTallies, callsRead }
}
const TALK = [
  ['11', 1, 0],
  ['12', 1, 30],
]

/** As an earlier version has written it, which did not tell whose call it was. */
const earlier = (tally: string) => {
  const [unit, words, participants, sums] = JSON.parse(tally) as [number, unknown, readonly string[], unknown]
  return JSON.stringify([unit, words, participants.map((text) => text.replaceAll(',"isBystander":true', '')), sums])
}

test('sums that a process of an earlier version makes are not taken for those of today', async () => {
  const store = memoryStore()
  await ring(store)
  const options = { account: 'izmir', sealed: false, assertGoingOn() {} }
  await makeTallies({ ...options, store }, DAY, Infinity)
  expect(await talkByExtension(store)).toEqual({ talk: TALK, lacksTallies: false, callsRead: 0 })
  const keepTallies: Store['keepTallies'] = (account, made) =>
    store.keepTallies(account, {
      ...made,
      tallies: made.tallies.map(({ tally, ...one }) => ({ ...one, tally: earlier(tally) })),
    })
  await store.claimTallies('izmir', [DAY], 'anybody')
  await makeTallies({ ...options, store: { ...store, keepTallies } }, DAY, Infinity)
  expect((await store.tallies('izmir', null, DAY, END)).changed).toEqual([])
  expect(await talkByExtension(store)).toEqual({ talk: TALK, lacksTallies: true, callsRead: 1 })
})

test('calls that have changed since they were added up are read instead of their sums', async () => {
  const store = memoryStore()
  await ring(store)
  await makeTallies({ store, account: 'izmir', sealed: false, assertGoingOn() {} }, DAY, Infinity)
  const { state } = (await store.eventStream('archive', 'izmir'))!
  const put = [toArchivedCall(call('izmir', 'b', DAY, { answeredByRef: line('12'), talkSeconds: 5 }))]
  await store.appendEvents(archiving(1, { put, remove: [globalId('CallRecord', 'izmir', 'a')] }, { state }))
  expect(await talkByExtension(store)).toEqual({ talk: [['12', 1, 5]], lacksTallies: true, callsRead: 1 })
})

test.each([
  ['in another workspace', { ...OWNER, workspace: 'other' }],
  ['at another provider', { ...OWNER, provider: { slug: 'another' } }],
])('an account %s is told nothing of the one that had its key before', async (_, owner) => {
  const store = memoryStore()
  await ring(store)
  const told = { talk: [], lacksTallies: false, callsRead: 0 }
  expect(await talkByExtension(store, owner)).toEqual(told)
  await makeTallies({ store, account: 'izmir', sealed: false, assertGoingOn() {} }, DAY, Infinity)
  expect(await talkByExtension(store, owner)).toEqual(told)
})

test('sums of an earlier version are made anew', async () => {
  const url = await stores.url('sqlite')
  const { db } = await openDialect(url)
  stores.later(() => db.destroy())
  const provider = { getMigrations: async () => ({ ...migrations }) }
  const { error } = await new Migrator({ db, provider }).migrateTo('009-archive-tallies')
  expect(error).toBeUndefined()
  await claimKeys({ db } as never, keyring(KEYS))
  await db
    .insertInto('archive_tallies')
    .values(
      ['DAY', 'EXTENSION', 'NONE'].map((kind) => ({ account: 'izmir', kind, starts_at: DAY, tally: '[1,[],[],[]]' })),
    )
    .execute()
  const store = await stores.open(url)
  expect(await store.tallies('izmir', 'EXTENSION', DAY, END)).toEqual({ tallies: [], changed: [], days: [] })
  await ring(store)
  await makeTallies({ store, account: 'izmir', sealed: false, assertGoingOn() {} }, DAY, Infinity)
  expect(await talkByExtension(store)).toEqual({ talk: TALK, lacksTallies: false, callsRead: 0 })
})
