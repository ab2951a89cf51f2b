/**
 * Scripted calls, told three times over in any order, to servers that die: `npm run proof:live`. A thousand orders at the parts of servers
 * in this process, which die in the middle of anything, and a hundred at built servers with one PostgreSQL, which are killed; then servers
 * that are exchanged. `PROOF_SEEDS=…`, `PROOF_KILLED=…` and `PROOF_RESTARTS=…` try fewer or more of each, `PROOF_FIRST_SEED=…` other ones.
 * The figures are printed as they come.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { createRandom, type Random } from '../../src/emulator/random.js'
import { FollowedReplicas } from '../support/live/followed-replicas.js'
import { checkInterleaved } from '../support/live/interleaved-replicas.js'
import { scriptCalls } from '../support/live/scripted-calls.js'
import { checkRestarts, checkSequence, type Differences } from '../support/live/sequence-check.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { teller } from '../support/proof.js'

const SIX_HOURS = 6 * 3_600_000
const seeds = Number(process.env.PROOF_SEEDS ?? 1_000)
const killed = Number(process.env.PROOF_KILLED ?? 100)
const first = Number(process.env.PROOF_FIRST_SEED ?? 1)
const restarts = Number(process.env.PROOF_RESTARTS ?? 10)
const tell = teller('live')

const NOTHING = { lost: [], twice: [], states: [], orders: [], complaints: [] }

/** Checks one seed after the other. */
async function checkSeeds(count: number, check: (random: Random) => Promise<Differences>): Promise<void> {
  const began = performance.now()
  let events = 0
  for (let seed = first; seed < first + count; seed++) {
    const checked = await check(createRandom(seed))
    expect({ seed, ...checked }).toMatchObject(NOTHING)
    events += checked.events
    const tried = seed - first + 1
    if (tried % 10 === 0 || tried === count)
      tell(`${tried} seeds, ${events} events, ${Math.round((performance.now() - began) / 1000)} s: all as scripted`)
  }
}

test(
  `300 calls told three times over in any order, followers that leave, servers that die in the middle of anything: ${seeds} seeds`,
  () =>
    checkSeeds(seeds, (random) =>
      checkInterleaved(scriptCalls, { calls: 300, times: 3, followers: 6, kills: 3, random }),
    ),
  SIX_HOURS,
)

const suite = postgresUnavailable ? describe.skip : describe
suite(postgresUnavailable ? `live calls (skipped: ${postgresUnavailable})` : 'live calls', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres.close())

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
    `300 calls told three times over in any order, followers that leave, killed servers: ${killed} seeds`,
    async () => {
      const replicas = await FollowedReplicas.start(await postgres.createDatabase(), 2, createRandom(0))
      await checkSeeds(killed, (random) =>
        checkSequence(replicas, { calls: 300, times: 3, followers: 6, kills: 1, random }),
      )
      await replicas.close()
    },
    SIX_HOURS,
  )
})
