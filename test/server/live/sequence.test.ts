import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { createRandom } from '../../../src/emulator/random.js'
import { isBuilt } from '../../calls/built-server.js'
import { FollowedReplicas } from '../../support/live/followed-replicas.js'
import { checkSequence } from '../../support/live/sequence-check.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../../support/postgres.js'

const lacking = isBuilt ? postgresUnavailable : '`npm run build` was not run'
const suite = lacking ? describe.skip : describe

/** Three hundred calls and a thousand seeds, and a hundred followers while servers are exchanged: `npm run proof:live`. */
suite(`scripted calls, told three times over in any order${lacking ? ` (skipped: ${lacking})` : ''}`, () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres?.close())

  test('reach each follower once, though a server is killed and followers come back elsewhere', async () => {
    const random = createRandom(1)
    const replicas = await FollowedReplicas.start(await postgres.createDatabase(), 2, random)
    try {
      expect(await checkSequence(replicas, { calls: 40, times: 3, followers: 4, kills: 1, random })).toEqual({
        ...{ lost: [], twice: [], states: [], orders: [], complaints: [] },
        events: expect.any(Number),
      })
    } finally {
      await replicas.close()
    }
  }, 120_000)
})
