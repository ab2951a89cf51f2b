/**
 * 100,000 calls walked to the end, forwards and backwards, at the built server with a heap of 128 MiB: `npm run proof:walk`. The
 * emulators tell the calls in a process of their own, so that what the server holds is the server's.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { createStory } from '../../src/emulator/create-story.js'
import { startBuiltEmulators, startBuiltServer, type Started } from '../calls/built-server.js'
import { firstDisorder, walkCalls, type Walked, type WalkedCall } from '../calls/http-walk.js'

const HALF_AN_HOUR = 1_800_000
const HEAP_MIB = 128
const PAGE = 100
const scale = Number(process.env.PROOF_SCALE ?? 5)
/** All calls of the story have ended when the walk begins. */
const now = Date.now() - 4 * 3_600_000

let emulators: Started<readonly object[]>
let server: Started<string>
let forwards: Walked
beforeAll(async () => {
  emulators = await startBuiltEmulators({ scale, now })
  const config = { server: { port: 0 }, store: { url: 'memory:' }, accounts: emulators.said }
  server = await startBuiltServer(config, [`--max-old-space-size=${HEAP_MIB}`])
}, HALF_AN_HOUR)
afterAll(() => Promise.all([server?.stop(), emulators?.stop()]))

test(
  'forwards, every call comes once and in order',
  async () => {
    const began = performance.now()
    forwards = await walkCalls(server.said, { size: PAGE })
    report('forwards', forwards, began)
    expect(forwards.calls.length).toBeGreaterThanOrEqual(scale * 20_000)
    expect(firstDisorder(forwards.calls)).toBe(-1)
    const { izmir, prague } = createStory({ now, scale }).offices
    assertSame(timesOf(forwards.calls, 'izmir'), toldOf(izmir))
    assertSame(timesOf(forwards.calls, 'praha'), toldOf(prague))
  },
  HALF_AN_HOUR,
)

test(
  'backwards, they are the same',
  async () => {
    const began = performance.now()
    const backwards = await walkCalls(server.said, { size: PAGE, backwards: true })
    report('backwards', backwards, began)
    const ids = ({ calls }: Walked) => calls.map(({ id }) => id)
    assertSame(ids(backwards), ids(forwards))
  },
  HALF_AN_HOUR,
)

function report(way: string, { calls, pages, requests, mostRequestsOfAPage }: Walked, began: number): void {
  const seconds = Math.round((performance.now() - began) / 1000)
  const perPage = (requests / pages).toFixed(2)
  process.stdout.write(
    `walk ${way}: ${calls.length} calls, ${pages} pages of ${PAGE}, ${perPage} provider requests a page (most ${mostRequestsOfAPage}), ` +
      `${seconds} s, peak memory of the server ${server.peakMemory() ?? 'unknown'} MiB with a heap of ${HEAP_MIB}\n`,
  )
}

const timesOf = (calls: readonly WalkedCall[], account: string) =>
  calls.filter((call) => call.account.key === account).map(({ startedAt }) => startedAt)

const toldOf = ({ calls }: { readonly calls: readonly { readonly startedAt: number }[] }) =>
  calls
    .map(({ startedAt }) => new Date(startedAt).toISOString())
    .sort()
    .reverse()

/** `expect` would print a hundred thousand lines; where two lists part says more. */
function assertSame(walked: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((one, index) => walked[index] !== one)
  expect({ length: walked.length, firstDifference: at }).toEqual({ length: expected.length, firstDifference: -1 })
}
