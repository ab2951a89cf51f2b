import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { NOTHING_YET } from '../../../src/archive/archive-state.js'
import { toArchivedCall } from '../../../src/archive/call-change.js'
import { CallDirection, CallDisposition, type CallRecord } from '../../../src/model/call-record.js'
import { globalId } from '../../../src/model/id.js'
import type { Reference } from '../../../src/model/reference.js'
import { makeTallies } from '../../../src/statistics/tally-maker.js'
import { ARCHIVE } from '../../../src/store/archive-store.js'
import { call } from '../../loaders/in-memory.js'
import { as, IZMIR, PRAHA, quietStore, serveArchives } from './archived-calls.js'

const DAY = 86_400_000
/** The synchronisers of these servers are never at work. */
const BEGIN = Math.floor(Date.now() / DAY) * DAY - 3 * DAY
const at = (hours: number) => new Date(BEGIN + hours * 3_600_000).toISOString()

const ROW = `{ period hourOfDay dayOfWeek calls answered missed talkSeconds averageWaitSeconds
  waitSeconds(percentile: 50) serviceLevel(withinSeconds: 20) longestWaitSeconds averageTalkSeconds
  cost { amount currencyCode } account { key } extension { number } direction disposition }`
const STATISTICS = `query ($filter: CallRecordFilter!, $groupBy: [CallStatisticsDimension!]! = [], $timeZone: TimeZone, $first: Int = 500) {
  callStatistics(filter: $filter, groupBy: $groupBy, timeZone: $timeZone, first: $first) {
    rows ${ROW} total ${ROW} truncated
    sources { account { key } state errorCode message stalenessSeconds }
  }
}`

interface Row {
  readonly [field: string]: unknown
}
interface Answer {
  readonly data: {
    readonly callStatistics: {
      readonly rows: readonly Row[]
      readonly total: Row
      readonly truncated: boolean
      readonly sources: readonly {
        readonly account: { readonly key: string }
        readonly state: string
        readonly message: string | null
        readonly stalenessSeconds: number | null
      }[]
    } | null
  }
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
  readonly extensions?: { readonly explain?: { readonly statistics?: readonly object[] } }
}

let served: Awaited<ReturnType<typeof serveArchives>>
const store = quietStore()

async function keep(
  { key, workspace }: typeof IZMIR,
  calls: readonly CallRecord[],
  syncedAt = new Date().toISOString(),
): Promise<void> {
  const known = await store.eventStream(ARCHIVE, key)
  const state = { ...NOTHING_YET, covered: [{ from: at(0), until: at(72) }], syncedAt }
  await store.appendEvents({
    ...{ topic: ARCHIVE, stream: key, workspace, account: key, from: known?.revision ?? 0, isOpen: true, events: [] },
    ...{ at: Date.now(), state: JSON.stringify(state) },
    archive: { put: calls.map(toArchivedCall), remove: [], sealed: false },
  })
}

const made = (account: string, id: string, hours: number, more: Partial<CallRecord> = {}) =>
  ({
    ...call(account, id, { steps: [], answeredByRef: null }),
    groupRefs: [],
    startedAt: at(hours),
    ...more,
  }) as CallRecord
const line = (number: string): Reference => ({ kind: 'Extension', number })

beforeAll(async () => {
  served = await serveArchives(store)
  await keep(IZMIR, [
    made('izmir', 's1', 1, {
      waitSeconds: 5,
      talkSeconds: 60,
      cost: { amount: '0.10', currencyCode: 'TRY' },
      answeredByRef: line('1001'),
    }),
    made('izmir', 's2', 1.5, { waitSeconds: 30, talkSeconds: 10, cost: { amount: '0.2', currencyCode: 'TRY' } }),
    made('izmir', 's3', 2, { disposition: 'MISSED', waitSeconds: 40, talkSeconds: null } as Partial<CallRecord>),
    made('izmir', 's4', 26, {
      direction: 'OUTBOUND',
      waitSeconds: 3,
      talkSeconds: 7,
      steps: [],
    } as Partial<CallRecord>),
  ])
  await keep(PRAHA, [made('praha', 's9', 1, { talkSeconds: 99 })])
}, 60_000)
afterAll(() => served.close())

const ask = (variables: object = {}, headers: Record<string, string> = as('board')) =>
  served.ask<Answer>(STATISTICS, { filter: { startedAt: { from: at(0), until: at(48) } }, ...variables }, headers)
const found = async (variables: object = {}, headers?: Record<string, string>) =>
  (await ask(variables, headers)).data.callStatistics!

