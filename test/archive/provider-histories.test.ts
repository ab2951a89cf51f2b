import { expect, test } from '@jest/globals'

import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { ipex } from '../../src/providers/ipex/index.js'
import { createWorld } from '../support/world.js'
import { historyOf } from './history.js'
import { keptAccount } from './kept-account.js'

const HOUR = 3_600_000
const HISTORIES = Number(process.env.PROVIDER_HISTORIES ?? 1)
const STEPS = Number(process.env.PROVIDER_STEPS ?? 36)

const CASES = [
  { provider: bulutfon, name: 'masterToken' },
  { provider: ipex, name: 'password' },
] as const

test.each(CASES)(
  'the archive of an account of $provider.name is its call log, and the fold of its changes, whatever happens to that',
  async ({ provider, name }) => {
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const world = await createWorld(provider, { scale: 0.001 })
      try {
        const account = keptAccount(world, name)
        const { step, calls, quiet } = historyOf(world.emulator, {
          ...{ calls: 40, seed },
          advance: (milliseconds) => world.clock.advance(milliseconds / 1_000),
        })
        for (let count = 0; count < STEPS; count += 1) {
          step()
          if (count % 12 === 11) account.replace(`after ${count}`)
          await account.turns()
        }
        quiet()
        await account.pass(2.5 * HOUR)
        const [provided, archived, folded] = [
          await account.provided(),
          await account.archived(),
          await account.folded(),
        ]
        expect(provided.size).toBe(calls().length)
        expect([...archived].toSorted()).toEqual([...provided].toSorted())
        expect([...folded].toSorted()).toEqual([...provided.keys()].toSorted())
      } finally {
        await world.close()
      }
    }
  },
  600_000,
)
