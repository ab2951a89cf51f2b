import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { NOTHING_YET, type Covered } from '../../src/archive/archive-state.js'
import { fromArchivedCall, toArchivedCall } from '../../src/archive/call-change.js'
import { globalId } from '../../src/model/id.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { referenceOf, type Reference } from '../../src/model/reference.js'
import { accountStatistics, type AccountQuestion } from '../../src/statistics/account-statistics.js'
import { Calendar } from '../../src/statistics/calendar.js'
import { tallyFor } from '../../src/statistics/grouping.js'
import {
  everybodyOf,
  participantsOf,
  type ParticipantKind,
  type Participants,
} from '../../src/statistics/participants.js'
import { makeTallies } from '../../src/statistics/tally-maker.js'
import { openDialect } from '../../src/store/open-store.js'
import type { Store } from '../../src/store/store.js'
import { TALLIED_AT_ONCE_MS } from '../../src/store/tally-store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { archiving, asking } from '../store/archived-calls.js'
import { eventStores, STORES } from '../store/event-stores.js'
import { madeUpCall } from './made-up-calls.js'
import { plainFold, shownFigures, shownRow } from './plain-fold.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)

/** Of each kind, in each store; `npm run proof:statistics` has many more. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 9)
const TIMEOUT_MS = 60_000 + HISTORIES * 2_000

const HOUR = 3_600_000
const ACCOUNT = 'izmir'
const OWNER = { key: ACCOUNT, workspace: 'default', provider: { slug: 'made-up' } }
/** Clocks are set: in Prague forward and back, in Santiago at midnight, on Lord Howe by half an hour. */
const CHANGES = ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-09-06T04:00Z', '2026-04-04T15:00Z'].map(Date.parse)
const ZONES = [...['Europe/Prague', 'America/Santiago', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Asia/Kolkata', 'UTC']]

/** One of the days on which clocks are set, and the one before: few hours of each, so that calls meet. */
interface Place {
  readonly change: number
  readonly days: readonly number[]
  readonly moment: fc.Arbitrary<number>
}

const PLACES: readonly Place[] = CHANGES.map((change) => ({
  change,
  days: [dayOf(change) - TALLIED_AT_ONCE_MS, dayOf(change)],
  moment: fc
    .tuple(fc.constantFrom(-20, -3, -2, -1, 0, 1, 2), fc.constantFrom(0, 1, 14, 15, 29, 30, 45, 59.9))
    .map(([hours, minutes]) => Math.max(dayOf(change) - TALLIED_AT_ONCE_MS, change + hours * HOUR + minutes * 60_000)),
}))
const ids = fc.constantFrom(...'abcdefghijkl')
const callsOf = ({ moment }: Place) =>
  fc.uniqueArray(madeUpCall(ACCOUNT, moment, ids), { selector: ({ id }) => id, minLength: 1, maxLength: 8 })

type Step = (history: History) => Promise<unknown>

/** An archive that is written to. */
interface History {
  readonly store: Store
  covered: readonly Covered[]
}

/** What a question may be. */
const questionIn = ({ moment }: Place) =>
  fc.record({
    zone: fc.constantFrom(...ZONES),
    period: fc.constantFrom(null, 'HOUR' as const, 'DAY' as const, 'WEEK' as const, 'MONTH' as const),
    more: fc.subarray([
      'HOUR_OF_DAY',
      'DAY_OF_WEEK',
      'ACCOUNT',
      'DIRECTION',
      'DISPOSITION',
      'GROUP',
      'EXTENSION',
      'DID',
    ]),
    ...{ from: fc.option(moment), until: fc.option(moment) },
    directions: fc.option(fc.subarray(['INBOUND', 'OUTBOUND'])),
    extension: fc.option(fc.constantFrom('e11', 'e12')),
    longerThan: fc.option(fc.constantFrom(1, 20), { freq: 5 }),
  })
type Question = ReturnType<typeof questionIn> extends fc.Arbitrary<infer Value> ? Value : never

const stepIn = ({ moment, days, ...place }: Place): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(callsOf({ moment, days, ...place }), fc.uniqueArray(ids, { maxLength: 3 })).map(
        ([put, remove]): Step =>
          (history) =>
            write(history, put, remove),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom(...days).map(
        (day): Step =>
          ({ store }) =>
            tally(store, day),
      ),
    },
    {
      weight: 1,
      arbitrary: moment.map(
        (before): Step =>
          ({ store }) =>
            store.forgetArchivedCalls(ACCOUNT, before),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(moment, moment).map(([one, other]): Step => async (history) => {
        const range = { from: iso(Math.min(one, other)), until: iso(Math.max(one, other)) }
        history.covered = [range]
        await write(history, [], [])
      }),
    },
  )

async function write({ store, covered }: History, put: readonly CallRecord[], remove: readonly string[]) {
  const known = await store.eventStream('archive', ACCOUNT)
  const natives = remove.map((native) => globalId('CallRecord', ACCOUNT, native))
  await store.appendEvents(
    archiving(
      known?.revision ?? 0,
      { put: put.map(toArchivedCall), remove: natives, sealed: put.length % 2 === 1 },
      { account: ACCOUNT, state: JSON.stringify({ ...NOTHING_YET, covered }) },
    ),
  )
}

const tally = (store: Store, day: number) =>
  makeTallies({ store, account: ACCOUNT, sealed: day % 2 === 0, assertGoingOn() {} }, day, Infinity)

/** Objects that references mean: 11 and the id `one` are one extension. */
const OBJECTS: Readonly<Record<string, string>> = { 11: 'e11', one: 'e11', 12: 'e12', g1: 'g1', '+901': 'd1' }
const idOf = (reference: Reference | null): string | null =>
  OBJECTS[(reference as { id?: string } | null)?.id ?? (reference as { number: string } | null)?.number ?? ''] ?? null
const idsOf = (participants: Participants): readonly string[] => [
  ...new Set(everybodyOf(participants).flatMap((reference) => idOf(reference) ?? [])),
]
const isOwn = ({ caller, answeredByRef }: CallRecord, extension: string): boolean =>
  [caller.endpointRef, answeredByRef].some((one) => idOf(referenceOf(one, 'Extension')) === extension)

const dimensionsOf = ({ period, more }: Question) => [
  ...(period ? [period] : []),
  ...['HOUR_OF_DAY', 'DAY_OF_WEEK', 'ACCOUNT', 'DIRECTION', 'DISPOSITION', 'EXTENSION', 'GROUP', 'DID'].filter((one) =>
    more.includes(one),
  ),
]

function questionOf(store: Store, asked: Question): AccountQuestion {
  const { zone, period, more, from, until, directions, extension, longerThan } = asked
  const participants = (['EXTENSION', 'GROUP', 'DID'] as const).filter((kind) => more.includes(kind))
  const [hourOfDay, dayOfWeek] = [more.includes('HOUR_OF_DAY'), more.includes('DAY_OF_WEEK')]
  const grouping = {
    ...{ period, hourOfDay, dayOfWeek, participants, account: more.includes('ACCOUNT') },
    ...{ direction: more.includes('DIRECTION'), disposition: more.includes('DISPOSITION') },
  }
  const judgeParticipants = (who: Participants) =>
    extension === null || idsOf(who).includes(extension) ? true : who.isWhole ? false : undefined
  const dimension = tallyFor(grouping, extension === null ? [] : ['EXTENSION'], longerThan !== null)
  const judgeClass = ({ direction }: { direction: string }) => directions?.includes(direction) ?? true
  return {
    ...{ account: OWNER, store, from, until, grouping, calendar: new Calendar(zone) },
    tallied: dimension && { dimension, judge: judgeClass, judgeParticipants },
    selection: { directions, minimumSeconds: longerThan },
    judge: (call) => judgeClass(call) && judgeParticipants(participantsOf(call, 'EXTENSION')),
    resolve: async (_, who) => {
      const handlers = who.handlers.map(idOf)
      return idsOf(who).map((id) => ({ id, isHandler: handlers.includes(id) }))
    },
    assertAwaited() {},
  }
}

/** What the plainest fold makes of the calls that the archive has. */
async function expected({ store, covered }: History, asked: Question) {
  const all = (await store.archivedCalls(asking({ account: ACCOUNT }))).map(fromArchivedCall)
  const { zone, from, until, directions, extension, longerThan } = asked
  const ids = (call: CallRecord, kind: ParticipantKind) => idsOf(participantsOf(call, kind))
  const matches = (call: CallRecord) =>
    (covered[0] === undefined || (call.startedAt >= covered[0].from && call.startedAt <= covered[0].until)) &&
    covered.length > 0 &&
    (from === null || Date.parse(call.startedAt) >= from) &&
    (until === null || Date.parse(call.startedAt) < until) &&
    (directions?.includes(call.direction) ?? true) &&
    (longerThan === null || (call.durationSeconds ?? -1) >= longerThan) &&
    (extension === null || ids(call, 'EXTENSION').includes(extension))
  return plainFold(all, { zone, dimensions: dimensionsOf(asked), matches, ids, isOwn })
}

async function answer(store: Store, asked: Question) {
  const { table } = await accountStatistics(questionOf(store, asked))
  return { total: shownFigures(table.total), rows: new Map(table.rows().map(shownRow)) }
}

/** A history, and questions about it; without shrinking, which takes minutes where a database is asked. */
const check = <T extends unknown[]>(
  more: (place: Place) => { readonly [at in keyof T]: fc.Arbitrary<T[at]> },
  property: (place: Place, ...values: T) => Promise<void>,
) =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PLACES).chain((place) => fc.tuple(fc.constant(place), fc.tuple<T>(...more(place)))),
      ([place, values]) => property(place, ...values),
    ),
    { numRuns: HISTORIES, endOnFailure: true },
  )

