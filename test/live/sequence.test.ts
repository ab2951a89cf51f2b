import { expect, test } from '@jest/globals'

import { createRandom } from '../../src/emulator/random.js'
import { checkInterleaved } from '../support/live/interleaved-replicas.js'
import { scriptCalls } from '../support/live/scripted-calls.js'
import { cases } from '../support/proof.js'

/** A crowd of calls, told three times over; and a few at which all are busy, told once, so that nothing makes up for what was lost. */
const KINDS = [
  { calls: 20, times: 3 },
  { calls: 3, times: 1 },
]

test.each(KINDS)(
  '$calls calls that are told $times times, in any order, reach each follower once, whatever dies meanwhile',
  async (kind) => {
    for (let seed = 1; seed <= cases(40); seed++) {
      const checked = await checkInterleaved(scriptCalls, {
        ...{ ...kind, followers: 4, kills: 2, random: createRandom(seed) },
      })
      expect({ seed, ...checked }).toMatchObject({ lost: [], twice: [], states: [], orders: [], complaints: [] })
    }
  },
  60_000,
)
