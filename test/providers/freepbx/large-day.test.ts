import { afterEach, describe, expect, test } from '@jest/globals'

import { startHarness, type AccountChoice, type Harness } from '../../sandbox/harness.js'
import { told } from './told-rows.js'

let harness: Harness
afterEach(() => harness.close())

const MINUTE = 60_000
/** Noon in Ankara. */
const NOON = Date.UTC(2026, 1, 10, 9)
const ROWS = 12
const ROWS_AT_ONCE = 5

/** The office in Ankara with a day that has more rows than one answer holds, and perhaps İzmir, whose calls are counted. */
async function start(profile: string, withIzmir: boolean): Promise<void> {
  const ankara: AccountChoice = { of: 'freepbx/machine', options: { rowsAtOnce: ROWS_AT_ONCE } }
  const accounts = { ankara, ...(withIzmir && { izmir: 'bulutfon/masterToken' }) }
  harness = await startHarness({ accounts, knobs: { freepbx: { profile } } })
  const [row] = told([[0, 0, '05550005001', '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']])
  harness.emulators.freepbx.setCalls(
    Array.from({ length: ROWS }, (_, at) => {
      const begins = NOON + at * MINUTE
      const id = `${begins / 1000}.${1000 + at}`
      return { ...row!, uniqueid: id, linkedid: id, start: begins, answer: begins, end: begins + 20_000 }
    }),
  )
}

interface Connection {
  readonly nodes: readonly { readonly account: { readonly key: string } }[]
  readonly totalCount: number | null
  readonly countPrecision: string | null
  readonly sources: readonly {
    readonly account: { readonly key: string }
    readonly state: string
    readonly errorCode: string | null
  }[]
}

async function theDay(): Promise<Connection> {
  const filter = '{ startedAt: { from: "2026-02-09T21:00:00Z", until: "2026-02-10T21:00:00Z" } }'
  const { callRecords } = await harness.data<{ readonly callRecords: Connection }>(
    `{ callRecords(first: 50, filter: ${filter}) {
         nodes { account { key } } totalCount countPrecision sources { account { key } state errorCode }
       } }`,
  )
  return callRecords
}
const ofAnkara = ({ nodes }: Connection) => nodes.filter(({ account }) => account.key === 'ankara').length
const sourceOf = ({ sources }: Connection, key: string) => sources.find(({ account }) => account.key === key)

describe.each(['16', '17'])('a day of a FreePBX %s that is larger than one answer', (profile) => {
  test('is PARTIAL, and calls are at least as many as those that came', async () => {
    await start(profile, true)
    const day = await theDay()
    expect(ofAnkara(day)).toBe(ROWS_AT_ONCE)
    expect(sourceOf(day, 'ankara')).toMatchObject({ state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE' })
    expect(sourceOf(day, 'izmir')).toMatchObject({ state: 'COMPLETE', errorCode: null })
    expect(day).toMatchObject({ totalCount: day.nodes.length, countPrecision: 'AT_LEAST' })
  })

  test('has no count where no other account has one', async () => {
    await start(profile, false)
    const day = await theDay()
    expect(ofAnkara(day)).toBe(ROWS_AT_ONCE)
    expect(sourceOf(day, 'ankara')).toMatchObject({ state: 'PARTIAL' })
    expect(day).toMatchObject({ totalCount: null, countPrecision: null })
  })
})

test('a day that is read to its end by an offset is whole, and counted', async () => {
  await start('17fixed', true)
  const day = await theDay()
  expect(ofAnkara(day)).toBe(ROWS)
  expect(sourceOf(day, 'ankara')).toMatchObject({ state: 'COMPLETE', errorCode: null })
  expect(day).toMatchObject({ totalCount: day.nodes.length, countPrecision: 'EXACT' })
})