describe.each(STORES)('whatever became of the calls, statistics of the %s store', (name) => {
  const it = name === 'postgres' && postgresUnavailable ? test.skip : test

  async function histories(): Promise<(place: Place) => Promise<History>> {
    const url = await stores.url(name)
    const shared = name === 'memory' ? null : await stores.open(url)
    const { db } = shared ? await openDialect(url) : { db: null }
    stores.later(() => db?.destroy())
    return async ({ days }) => {
      for (const table of ['event_streams', 'archive_calls', 'archive_tallies'] as const)
        await db?.deleteFrom(table).execute()
      const covered = [{ from: iso(days[0]!), until: iso(days[1]! + TALLIED_AT_ONCE_MS) }]
      const history: History = { store: shared ?? (await stores.fresh('memory')), covered }
      await write(history, [], [])
      return history
    }
  }

  it(
    'are what a fold of the calls gives, in every zone, with tallies or without',
    async () => {
      const begin = await histories()
      await check(
        (place) => [
          fc.array(stepIn(place), { minLength: 4, maxLength: 12 }),
          fc.array(questionIn(place), { minLength: 3, maxLength: 3 }),
        ],
        async (place, steps: readonly Step[], asked: readonly Question[]) => {
          const history = await begin(place)
          for (const one of steps) await one(history)
          for (const one of asked) expect(await answer(history.store, one)).toEqual(await expected(history, one))
        },
      )
    },
    TIMEOUT_MS,
  )

  it(
    'are of one moment, whoever writes and tallies meanwhile',
    async () => {
      const begin = await histories()
      await check(
        (place) => [fc.array(stepIn(place), { maxLength: 5 }), callsOf(place), questionIn(place)],
        async (place, steps: readonly Step[], put: readonly CallRecord[], asked: Question) => {
          const history = await begin(place)
          for (const one of steps) await one(history)
          const before = await expected(history, asked)
          const [found] = await Promise.all([
            answer(history.store, asked),
            ...place.days.map((day) => tally(history.store, day)),
            write(history, put, ['a', 'b']),
            ...place.days.map((day) => tally(history.store, day)),
          ])
          const after = await expected(history, asked)
          expect([before, after]).toContainEqual(found)
          expect(await answer(history.store, asked)).toEqual(after)
        },
      )
    },
    TIMEOUT_MS,
  )
})

function dayOf(at: number): number {
  return Math.floor(at / TALLIED_AT_ONCE_MS) * TALLIED_AT_ONCE_MS
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
