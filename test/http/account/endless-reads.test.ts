import { expect, test } from '@jest/globals'

import { OperationReads } from '../../../src/http/account/operation-reads.js'
import { Operation } from '../../../src/operation.js'
import { cachedWorld, MINUTE } from './cached.js'

test('a source that asks the same for ever ends with its operation, and lets others go on until then', async () => {
  const world = await cachedWorld()
  try {
    const ending = new AbortController()
    const operation = new Operation({ requestId: 'endless', signal: ending.signal, endsAt: Infinity })
    const rest = new OperationReads(world.client(), operation).rest()
    const thing = () => rest.get(`${world.server.url}/thing`, {}, { freshness: MINUTE })
    const endless = async () => {
      for (;;) await thing()
    }
    await thing()
    // Only a turn of the event loop can end it.
    setTimeout(() => ending.abort(new Error('its time is over')), 20)
    await expect(endless()).rejects.toThrow('its time is over')
    expect(world.server.journal.entries).toHaveLength(1)
  } finally {
    await world.close()
  }
})
