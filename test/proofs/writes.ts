/**
 * Servers that are killed at every step of every mutation, on SQLite and PostgreSQL in turn: `npm run proof:writes`.
 * `PROOF_RUNS=…` does more or fewer rounds. The figures are printed at the end.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { sqliteFile } from '../server/writes/written-replicas.js'
import { WRITE_KINDS } from '../server/writes/write-cases.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { killWrites, rightOutcome } from '../support/processes/killed-writes.js'
import { WRITE_POINTS } from '../support/processes/write-point.js'
import { runs, teller } from '../support/proof.js'

const ROUNDS = runs(50)
/** How long a lease of a dead process is waited for, and a while for the answer. */
const LEASE_MS = 20_000
const ANSWER_MS = 5_000

const tell = teller('writes')
let postgres: TestPostgres | null = null
beforeAll(async () => {
  if (!postgresUnavailable) postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres?.close())

/** Calls with a new store: PostgreSQL in every other round. */
async function withStore<T>(round: number, use: (store: string) => Promise<T>): Promise<T> {
  if (postgres && round % 2 === 1) return use(await postgres.createDatabase())
  const file = sqliteFile()
  try {
    return await use(file.url)
  } finally {
    file.remove()
  }
}

test(
  `${ROUNDS} servers killed at every step of every mutation: never a second write, never a wrong answer`,
  async () => {
    let writes = 0
    for (let round = 0; round < ROUNDS; round++) {
      const killed = await withStore(round, (store) => killWrites(WRITE_KINDS, WRITE_POINTS, { store }))
      writes += killed.length
      for (const { kind, point, told, isToldAgain, isDone, requests } of killed)
        expect({ name: kind.name, point, told, isToldAgain, isDone, requests }).toEqual({
          ...{ name: kind.name, point },
          ...rightOutcome(kind, point),
        })
      if ((round + 1) % 10 === 0) tell(`${round + 1} rounds, ${writes} writes of killed processes`)
    }
    tell(`${ROUNDS} rounds, ${writes} writes of killed processes, no second one and no wrong answer`)
  },
  2 * 3_600_000,
)

test.each([0, 1])(
  'a write of a killed process is answered once its lease is over (store %#)',
  async (round) => {
    const [create] = WRITE_KINDS
    const killed = await withStore(round, (store) => killWrites([create!], WRITE_POINTS, { store, waits: true }))
    const slowest = Math.max(...killed.map(({ tookMs }) => tookMs))
    tell(`the slowest answer took ${Math.round(slowest)} ms`)
    expect(slowest).toBeLessThan(LEASE_MS + ANSWER_MS)
  },
  120_000,
)
