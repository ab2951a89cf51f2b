import { expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { followCalls } from './followed-calls.js'

const OF_EXTENSION = `query ($ids: [ID!]) {
  liveCalls(extensionIds: $ids) { cursor nodes { id } sources { account { key } state errorCode } }
}`
const EVENTS_OF_EXTENSION = 'subscription ($ids: [ID!]) { callEvents(extensionIds: $ids) { type } }'

test('an account whose extensions cannot be read is left out of the calls of now, and is no error of the others', async () => {
  const calls = await followCalls()
  try {
    calls.sandbox.emulators.get('bulutfon')!.faults.next({ path: /extensions/, status: 503, times: Infinity })
    const variables = { ids: [globalId('Extension', 'izmir', '1')] }
    expect(await calls.ask(OF_EXTENSION, variables)).toMatchObject({
      data: {
        liveCalls: {
          cursor: expect.any(String),
          nodes: [],
          sources: [{ account: { key: 'izmir' }, state: 'FAILED', errorCode: 'PROVIDER_UNAVAILABLE' }],
        },
      },
    })
    const events = calls.subscribe(EVENTS_OF_EXTENSION, variables)
    const [refused] = await events.next<{ errors: readonly { extensions: object }[] }>(1)
    expect(refused!.errors.map(({ extensions }) => extensions)).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE' }])
  } finally {
    await calls.close()
  }
}, 60_000)

test('an account that cannot tell of calls is asked nothing, whatever is asked of it', async () => {
  const calls = await followCalls({ live: { webhook: false } })
  try {
    const { journal } = calls.sandbox.emulators.get('bulutfon')!
    const variables = { ids: [globalId('Extension', 'izmir', '1')] }
    expect(await calls.ask(OF_EXTENSION, variables)).toMatchObject({
      data: { liveCalls: { nodes: [], sources: [{ account: { key: 'izmir' }, state: 'UNSUPPORTED' }] } },
    })
    expect(journal.entries.map(({ path }) => path)).toEqual([])
  } finally {
    await calls.close()
  }
}, 60_000)
