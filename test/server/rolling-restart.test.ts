import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'

import { rollingRestart, startReplicaHere } from '../support/replicas/rolling-restart.js'

/** The long form, with processes and PostgreSQL, is `npm run proof:rolling-restart`. */
test('replicas are exchanged under load and no query fails, no login is lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-rolling-'))
  const store = `sqlite:${join(folder, 'logins.db')}`
  const load = { queriesPerSecond: 20, noticeMs: 2_000 }
  const rolled = await rollingRestart({ start: startReplicaHere, store, restarts: 2, ...load })
  rmSync(folder, { recursive: true, force: true })
  expect(rolled).toEqual({
    queries: expect.any(Number),
    tokenRequests: expect.any(Number),
    failures: [],
    exits: [0, 0],
    refusals: [],
    logins: { bulutfon: 'ACTIVE', ipex: 'ACTIVE', postacell: 'ACTIVE', 'rails-api-v1': 'ACTIVE' },
  })
  expect(rolled.queries).toBeGreaterThan(20)
  // On a busy machine one refresh may mend both revocations.
  expect(rolled.tokenRequests).toBeGreaterThanOrEqual(8)
}, 60_000)
