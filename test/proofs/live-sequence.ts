/**
 * Built servers with one PostgreSQL that are killed and exchanged while calls are told to them: `npm run proof:live`. `PROOF_SEEDS=…` tries
 * fewer or more orders of events, `PROOF_RESTARTS=…` fewer or more restarts. The figures are printed as they come.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { createRandom } from '../../src/emulator/random.js'
import { FollowedReplicas } from '../support/live/followed-replicas.js'
import { checkRestarts, checkSequence, type Differences } from '../support/live/sequence-check.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { teller } from '../support/proof.js'

const SIX_HOURS = 6 * 3_600_000
const seeds = Number(process.env.PROOF_SEEDS ?? 1_000)
const restarts = Number(process.env.PROOF_RESTARTS ?? 10)
const tell = teller('live')

const suite = postgresUnavailable ? describe.skip : describe
suite(postgresUnavailable ? `live calls (skipped: ${postgresUnavailable})` : 'live calls', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres.close())

  const NOTHING = { lost: [], twice: [], states: [], orders: [], complaints: [] }
  const counted = ({ lost, twice, states, events }: Differences) =>
    `${events} events, ${lost.length} lost, ${twice.length} twice, ${states.length} wrong states`

  test(
    `100 followers, 20 events a second, ${restarts} exchanged servers: nothing is lost, nothing told twice`,
    async () => {
      const random = createRandom(7)
      const replicas = await FollowedReplicas.start(await postgres.createDatabase(), 2, random)
      const checked = await checkRestarts(replicas, { restarts, followers: 100, eventsPerSecond: 20, random })
      tell(`${restarts} restarts, 100 followers: ${counted(checked)}, ${replicas.repeated} deliveries repeated`)
      await replicas.close()
      expect(checked).toMatchObject({ ...NOTHING, exits: Array.from({ length: restarts }, () => 0) })
    },
    SIX_HOURS,
  )

  test(
    `300 calls told three times over in any order, followers that leave, killed servers: ${seeds} seeds`,
    async () => {
      const replicas = await FollowedReplicas.start(await postgres.createDatabase(), 2, createRandom(0))
      const began = performance.now()
      let events = 0
      for (let seed = 1; seed <= seeds; seed++) {
        const random = createRandom(seed)
        const checked = await checkSequence(replicas, { calls: 300, times: 3, followers: 6, kills: 1, random })
        expect({ seed, ...checked }).toMatchObject(NOTHING)
        events += checked.events
        if (seed % 10 === 0 || seed === seeds)
          tell(`${seed} seeds, ${events} events, ${Math.round((performance.now() - began) / 1000)} s: all as scripted`)
      }
      await replicas.close()
    },
    SIX_HOURS,
  )
})
