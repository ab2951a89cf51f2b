import { expect, test } from '@jest/globals'

import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { ipex } from '../../src/providers/ipex/index.js'
import { keptAccount } from '../archive/kept-account.js'
import { historyOf } from '../archive/history.js'
import { createWorld } from '../support/world.js'

const HOUR = 3_600_000
const CALLS_BEFORE = 2_000

const CASES = [
  { provider: bulutfon, name: 'masterToken' },
  { provider: ipex, name: 'password' },
] as const

/** `npm run proof:archive-day`: what an archive asks of its provider in a day, hour by hour. */
test.each(CASES)(
  'an archive at $provider.name asks for one list an interval, and for the younger calls once an hour',
  async ({ provider, name }) => {
    const world = await createWorld(provider, { scale: 0.001 })
    const { step } = historyOf(world.emulator, {
      ...{ calls: CALLS_BEFORE, seed: 7, reachMs: 40 * HOUR },
      advance: () => {},
    })
    const kept = keptAccount(world, name)
    const requests = () => world.emulator.journal.apiRequests.length
    await kept.pass(HOUR)
    const first = requests()
    const hours: number[] = []
    for (let hour = 0; hour < 24; hour += 1) {
      const before = requests()
      // Nine to six there are calls every half minute, and now and then one is late or changes.
      for (let part = 0; part < 60; part += 1) {
        if (hour < 9) for (const kind of ['new', 'new'] as const) step(kind)
        if (part % 20 === 7) step('changed')
        if (part % 30 === 11) step('late')
        await kept.pass(60_000)
      }
      hours.push(requests() - before)
    }
    const sorted = hours.toSorted((one, other) => one - other)
    console.info(
      `archive day, ${provider.slug}: ${first} requests in its first hour (${CALLS_BEFORE} calls fetched), ` +
        `then ${hours.join(' ')}: ${sorted[12]} in the middle, ${sorted.at(-1)} at most, ${hours.reduce((sum, one) => sum + one)} in all; ` +
        `${world.emulator.journal.tokenRequests.length} token requests`,
    )
    expect((await kept.archived()).size).toBe((await kept.provided()).size)
    // Sixty lists of the newest, and of the two days before as many pages as they fill.
    const pages = Math.ceil((await kept.provided()).size / 100)
    expect(sorted.at(-1)).toBeLessThanOrEqual(60 + 4 * pages)
    await world.close()
  },
  3_600_000,
)