describe('callStatistics', () => {
  test('adds up the calls of archives, and of a workspace alone', async () => {
    const { rows, total, truncated } = await found()
    expect(total).toMatchObject({
      ...{ calls: 4, answered: 3, missed: 1, talkSeconds: 77, averageTalkSeconds: 77 / 3, averageWaitSeconds: 78 / 4 },
      ...{
        waitSeconds: 5,
        serviceLevel: 2 / 3,
        longestWaitSeconds: 40,
        cost: [{ amount: '0.30', currencyCode: 'TRY' }],
      },
      ...{ period: null, account: null, extension: null, direction: null, disposition: null },
    })
    expect({ rows, truncated }).toEqual({ rows: [total], truncated: false })
    expect((await found({}, as('other'))).total).toMatchObject({ calls: 1, talkSeconds: 99 })
  })

  test('says which accounts have no archive, and how old it is', async () => {
    const { sources } = await found()
    expect(sources.map(({ account: { key }, state }) => [key, state])).toEqual(
      expect.arrayContaining([
        ['izmir', 'COMPLETE'],
        ['mailings', 'UNSUPPORTED'],
      ]),
    )
  })

  test('tells rows apart by the clocks of a zone, in their order, and says that there are more', async () => {
    const asked = { groupBy: ['HOUR', 'DIRECTION'], timeZone: 'Asia/Kathmandu' }
    const { rows } = await found(asked)
    // At a quarter to the hour of UTC.
    expect(rows.map(({ period, direction, calls }) => [period, direction, calls])).toEqual([
      [at(0.25), 'INBOUND', 1],
      [at(1.25), 'INBOUND', 2],
      [at(25.25), 'OUTBOUND', 1],
    ])
    expect(await found({ ...asked, first: 2 })).toMatchObject({
      rows: rows.slice(0, 2),
      truncated: true,
      total: { calls: 4 },
    })
  })

  test('is the same from sums, and says what it has read', async () => {
    const asked = { groupBy: ['DAY', 'EXTENSION', 'DISPOSITION'] }
    const explained = { ...as('board'), 'x-dialgraph-explain': '1' }
    const workOf = ({ extensions }: Answer) => extensions!.explain!.statistics
    const read = await ask(asked, explained)
    expect(workOf(read)).toEqual([{ accountKey: 'izmir', talliesRead: 0, callsRead: 4, why: 'TALLIES_MISSING' }])
    for (const day of [BEGIN, BEGIN + DAY])
      await makeTallies({ store, account: 'izmir', sealed: false, assertGoingOn() {} }, day, Infinity)
    const summed = await ask(asked, explained)
    expect(workOf(summed)).toEqual([{ accountKey: 'izmir', talliesRead: 4, callsRead: 0, why: null }])
    expect(summed.data.callStatistics!.rows).toEqual(read.data.callStatistics!.rows)
  })

  test('gives each extension the talk, waits and cost of calls that it answered or made, and of others their number', async () => {
    const outside = { kind: 'ExternalNumber', number: '+905550000009', rawNumber: '905550000009' } as const
    const side = (endpointRef: Reference | null) => ({ ...call('izmir', 'any').caller, endpointRef })
    const rang = (...numbers: readonly string[]) =>
      numbers.map((number) => ({ targetRef: line(number) })) as unknown as CallRecord['steps']
    const money = (amount: string) => ({ amount, currencyCode: 'TRY' })
    await keep(IZMIR, [
      made('izmir', 't1', 49, {
        ...{ steps: rang('1001', '1002'), answeredByRef: line('1002') },
        ...{ waitSeconds: 10, talkSeconds: 100, cost: money('1.00') },
      }),
      made('izmir', 't2', 50, {
        ...{ steps: rang('1001'), disposition: CallDisposition.MISSED, waitSeconds: 30, talkSeconds: 0 },
      }),
      made('izmir', 't3', 51, {
        ...{ direction: CallDirection.OUTBOUND, caller: side(line('1001')), answeredByRef: outside },
        ...{ waitSeconds: 4, talkSeconds: 50, cost: money('0.50') },
      }),
      made('izmir', 't4', 52, {
        ...{ direction: CallDirection.INTERNAL, caller: side(line('1002')), callee: side(line('1001')) },
        ...{ answeredByRef: line('1001'), waitSeconds: 2, talkSeconds: 20 },
      }),
      made('izmir', 't5', 53, { caller: side(null), talkSeconds: 5, waitSeconds: 1 }),
    ])
    const asked = { filter: { startedAt: { from: at(48), until: at(72) } }, groupBy: ['EXTENSION'] }
    const { rows, total } = await found(asked)
    expect(
      rows.map(({ extension, ...row }) => ({ ...row, extension: (extension as { number: string } | null)?.number })),
    ).toMatchObject([
      {
        ...{ extension: '1001', calls: 4, answered: 2, missed: 1, talkSeconds: 70, averageTalkSeconds: 35 },
        ...{ averageWaitSeconds: 3, longestWaitSeconds: 4, waitSeconds: 2, serviceLevel: 1, cost: [money('0.50')] },
      },
      {
        ...{ extension: '1002', calls: 2, answered: 2, missed: 0, talkSeconds: 120, averageTalkSeconds: 60 },
        ...{ averageWaitSeconds: 6, longestWaitSeconds: 10, cost: [money('1.00')] },
      },
      { extension: undefined, calls: 1, answered: 1, talkSeconds: 5 },
    ])
    expect(total).toMatchObject({ calls: 5, answered: 4, missed: 1, talkSeconds: 175, longestWaitSeconds: 30 })
    await makeTallies({ store, account: 'izmir', sealed: false, assertGoingOn() {} }, BEGIN + 2 * DAY, Infinity)
    expect(await found(asked)).toMatchObject({ rows, total })
  })

  test('says that the archive has not looked for long', async () => {
    const stateOf = async (until: string) => {
      const { sources } = await found({ filter: { startedAt: { from: at(0), until } } })
      return sources.find(({ account: { key } }) => key === 'izmir')!.state
    }
    await keep(IZMIR, [], at(70))
    expect([await stateOf(at(22)), await stateOf(at(23))]).toEqual(['COMPLETE', 'STALE'])
    await keep(IZMIR, [])
    expect(await stateOf(at(48))).toBe('COMPLETE')
  })

  test('gives a caller who is bound to an extension figures of its own calls', async () => {
    expect((await found({}, as('person'))).total).toMatchObject({ calls: 1, talkSeconds: 60 })
    const ofOthers = { filter: { extensionIds: [globalId('Extension', 'izmir', '1002')] } }
    expect((await found(ofOthers, as('person'))).total).toMatchObject({ calls: 0 })
    // What it took would tell how many calls of others there are.
    const { extensions } = await ask({}, { ...as('person'), 'x-dialgraph-explain': '1' })
    expect(extensions?.explain).toBeUndefined()
  })

  test('tells such a caller nothing of how many calls there are of which it is not known whose they are', async () => {
    const partOf = async (from: number, until: number) => {
      const filter = { startedAt: { from: at(from), until: at(until) } }
      const { sources, total } = await found({ filter }, as('person'))
      const { stalenessSeconds: _, ...izmir } = sources.find(({ account: { key } }) => key === 'izmir')!
      return { ...izmir, calls: total['calls'] }
    }
    await keep(
      IZMIR,
      [0, 1, 2].map((id) => made('izmir', `u${id}`, 70, { answeredByRef: undefined as never })),
    )
    expect(await partOf(69, 71)).toEqual({
      ...{ account: { key: 'izmir' }, state: 'PARTIAL', errorCode: 'CAPABILITY_UNSUPPORTED', calls: 0 },
      message: expect.stringMatching(/^Of some calls only the detail/),
    })
    expect(await partOf(69, 71)).toEqual(await partOf(66, 68))
  })

  test('says that the archive does not reach so far back', async () => {
    const { sources } = await found({ filter: { startedAt: { from: '2020-01-01T00:00:00Z' } } })
    const izmir = sources.find(({ account: { key } }) => key === 'izmir')
    expect(izmir).toMatchObject({ state: 'PARTIAL', message: expect.stringContaining('has none from before') })
  })

  test.each([
    ['two periods', { groupBy: ['HOUR', 'DAY'] }, /at most one of HOUR, DAY, WEEK and MONTH/],
    ['a zone that nobody has', { timeZone: 'Europe/Atlantis' }, /no time zone: Europe\/Atlantis/],
    ['no rows', { first: 0 }, /from 1 to 5000/],
    ['too many rows', { first: 5_001 }, /from 1 to 5000|too complex/],
  ])('refuses %s', async (_, variables, message) => {
    const { data, errors } = await ask(variables)
    expect(errors![0]!.message).toMatch(message)
    expect(data?.callStatistics ?? null).toBeNull()
  })
})
