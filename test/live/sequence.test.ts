import { expect, test } from '@jest/globals'

import { createRandom } from '../../src/emulator/random.js'
import { checkInterleaved } from '../support/live/interleaved-replicas.js'
import { scriptCalls } from '../support/live/scripted-calls.js'
import { cases } from '../support/proof.js'

test('calls that are told three times over, in any order, reach each follower once, whatever dies and comes back meanwhile', async () => {
  for (let seed = 1; seed <= cases(40); seed++) {
    const checked = await checkInterleaved(scriptCalls, {
      ...{ calls: 20, times: 3, followers: 4, kills: 2, random: createRandom(seed) },
    })
    expect({ seed, ...checked }).toMatchObject({ lost: [], twice: [], states: [], orders: [], complaints: [] })
  }
}, 60_000)
