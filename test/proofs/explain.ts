import { afterEach, expect, test } from '@jest/globals'

import { startHarness, type Harness } from '../sandbox/harness.js'
import { compareCosts } from '../support/explained.js'

/*
 * The long form of what the tests show with forty operations: `npm run proof:explain`. Whatever is asked, alone or by several at
 * once, with a cache and without one: the sum of what answers say of their cost is what the providers' journals hold.
 */

let harness: Harness
afterEach(() => harness.close())

test.each([
  ['one after the other, nothing kept', 1, 0],
  ['five at once, nothing kept', 5, 0],
  ['one after the other, with a cache', 1, 4 * 1024 * 1024],
  ['eight at once, with a cache', 8, 4 * 1024 * 1024],
])(
  '1,000 generated operations, %s',
  async (_, together, cacheBytes) => {
    harness = await startHarness({ limits: { cacheBytes } })
    let sent = 0
    let groups = 0
    for await (const { seeds, reported, counted } of compareCosts(harness, 1_000, together)) {
      expect({ seeds, ...reported }).toEqual({ seeds, ...counted })
      sent += counted.requests
      groups += 1
    }
    expect(groups).toBe(1_000 / together)
    console.log(`${sent} requests`)
  },
  600_000,
)
