import { afterEach, expect, jest, test } from '@jest/globals'

import { readState } from '../../src/archive/archive-state.js'
import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { createWorld } from '../support/world.js'
import { historyOf } from './history.js'
import { keptAccount } from './kept-account.js'

const MINUTE = 60_000

afterEach(() => void jest.restoreAllMocks())

test('an archive looks again after an outage that opened the circuit, though nobody else asks the provider', async () => {
  const world = await createWorld(bulutfon, { scale: 0.001, limits: { attempts: 1, breakerFailures: 3 } })
  try {
    const { account, store, pass, archived, provided } = keptAccount(world, 'masterToken')
    const { step } = historyOf(world.emulator, { calls: 20, seed: 1, advance: (ms) => world.clock.advance(ms / 1_000) })
    const lastError = async () => (await readState(store, account)).state.lastError
    await pass(5 * MINUTE)
    expect(await lastError()).toBeNull()

    world.emulator.faults.next({ status: 503, times: Infinity })
    await pass(60 * MINUTE)
    expect(account.health().circuit).not.toBe('CLOSED')
    expect(await lastError()).toBe('PROVIDER_UNAVAILABLE')

    world.emulator.faults.clear()
    step('new')
    // The breaker takes its time from here.
    const realNow = Date.now.bind(Date)
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + MINUTE)
    await pass(11 * MINUTE)
    expect({ lastError: await lastError(), circuit: account.health().circuit }).toEqual({
      ...{ lastError: null, circuit: 'CLOSED' },
    })
    expect([...(await archived())].toSorted()).toEqual([...(await provided())].toSorted())
  } finally {
    await world.close()
  }
})
