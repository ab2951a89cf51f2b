import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'

import type { EventLog } from '../../src/store/event-log.js'
import { openStore } from '../../src/store/open-store.js'
import { startPostgres, type TestPostgres } from '../support/postgres.js'
import { teller } from '../support/proof.js'
import { change } from '../store/event-stores.js'
import { readPositions } from '../store/positions.js'

/** That no reader of the event log skips an event, at length; and what appending costs. */
const EVENTS = Number(process.env.PROOF_EVENTS ?? 100_000)
const MEASURED_MS = 3_000
const KEYS = [randomBytes(32).toString('base64')]
const tell = teller('positions')

let postgres: TestPostgres
beforeAll(async () => void (postgres = await startPostgres()), 60_000)
afterAll(() => postgres.close())

/** Appends per second, by so many at once. */
async function rate(log: EventLog, prefix: string, atOnce: number): Promise<number> {
  const ends = performance.now() + MEASURED_MS
  let appends = 0
  const append = async (stream: string) => {
    for (let revision = 0; performance.now() < ends; revision++) {
      await log.appendEvents(change(stream, revision, [BODY], { state: BODY }))
      appends += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, index) => append(`${prefix} ${index}`)))
  return Math.round(appends / (MEASURED_MS / 1000))
}

/** As long as a call's event. */
const BODY = JSON.stringify({ text: 'x'.repeat(600) })

async function readsPerSecond(log: EventLog): Promise<number> {
  const { last } = await log.logBounds()
  const ends = performance.now() + MEASURED_MS
  let reads = 0
  for (; performance.now() < ends; reads++) expect((await log.eventsAfter(last - 100, 200)).length).toBeGreaterThan(0)
  return Math.round(reads / (MEASURED_MS / 1000))
}

test(`${EVENTS} events of delayed transactions are read by every reader, once and in order`, async () => {
  const settings = { events: EVENTS, writers: 6, readers: 4, delayMs: 4 }
  const { appends, refused, seconds, ...found } = await readPositions(await postgres.createDatabase(), settings)
  tell(`${EVENTS} events in ${appends} appends, ${refused} of them refused, in ${seconds.toFixed(0)} s`)
  expect(found).toEqual({ skipped: 0, repeated: 0, gaps: 0 })
}, 1_800_000)

test('a neighbour whose transaction stays open holds no reader back', async () => {
  const url = await postgres.createDatabase()
  const log = await openStore(url, KEYS)
  const neighbour = new pg.Client(url)
  await neighbour.connect()
  await neighbour.query('create table neighbour (x integer)')
  tell(`alone: ${await rate(log, 'alone', 8)} appends a second, ${await readsPerSecond(log)} reads`)
  await neighbour.query('begin; insert into neighbour values (1)')
  for (let round = 1; round <= 4; round++) {
    const appends = await rate(log, `beside ${round}`, 8)
    const { last } = await log.logBounds()
    expect((await log.eventsAfter(last - 1, 1))[0]?.position).toBe(last)
    tell(`beside a transaction, round ${round}: ${appends} appends a second, ${await readsPerSecond(log)} reads`)
  }
  await neighbour.query('commit')
  await neighbour.end()
  await rate(log, 'settling', 8)
  tell(`after it: ${await rate(log, 'after', 8)} appends a second, ${await readsPerSecond(log)} reads`)
  await log.close()
}, 120_000)

test('what appending costs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-positions-'))
  for (const url of [await postgres.createDatabase(), `sqlite:${join(folder, 'log.db')}`]) {
    const log = await openStore(url, KEYS)
    const kind = url.split(':')[0]
    for (const atOnce of [1, 8])
      tell(`${kind}: ${await rate(log, `by ${atOnce}`, atOnce)} appends a second by ${atOnce}`)
    await log.close()
  }
  rmSync(folder, { recursive: true })
}, 60_000)
