import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { globalId } from '../../src/model/id.js'
import { startHarness, type Harness } from './harness.js'

/** `npm run proof:hostile` has more of them leave. */
const [ROUNDS, CLIENTS] = process.env['PROOF_TIMES'] ? [4 * Number(process.env['PROOF_TIMES']), 50] : [3, 30]
/** Where calls are asked for. */
const HELD = /cdrs|calls/
/** Ends of connections that may stay open for whoever asks next; those of one round's clients are as many, of all rounds' more. */
const KEPT_ALIVE = 2 * CLIENTS
/** Requests that two accounts may have under way at once. */
const UNDER_WAY = 16

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken', prague: 'ipex/password' } })
  await harness.data('{ dids { totalCount } }')
})
afterAll(() => harness.close())

const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const entries = () => [harness.emulators.bulutfon, harness.emulators.ipex].flatMap(({ journal }) => journal.entries)

/** Clients who each ask for something else and leave before there is an answer; resolves when everything has been let go. */
async function leave(round: number, before: number): Promise<void> {
  harness.clear()
  let open = () => {}
  const held = new Promise<void>((resolve) => (open = resolve))
  for (const emulator of [harness.emulators.bulutfon, harness.emulators.ipex]) {
    emulator.faults.next({ path: HELD, until: held, times: Infinity })
  }
  const client = new AbortController()
  const asked = Array.from({ length: CLIENTS }, async (_, at) => {
    const id = globalId('CallRecord', at % 2 ? 'izmir' : 'prague', `call-${round}-${at}`)
    const body = JSON.stringify({ query: '{ node(id: "' + id + '") { id } }' })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: client.signal }
    await expect(fetch(`${harness.url}/graphql`, init)).rejects.toThrow()
  })
  // As many as an account may have under way; the others wait for their turn.
  await until(() => entries().length >= UNDER_WAY)
  client.abort()
  await Promise.all(asked)
  const lines = () => harness.logLines.filter((line) => line.includes('"status":499')).length
  // Who left before the server had read the question is in no log.
  await until(() => lines() >= (round + 1) * UNDER_WAY)
  // By the time they answer this, they have seen who has gone.
  for (let time = 0; time < 30; time += 1) {
    await Promise.all([harness.emulators.bulutfon, harness.emulators.ipex].map(({ url }) => fetch(`${url}/`)))
  }
  open()
  await until(() => sockets() <= before + KEPT_ALIVE)
}

test(
  `of ${ROUNDS * CLIENTS} clients who leave, nobody is worked for any longer, and nothing is kept`,
  async () => {
    const before = sockets()
    for (let round = 0; round < ROUNDS; round += 1) {
      await leave(round, before)
      // Whoever was under way was broken off before there was an answer, and none was asked twice.
      const asked = entries().filter(({ path }) => HELD.test(path))
      expect(asked.filter(({ status }) => status !== null)).toEqual([])
      expect(asked.length).toBeLessThanOrEqual(CLIENTS)
    }
    harness.clear()
    expect(await harness.data('{ dids { totalCount } groups { totalCount } }')).toMatchObject({
      dids: { totalCount: expect.any(Number) },
    })
    expect(harness.requests().length).toBeGreaterThan(0)
    expect(harness.logLines.filter((line) => line.includes('"msg":"defect"'))).toEqual([])
  },
  30_000 * Math.max(1, ROUNDS / 40),
)
