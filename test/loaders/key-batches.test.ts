import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { cursorSigner } from '../../src/loaders/cursor.js'
import type { AccountLoader } from '../../src/loaders/account-loader.js'
import { KEY_BATCHES, type KeyBatch } from '../../src/loaders/key-loader.js'
import { createLoaders, type Loaders } from '../../src/loaders/loaders.js'
import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { ipex } from '../../src/providers/ipex/index.js'
import { postacell } from '../../src/providers/postacell/index.js'
import type { Provider } from '../../src/providers/provider.js'
import { railsApiV1 } from '../../src/providers/rails-api-v1/index.js'
import { createWorld, operation, type World } from '../support/world.js'

/*
 * Every provider is loaded from through the same key loaders. Keys that are asked for in one turn
 * of the event loop, some right away and some after several awaits, arrive in one batch, and the
 * emulator's journal holds what that batch cost.
 */

let world: World
const batches: KeyBatch[] = []
const collect = (message: unknown) => void batches.push(message as KeyBatch)

async function open(
  provider: Provider,
  name: string,
  scale?: number,
): Promise<{ account: AccountLoader; loaders: Loaders }> {
  world = await createWorld(provider, { scale: scale ?? 0.05 })
  const connected = world.account(name, 'office')
  const loaders = createLoaders(
    new Map([[connected.key, connected]]),
    operation(),
    { pageSize: 100, detailConcurrency: 8, providerRequestsPerOperation: 200 },
    { workspace: 'default', cursors: cursorSigner(Buffer.alloc(32, 3)) },
  )
  return { account: loaders.account('office'), loaders }
}
beforeAll(() => KEY_BATCHES.subscribe(collect))
afterAll(() => void KEY_BATCHES.unsubscribe(collect))
afterEach(() => world.close())

/** Loads the first key at once, the second after one await, the third after two, and so on. */
const loadStaggered = <Key, Value>(keys: readonly Key[], load: (key: Key) => Value) =>
  Promise.all(
    keys.map(async (key, awaits) => {
      for (let turn = 0; turn < awaits; turn += 1) await null
      return load(key)
    }),
  )

/**
 * Clears the journal, and gives what was asked of the provider since, login and parameters aside.
 */
async function requestsOf(load: () => Promise<unknown>): Promise<readonly string[]> {
  world.emulator.journal.clear()
  batches.length = 0
  await load()
  return [...world.emulator.journal.lines()].sort()
}

describe('Bulutfon', () => {
  test('takes extensions by id, by number and their details in one batch each', async () => {
    const ids = (await (await open(bulutfon, 'password')).account.extensions!.list().all())
      .slice(0, 3)
      .map(({ providerResourceId }) => providerResourceId)
    await world.close()
    const { account } = await open(bulutfon, 'password')
    const { extensions } = account

    const lookUps = await requestsOf(() =>
      Promise.all([
        loadStaggered(ids, (id) => extensions!.byId(id)),
        loadStaggered(['none', 'never'], (number) => extensions!.find({ number })),
      ]),
    )
    expect(batches).toEqual([
      { loader: 'office extensions by id', keys: ids },
      { loader: 'office extensions by number', keys: ['none', 'never'] },
    ])
    expect(lookUps).toEqual(['GET /extensions'])

    const items = extensions!.list().items.slice(0, 3)
    const details = await requestsOf(() => loadStaggered(items, (item) => extensions!.value(item, 'voicemail')))
    expect(batches).toEqual([{ loader: 'office extensions detail', keys: items.map(({ id }) => id) }])
    expect(details).toEqual(ids.map((id) => `GET /extensions/${id}`).sort())
  })

  test('takes calls by id, and their details, in one batch each', async () => {
    const { loaders } = await open(bulutfon, 'password')
    const request = { first: 3, criteria: [], order: 'DESC', onSourceFailure: 'FAIL', wantsMore: false } as const
    const { nodes } = await loaders.callLog.connection(request)
    const ids = nodes.map(({ providerResourceId }) => providerResourceId)

    await requestsOf(() => loadStaggered(ids, (id) => loaders.callLog.byId('office', id)))
    expect(batches).toEqual([{ loader: 'office callRecords by id', keys: ids }])

    await requestsOf(() => loadStaggered(nodes, (call) => loaders.callLog.detail(call)))
    expect(batches).toEqual([{ loader: 'office callRecords detail', keys: nodes.map(({ id }) => id) }])
  })
})

describe('IPEX', () => {
  test('takes groups by id, by name and their details in one batch each', async () => {
    const groups = await (await open(ipex, 'password')).account.groups!.list().all()
    const [ids, names] = [groups.map((group) => group.providerResourceId), groups.map(({ name }) => name)]
    expect(ids.length).toBeGreaterThan(1)
    await world.close()
    const { account } = await open(ipex, 'password')

    const lookUps = await requestsOf(() =>
      Promise.all([
        loadStaggered(ids, (id) => account.groups!.byId(id)),
        loadStaggered(names, (name) => account.groups!.find({ name })),
      ]),
    )
    expect(batches).toEqual([
      { loader: 'office groups by id', keys: ids },
      { loader: 'office groups by name', keys: names },
    ])
    expect(lookUps).toEqual(['GET /ipbxapi/members'])

    // One list holds the numbers of all groups, so the details of a batch share one request.
    const details = await requestsOf(() =>
      loadStaggered(account.groups!.list().items, (group) => account.groups!.value(group, 'internalNumber')),
    )
    expect(batches).toEqual([{ loader: 'office groups detail', keys: groups.map(({ id }) => id) }])
    expect(details).toEqual(['GET /ipbxapi/calls/transfer/destinations'])
  })

  test('takes the details of calls in one batch', async () => {
    const { loaders } = await open(ipex, 'password')
    const request = { first: 3, criteria: [], order: 'DESC', onSourceFailure: 'FAIL', wantsMore: false } as const
    const { nodes } = await loaders.callLog.connection(request)
    await requestsOf(() => loadStaggered(nodes, (call) => loaders.callLog.detail(call)))
    expect(batches).toEqual([{ loader: 'office callRecords detail', keys: nodes.map(({ id }) => id) }])
  })
})

describe('Postacell', () => {
  test('takes contact lists by id in one batch, though they come page by page', async () => {
    const lists = await (await open(postacell, 'login', 1)).account.groups!.list().all()
    const ids = lists.map(({ providerResourceId }) => providerResourceId)
    const pages = world.emulator.journal.lines()
    expect(pages.length).toBeGreaterThan(1)
    await world.close()
    const { account } = await open(postacell, 'login', 1)

    const lookUps = await requestsOf(() => loadStaggered(ids, (id) => account.groups!.byId(id)))
    expect(batches).toEqual([{ loader: 'office groups by id', keys: ids }])
    expect(lookUps).toEqual([...pages].sort())
  })
})

describe('Rails API v1', () => {
  test('has no lists, so keys of any kind make no batch and no request', async () => {
    const { account, loaders } = await open(railsApiV1, 'password')
    expect([account.dids, account.extensions, account.groups]).toEqual([null, null, null])
    const requests = await requestsOf(async () => {
      expect(await loadStaggered(['1', '2'], (id) => loaders.callLog.byId('office', id))).toEqual([null, null])
    })
    expect({ batches, requests }).toEqual({ batches: [], requests: [] })
  })
})
