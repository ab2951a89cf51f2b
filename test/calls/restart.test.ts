import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { isBuilt, startBuiltServer, type Started } from './built-server.js'
import { startCallEmulators, type CallEmulators } from './call-servers.js'
import { askPage, walkCalls } from './http-walk.js'

const NOW = Date.parse('2026-03-17T15:30:00Z')
const key = randomBytes(32).toString('base64')
const running: Started<string>[] = []

let emulators: CallEmulators
beforeAll(async () => {
  emulators = await startCallEmulators({ scale: 0.05, now: NOW })
})
afterAll(async () => {
  await Promise.all(running.map((server) => server.stop()))
  await emulators.close()
})

async function start(encryptionKeys: readonly string[]): Promise<Started<string>> {
  const store = { url: 'memory:', encryptionKeys }
  const server = await startBuiltServer({ server: { port: 0 }, store, accounts: emulators.accounts })
  running.push(server)
  return server
}

const suite = isBuilt ? describe : describe.skip
suite(isBuilt ? 'a walk' : 'a walk (skipped: `npm run build` was not run)', () => {
  test('goes on where it was when the process has ended and another has begun, as long as the key is among its keys', async () => {
    const first = await start([key])
    const whole = await walkCalls(first.said, { size: 50 })
    expect(whole.pages).toBeGreaterThan(5)

    const { data } = await askPage(first.said, { first: 50 })
    const cursor = data!.callRecords.pageInfo.endCursor
    await first.stop()
    const another = randomBytes(32).toString('base64')
    const [successor, rotated, stranger] = [await start([key]), await start([another, key]), await start([another])]

    for (const { said } of [successor, rotated]) {
      const next = await askPage(said, { first: 50, after: cursor })
      expect(next.data!.callRecords.nodes).toEqual(whole.calls.slice(50, 100))
    }
    const refused = await askPage(stranger.said, { first: 50, after: cursor })
    expect(refused.errors?.map(({ extensions }) => extensions.code)).toEqual(['CURSOR_INVALID'])
  }, 60_000)
})
