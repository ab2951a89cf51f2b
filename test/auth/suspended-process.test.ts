import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from '@jest/globals'

import type { RailsApiV1Emulator } from '../../src/providers/rails-api-v1/emulator/emulator.js'
import { startRailsApiV1Emulator } from '../../src/providers/rails-api-v1/emulator/emulator.js'
import { startLoginProcess, type LoginProcess } from '../support/processes/start-process.js'

const TEN_MINUTES = 600

let emulator: RailsApiV1Emulator
let child: LoginProcess
beforeAll(async () => {
  emulator = await startRailsApiV1Emulator({ scale: 0.02 })
  child = await startLoginProcess({
    ...{ store: 'memory:', keys: [randomBytes(32).toString('base64')], lease: true, ahead: 0 },
    ...{ account: emulator.accounts['password'], tokenPath: '/oauth/token' },
  })
}, 60_000)
afterAll(async () => {
  await child.kill()
  await emulator.close()
})

test('a process that was suspended for ten minutes sends no token that has run out, and replaces it once', async () => {
  expect((await child.query(5)).outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
  emulator.journal.clear()
  child.pause()
  emulator.clock.advance(TEN_MINUTES * 1_000)
  const advanced = child.advance(TEN_MINUTES)
  const queried = child.query(50)
  child.resume()
  await advanced
  const outcomes = new Set([...(await queried).outcomes, ...(await child.query(20)).outcomes])
  expect(outcomes).toEqual(new Set(['ok']))
  expect(emulator.journal.tokenRequests).toHaveLength(1)
  expect(new Set(emulator.journal.apiRequests.map(({ status }) => status))).toEqual(new Set([200]))
}, 60_000)
