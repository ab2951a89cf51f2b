/**
 * The full form of a promise that `npm test` shows in short: two replicas of which each holds one of
 * the latest tokens, all revoked, refresh once and answer. Part of `npm run proof:logins`;
 * `PROOF_RUNS=…` changes the number of seeds.
 */
import { expect, test } from '@jest/globals'

import { generator, replicaRounds } from '../auth/replica-rounds.js'
import { runs, teller } from '../support/proof.js'

const told = teller('login rounds')
const ROUNDS = 100

test('two replicas, a hundred rounds of revoked tokens: one refresh each, and no failed query', async () => {
  const seeds = runs(20)
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { failed, refreshes, queries } = await replicaRounds(ROUNDS, generator(seed))
    told(
      `seed ${seed}: ${ROUNDS} rounds, ${queries} queries, ${failed.length} failed; token requests a round: ${Math.min(...refreshes)} to ${Math.max(...refreshes)}`,
    )
    expect({ failed, refreshes }).toEqual({ failed: [], refreshes: Array(ROUNDS).fill(1) })
  }
}, 3_600_000)
