import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { cursorSigner } from '../../src/loaders/cursor.js'
import { createLoaders } from '../../src/loaders/loaders.js'
import type { CallCriteria } from '../../src/loaders/calls/demand.js'
import type { CallRecordPage } from '../../src/loaders/calls/request.js'
import { globalId } from '../../src/model/id.js'
import { ipex } from '../../src/providers/ipex/index.js'
import { createWorld, operation, type World } from '../support/world.js'

const MOST_OPERATIONS = 20

let world: World
beforeAll(async () => {
  world = await createWorld(ipex, { scale: 0.4, now: Date.parse('2026-03-17T15:30:00Z') })
})
afterAll(() => world.close())

/** One operation, which shares nothing with the one before it but the key of the cursors. */
function read(requests: number, criteria: readonly CallCriteria[], gap: string | null): Promise<CallRecordPage> {
  const account = world.account('password', 'praha')
  const limits = { pageSize: 100, detailConcurrency: 8, providerRequestsPerOperation: requests * 2 }
  const { callLog } = createLoaders(new Map([[account.key, account]]), operation(), limits, {
    workspace: 'default',
    cursors: cursorSigner(Buffer.alloc(32, 3)),
  })
  if (gap !== null) return callLog.gap({ cursor: gap, first: 100, wantsMore: true })
  return callLog.connection({
    ...{ first: 100, criteria, order: 'DESC', onSourceFailure: 'PARTIAL', wantsMore: true },
  })
}

/** The extension with the fewest calls: none on most provider pages. */
async function quietest(): Promise<string> {
  const account = world.account('password', 'praha')
  const { extensions } = account.source(operation())
  const phones: string[] = []
  for await (const { items } of extensions!.pages({}))
    // Lines of queues and menus have other numbers.
    phones.push(...items.filter(({ number }) => number.startsWith('0')).map(({ providerResourceId: id }) => id))
  const counted = await Promise.all(
    phones.slice(-4).map(async (id) => {
      const criteria = [{ extensionIds: [globalId('Extension', 'praha', id)] }]
      return { id, calls: (await read(100, criteria, null)).nodes.length }
    }),
  )
  return counted.reduce((least, one) => (one.calls < least.calls ? one : least)).id
}

test('an IPEX walk that is stopped for its requests goes on from how far it read, not from the last call it found', async () => {
  const criteria = [{ extensionIds: [globalId('Extension', 'praha', await quietest())] }]
  const whole = await read(200, criteria, null)
  expect(whole.sources[0]).toMatchObject({ state: 'COMPLETE', gap: null })
  const cost = whole.sources[0]!.upstreamRequests
  expect(cost).toBeGreaterThan(4)

  const found: string[] = []
  const reached: string[] = []
  let requests = 0
  for (let cursor: string | null = null, operations = 0; ; operations++) {
    expect(operations).toBeLessThan(MOST_OPERATIONS)
    const { nodes, sources } = await read(2, criteria, cursor)
    const { state, gap, upstreamRequests } = sources[0]!
    found.push(...nodes.map(({ id }) => id))
    requests += upstreamRequests
    if (!gap) break
    expect(state).toBe('PARTIAL')
    reached.push(gap.until!)
    cursor = gap.retryCursor
  }
  expect(found).toEqual(whole.nodes.map(({ id }) => id))
  expect(reached.length).toBeGreaterThan(1)
  expect(reached).toEqual([...new Set(reached)].sort().reverse())
  // Each beginning reads again what lies around its place; without a record of it every one would
  // begin at the newest call.
  expect(requests).toBeLessThan(cost * 3)
})
