import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { globalId } from '../../src/model/id.js'
import { KEYS, NOW, startTwins, type Twins } from './twins.js'

const DAY = 86_400_000
const ago = (days: number) => new Date(NOW - days * DAY).toISOString()

interface Call {
  readonly startedAt: string
  readonly direction: string
  readonly disposition: string
  readonly waitSeconds: number | null
  readonly talkSeconds: number | null
  readonly cost: { readonly amount: string } | null
  readonly account: { readonly key: string }
  readonly did: { readonly id: string } | null
}
interface Row {
  readonly calls: number
  readonly account: { readonly key: string } | null
  readonly did: { readonly id: string } | null
  readonly [field: string]: unknown
}
interface Statistics {
  readonly rows: readonly Row[]
  readonly total: Row
  readonly truncated: boolean
  readonly sources: readonly { readonly state: string; readonly message: string | null }[]
}

let twins: Twins
let ids: Readonly<Record<'did' | 'extension' | 'group', readonly string[]>>
beforeAll(async () => {
  twins = await startTwins({ scale: 0.005 })
  for (const key of KEYS) await twins.cover(key, [{ from: ago(89), until: ago(0) }], ago(0))
  const { data } = await twins.plain.ask(
    '{ did: dids(first: 100) { nodes { id } } extension: extensions(first: 100) { nodes { id } } group: groups(first: 100) { nodes { id } } }',
  )
  const lists = Object.entries(data as unknown as Record<string, { nodes: { id: string }[] }>)
  ids = Object.fromEntries(lists.map(([name, { nodes }]) => [name, nodes.map(({ id }) => id)])) as never
}, 60_000)
afterAll(() => twins.close())

