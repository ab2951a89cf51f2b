/**
 * Replicas of the built server behind a proxy, exchanged one after the other under load: `npm run proof:rolling-restart`.
 * `PROOF_RESTARTS=…` does more or fewer of them, `PROOF_RATE=…` queries a second. The figures are printed at the end.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { rollingRestart, startBuiltReplica } from '../support/replicas/rolling-restart.js'

const HALF_AN_HOUR = 1_800_000
const restarts = Number(process.env.PROOF_RESTARTS ?? 20)
const queriesPerSecond = Number(process.env.PROOF_RATE ?? 100)

let postgres: TestPostgres | null = null
beforeAll(async () => {
  if (!postgresUnavailable) postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres?.close())

const suite = postgresUnavailable ? describe.skip : describe
suite(
  postgresUnavailable ? `two replicas (skipped: ${postgresUnavailable})` : 'two replicas with one PostgreSQL',
  () => {
    test(
      `are exchanged ${restarts} times under load: no query fails, no login is lost`,
      async () => {
        const began = performance.now()
        const rolled = await rollingRestart({
          ...{ start: startBuiltReplica, store: await postgres!.createDatabase() },
          ...{ restarts, queriesPerSecond, noticeMs: 2_000 },
        })
        process.stdout.write(
          `rolling restart: ${restarts} restarts in ${Math.round((performance.now() - began) / 1000)} s, ${rolled.queries} queries, ` +
            `${rolled.failures.length} failed, ${rolled.tokenRequests} token requests, ${rolled.refusals.length} refused\n`,
        )
        expect(rolled).toMatchObject({ failures: [], refusals: [], exits: Array.from({ length: restarts }, () => 0) })
        expect(new Set(Object.values(rolled.logins))).toEqual(new Set(['ACTIVE']))
      },
      HALF_AN_HOUR,
    )
  },
)
