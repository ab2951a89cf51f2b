import { expect, test } from '@jest/globals'

import { providers } from '../../../src/providers/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { Store } from '../../../src/store/store.js'
import { uuid, writtenChange } from '../../store/written-change.js'

const HOUR = 3_600_000

test('a server that starts forgets the changes that are older than `limits.changesDays`, and no others', async () => {
  const kept = memoryStore()
  const begin = (number: number, at: number) => kept.beginChange(writtenChange({ id: uuid(number), at }), null)
  await begin(1, Date.now() - 49 * HOUR)
  await begin(2, Date.now() - 47 * HOUR)
  const store: Store = { ...kept }
  const isForgotten = new Promise<void>((resolve) => {
    store.forgetChanges = (before, now) => kept.forgetChanges(before, now).then(resolve)
  })
  const config = checkConfig({ server: { port: 0 }, limits: { changesDays: 2 } }, providers, { environment: {} })
  const server = await startServer(config, { providers, log: createLog({ write() {} }), store })
  await isForgotten
  await server.close()
  const changes = await kept.changes({ workspace: 'default', accounts: ['izmir'], before: null, atMost: 9 })
  expect(changes.map(({ id }) => id)).toEqual([uuid(2)])
})