/** All calls of a filter, as the server without archives walks them. */
async function walked(filter: object): Promise<readonly Call[]> {
  const query = `query ($filter: CallRecordFilter, $after: String) { callRecords(filter: $filter, first: 100, after: $after) {
    nodes { startedAt direction disposition waitSeconds talkSeconds cost { amount } account { key } did { id } }
    pageInfo { hasNextPage endCursor } } }`
  const calls: Call[] = []
  for (let after: string | null = null; ;) {
    const answer = await twins.plain.ask(query, { filter, after })
    expect(answer.errors).toBeUndefined()
    const { nodes, pageInfo } = answer.data!['callRecords'] as unknown as {
      nodes: Call[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }
    calls.push(...nodes)
    if (!pageInfo.hasNextPage) return calls
    after = pageInfo.endCursor
  }
}

const ROW = `{ period hourOfDay dayOfWeek direction disposition account { key } did { id } extension { id } group { id }
  calls answered missed talkSeconds longestWaitSeconds cost { amount } }`
const ask = (variables: object) =>
  twins.archived.ask(
    `query ($filter: CallRecordFilter!, $groupBy: [CallStatisticsDimension!]! = [], $timeZone: TimeZone, $first: Int = 500) {
    callStatistics(filter: $filter, groupBy: $groupBy, timeZone: $timeZone, first: $first) {
      rows ${ROW} total ${ROW} truncated sources { state message } } }`,
    variables,
  )
async function statistics(variables: object): Promise<Statistics> {
  const { data, errors } = await ask(variables)
  expect(errors).toBeUndefined()
  return data!['callStatistics'] as unknown as Statistics
}

/** In millionths, of which all amounts are whole multiples. */
const costOf = (amounts: readonly (string | undefined)[]) =>
  amounts.reduce((sum, amount) => sum + Math.round(Number(amount ?? 0) * 1_000_000), 0)

function fold(calls: readonly Call[]) {
  const waits = calls.flatMap(({ direction, disposition, waitSeconds }) =>
    waitSeconds !== null &&
    (disposition === 'ANSWERED' || (direction === 'INBOUND' && !['UNKNOWN', 'IN_PROGRESS'].includes(disposition)))
      ? [waitSeconds]
      : [],
  )
  const count = (word: string) => calls.filter(({ disposition }) => disposition === word).length
  return {
    ...{ calls: calls.length, answered: count('ANSWERED'), missed: count('MISSED') },
    talkSeconds: calls.reduce((sum, { talkSeconds }) => sum + (talkSeconds ?? 0), 0),
    longestWaitSeconds: waits.length === 0 ? null : Math.max(...waits),
    cost: costOf(calls.map(({ cost }) => cost?.amount)),
  }
}
const figuresOf = ({ calls, answered, missed, talkSeconds, longestWaitSeconds, cost }: Row) => ({
  ...{ calls, answered, missed, talkSeconds, longestWaitSeconds },
  cost: costOf((cost as readonly { amount: string }[]).map(({ amount }) => amount)),
})

/** Every field of the filter, alone and together. */
const filters = (): readonly (readonly [name: string, filter: object])[] => {
  const all = KEYS.flatMap((key) => twins.calls[key])
  const caller = all.find(({ caller: { number } }) => number !== null)!.caller.number
  const callee = all.find(({ callee: { number } }) => number !== null)!.callee.number
  return [
    ['nothing', {}],
    ['no account', { accountIds: [] }],
    ['an account', { accountIds: [globalId('Account', 'izmir', 'izmir')] }],
    ['keys', { accountKeys: ['prague', 'nobody'] }],
    ['a time', { startedAt: { from: ago(3), until: ago(1) } }],
    ['a time whose end is its beginning', { startedAt: { from: ago(2), until: ago(2) } }],
    ['a time that ends before it begins', { startedAt: { from: ago(1), until: ago(2) } }],
    ['the first of all times', { startedAt: { until: '0001-01-01T00:00:00Z' } }],
    ['the last of all times', { startedAt: { from: '9999-12-31T23:59:59.999Z' } }],
    ['directions', { directions: ['OUTBOUND', 'INTERNAL'] }],
    ['no direction', { directions: [] }],
    ['dispositions', { dispositions: ['MISSED', 'ANSWERED'] }],
    ['kinds', { kinds: ['FAX'] }],
    ['numbers', { numbers: [caller, callee] }],
    ['no numbers', { numbers: [] }],
    ['callers', { callerNumbers: [caller] }],
    ['callees', { calleeNumbers: [callee] }],
    ['long calls', { durationSeconds: { min: 60 } }],
    ['short calls', { durationSeconds: { max: 20 }, directions: ['INBOUND'] }],
    ['recorded calls', { hasRecording: true }],
    ['calls that are not', { hasRecording: false, startedAt: { from: ago(5) } }],
    ['numbers of ours', { didIds: ids.did.slice(0, 2) }],
    ['one of ours, and callers', { didIds: ids.did, callerNumbers: [caller] }],
    ['extensions', { extensionIds: ids.extension.slice(0, 3), directions: ['OUTBOUND'] }],
    ['groups', { groupIds: ids.group }],
    ['made-up ids', { extensionIds: [globalId('Extension', 'izmir', 'nobody')] }],
  ]
}

test('statistics are what a walk over the same calls adds up to, whatever is filtered by', async () => {
  for (const [name, filter] of filters()) {
    const { rows, total, sources } = await statistics({ filter, groupBy: ['ACCOUNT', 'DID'] })
    const calls = await walked(filter)
    // Where only the details of calls tell who took part, some are left out, and that is said.
    if (sources.some(({ state }) => state !== 'COMPLETE')) {
      expect([name, total.calls <= calls.length]).toEqual([name, true])
      continue
    }
    expect([name, figuresOf(total)]).toEqual([name, fold(calls)])
    const places = new Set(calls.map(({ account, did }) => `${account.key} ${did?.id}`))
    const byPlace = [...places].map((place) => [
      place,
      fold(calls.filter(({ account, did }) => `${account.key} ${did?.id}` === place)),
    ])
    expect([name, rows.map((row) => [`${row.account!.key} ${row.did?.id}`, figuresOf(row)]).sort()]).toEqual([
      name,
      byPlace.sort(),
    ])
  }
}, 60_000)

test('statistics send no request for calls', async () => {
  for (const key of KEYS) twins.requests(key)
  await statistics({ filter: { numbers: ['+902320000000'], hasRecording: true }, groupBy: ['HOUR', 'DIRECTION'] })
  expect(KEYS.map((key) => twins.requests(key))).toEqual(KEYS.map(() => []))
})

const PERIODS = ['HOUR', 'DAY', 'WEEK', 'MONTH']
const DIMENSIONS = [
  ...[...PERIODS, 'HOUR_OF_DAY', 'DAY_OF_WEEK', 'ACCOUNT', 'DIRECTION', 'DISPOSITION'],
  ...['EXTENSION', 'GROUP', 'DID'],
]
/** A call is in the rows of several of these. */
const MANY = ['EXTENSION', 'GROUP']

test('rows by any two things are told apart by them, and each call is in one unless several took part', async () => {
  const filter = { startedAt: { from: ago(4) } }
  for (const [at, one] of DIMENSIONS.entries())
    for (const other of DIMENSIONS.slice(at)) {
      const groupBy = [one, other]
      if (one !== other && PERIODS.includes(one) && PERIODS.includes(other)) {
        expect((await ask({ filter, groupBy })).errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
        continue
      }
      const { rows, total, truncated } = await statistics({ filter, groupBy, timeZone: 'Asia/Kolkata' })
      const places = rows.map(({ calls: _, answered: _1, missed: _2, talkSeconds: _3, ...row }) => {
        const { longestWaitSeconds: _4, cost: _5, ...place } = row
        return JSON.stringify(place)
      })
      expect(new Set(places).size).toBe(rows.length)
      const counted = rows.reduce((sum, { calls }) => sum + calls, 0)
      if (truncated) continue
      if (groupBy.some((name) => MANY.includes(name))) expect(counted).toBeGreaterThanOrEqual(total.calls)
      else expect([groupBy, counted]).toEqual([groupBy, total.calls])
    }
}, 60_000)

describe('callStatistics', () => {
  test.each([
    ['as many dimensions as there are', { groupBy: DIMENSIONS }, /at most one of/],
    ['a zone that is no name', { timeZone: '+03:00' }, /TimeZone/],
    ['a zone that is nothing', { timeZone: '' }, /TimeZone/],
    ['a zone that is a path', { timeZone: '../../etc/passwd' }, /TimeZone/],
    ['a zone that nobody has', { timeZone: 'Mars/Olympus' }, /no time zone/],
    ['fewer rows than one', { first: -1 }, /from 1 to 5000/],
    ['more rows than there may be', { first: 2 ** 31 - 1 }, /too complex|from 1 to 5000/],
  ])('refuses %s', async (_, variables, message) => {
    const { data, errors } = await ask({ filter: {}, ...variables })
    expect(errors![0]!).toMatchObject({ message: expect.stringMatching(message) })
    expect(data?.['callStatistics'] ?? null).toBeNull()
  })

  test('takes every dimension at once, but for the periods, and one many times', async () => {
    const groupBy = [...DIMENSIONS.filter((one) => !PERIODS.includes(one)), 'DAY', 'DAY', 'DID']
    const { rows, total } = await statistics({ filter: { startedAt: { from: ago(1) } }, groupBy, first: 500 })
    expect(rows.length).toBeGreaterThan(0)
    expect(total.calls).toBeGreaterThan(0)
  })

  test('takes a null for a number of rows or a zone that is not given', async () => {
    const { rows } = await statistics({ filter: {}, groupBy: ['DAY'], first: null, timeZone: null })
    expect(rows.length).toBeGreaterThan(1)
  })

  test('gives as many rows as are asked for, says that there are more, and still adds all of them up', async () => {
    const all = await statistics({ filter: {}, groupBy: ['DAY', 'DIRECTION'] })
    const { rows, total, truncated } = await statistics({ filter: {}, groupBy: ['DAY', 'DIRECTION'], first: 1 })
    expect({ rows, total, truncated }).toEqual({ rows: all.rows.slice(0, 1), total: all.total, truncated: true })
    const exact = await statistics({ filter: {}, groupBy: ['DAY', 'DIRECTION'], first: all.rows.length })
    expect(exact).toMatchObject({ rows: all.rows, truncated: false })
  })

  test('has figures of no call', async () => {
    const { data } = await twins.archived.ask(`{ callStatistics(filter: { accountIds: [] }, groupBy: [DAY]) {
      rows { calls } total { calls answered missed talkSeconds averageTalkSeconds averageWaitSeconds
        waitSeconds serviceLevel longestWaitSeconds cost { amount } } sources { state } } }`)
    expect(data!['callStatistics']).toEqual({
      rows: [],
      total: {
        ...{ calls: 0, answered: 0, missed: 0, talkSeconds: 0, averageTalkSeconds: null, averageWaitSeconds: null },
        ...{ waitSeconds: null, serviceLevel: null, longestWaitSeconds: null, cost: [] },
      },
      sources: [],
    })
  })

  test.each([
    ['waitSeconds(percentile: -1)', /from 0 to 100, but it is -1/],
    ['waitSeconds(percentile: 101)', /from 0 to 100, but it is 101/],
    ['serviceLevel(withinSeconds: -1)', /0 or more, but it is -1/],
  ])('refuses %s, and gives the other figures', async (field, message) => {
    const query = `{ callStatistics(filter: {}) { total { calls it: ${field} } } }`
    // The second time it is compiled.
    for (let time = 0; time < 2; time += 1)
      expect(await twins.archived.ask(query)).toMatchObject({
        errors: [{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }],
        data: { callStatistics: { total: { calls: expect.any(Number), it: null } } },
      })
  })

  test('has the shortest wait at 0, the longest at 100, and all that lie between in their order', async () => {
    const percentiles = [0, 1, 25, 50, 75, 90, 99, 100]
    const fields = percentiles.map((one) => `p${one}: waitSeconds(percentile: ${one})`).join(' ')
    const { data } = await twins.archived.ask(
      `{ callStatistics(filter: {}) { total { ${fields} longestWaitSeconds level: serviceLevel(withinSeconds: 2147483647) } } }`,
    )
    const total = (data!['callStatistics'] as unknown as { total: Record<string, number> }).total
    const waits = percentiles.map((one) => total[`p${one}`]!)
    expect(waits).toEqual(waits.toSorted((one, other) => one - other))
    expect([waits.at(-1), total['level']]).toEqual([total['longestWaitSeconds'], 1])
  })
})
