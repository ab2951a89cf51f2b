import { expect, test } from '@jest/globals'

import { playHistory } from './random-history.js'

const HISTORIES = Number(process.env.HISTORIES ?? 8)
const FIRST = Number(process.env.FIRST_SEED ?? 1)

test('an archive is what its provider has, and the fold of its changes, after random histories', async () => {
  const faults: string[] = []
  let [changes, crashes] = [0, 0]
  for (let seed = FIRST; seed < FIRST + HISTORIES; seed += 1) {
    const result = await playHistory(seed)
    for (const fault of result.faults) faults.push(`seed ${seed}: ${fault}`)
    changes += result.changes
    crashes += result.crashes
  }
  expect(faults).toEqual([])
  // Enough has happened for that to mean something.
  expect(changes).toBeGreaterThan(50 * HISTORIES)
  expect(crashes).toBeGreaterThan(HISTORIES)
  console.info(`random histories: ${HISTORIES}, ${changes} changes, ${crashes} processes killed`)
}, 3_600_000)
