import { expect, test } from '@jest/globals'

import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { createWorld, operation } from '../support/world.js'

/** A minute in which a provider answers nothing but 503, under a load that does not let up. */
const STORM_MS = 60_000
const READS_PER_SECOND = 200
const EVERY_MS = 50

test('a storm of 503 is ridden out with few requests, and over half a minute after it ends', async () => {
  const world = await createWorld(bulutfon)
  const account = world.account('authorizationCode')
  const counts = { offered: 0, answered: 0 }
  let latest = 0
  const read = async () => {
    counts.offered += 1
    try {
      for await (const page of account.source(operation()).dids!.pages({})) void page
      counts.answered += 1
      latest = performance.now()
    } catch {
      // Counted by what is missing.
    }
  }
  await read()
  const load = setInterval(() => {
    for (let one = 0; one < (READS_PER_SECOND * EVERY_MS) / 1000; one += 1) void read()
  }, EVERY_MS)

  world.emulator.journal.clear()
  world.emulator.faults.next({ status: 503, times: Infinity })
  const before = { ...counts }
  await passed(STORM_MS)
  const offered = counts.offered - before.offered
  const attempts = world.emulator.journal.apiRequests.length
  const answeredInTheStorm = counts.answered - before.answered

  const healedAt = performance.now()
  world.emulator.faults.clear()
  while (latest < healedAt) await passed(10)
  const recovery = (latest - healedAt) / 1000
  await passed(1_000)
  const { answered } = counts
  await passed(1_000)
  clearInterval(load)
  console.log(
    `offered ${offered}, attempts ${attempts} (${(attempts / offered).toFixed(4)} of them), recovered after ${recovery.toFixed(1)} s`,
  )
  await world.close()

  expect(answeredInTheStorm).toBe(0)
  expect(attempts).toBeLessThanOrEqual(1.2 * offered)
  expect(recovery).toBeLessThanOrEqual(35)
  expect(counts.answered - answered).toBeGreaterThan(READS_PER_SECOND / 2)
}, 180_000)

const passed = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
