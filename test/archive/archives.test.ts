import { describe, expect, test } from '@jest/globals'

import { Archives } from '../../src/archive/archives.js'
import { readState } from '../../src/archive/archive-state.js'
import type { ArchivedAccount } from '../../src/archive/archived-account.js'
import { has, ResourceKind, ResourceOperation } from '../../src/model/capability.js'
import { ARCHIVE } from '../../src/store/archive-store.js'
import { memoryStore } from '../../src/store/memory.js'
import { standingClock } from '../live/live-accounts.js'
import { DAY, KEY, MadeUpProvider } from './made-up-provider.js'

function kept() {
  const clock = standingClock()
  const store = memoryStore(clock.monotonic)
  const provider = new MadeUpProvider()
  const logs = { slug: 'made-up', capabilities: has(ResourceKind.CALL_RECORD, [ResourceOperation.LIST]) }
  const accountOf = (workspace = 'default') =>
    ({ ...provider.account({}, workspace), provider: logs }) as unknown as ArchivedAccount
  const accounts = new Map<string, ArchivedAccount>()
  const troubles: unknown[] = []
  const archivesOf = () =>
    new Archives({
      ...{ accounts: () => [...accounts.values()], find: (key) => accounts.get(key) ?? null, store, clock },
      ...{ limits: { operationTimeoutMs: 5_000 }, isBusy: () => false, onTrouble: (error) => troubles.push(error) },
    })
  return { clock, store, provider, accountOf, accounts, archivesOf, troubles }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}

describe('the archives of a process', () => {
  test('begin with the process, and with an account that joins later', async () => {
    const { accounts, accountOf, archivesOf, store, provider, clock } = kept()
    provider.rows.set('one', { id: 'one', startedAt: clock.now() - 1_000, talkSeconds: 1, cost: null })
    const archives = archivesOf()
    archives.open()
    const account = accountOf()
    accounts.set(KEY, account)
    archives.accountsChanged()
    await until(async () => (await readState(store, account)).state.syncedAt !== null)
    await archives.close()
    expect((await store.archiveFigures(KEY)).calls).toBe(1)
  })

  test('are written no more once the account has left', async () => {
    const { accounts, accountOf, archivesOf, store, provider, clock } = kept()
    provider.rows.set('one', { id: 'one', startedAt: clock.now() - 1_000, talkSeconds: 1, cost: null })
    const account = accountOf()
    accounts.set(KEY, account)
    const archives = archivesOf()
    archives.open()
    await until(async () => (await readState(store, account)).state.syncedAt !== null)
    accounts.delete(KEY)
    archives.accountsChanged()
    const asked = provider.requests.length
    archives.callEnded(KEY)
    archives.readAgain(KEY, new Date(clock.now()).toISOString())
    await archives.close()
    expect(provider.requests).toHaveLength(asked)
  })

  test('are read again when a person has logged in, and tell what is not as it was', async () => {
    const { accounts, accountOf, archivesOf, store, provider, clock } = kept()
    for (const [at, id] of ['older', 'gone', 'newest'].entries())
      provider.rows.set(id, { id, startedAt: clock.now() - (10 - at) * DAY, talkSeconds: 1, cost: null })
    const account = accountOf()
    accounts.set(KEY, account)
    const archives = archivesOf()
    const synced = async () => (await readState(store, account)).state.syncedAt !== null
    archives.open()
    await until(synced)
    const before = (await store.eventsAfter(0, 100, ARCHIVE)).length
    provider.rows.delete('gone')
    clock.advance(120_000)
    archives.loggedIn(KEY)
    await until(async () => (await store.eventsAfter(0, 100, ARCHIVE)).length > before)
    await archives.close()
    const changes = (await store.eventsAfter(0, 100, ARCHIVE))
      .slice(before)
      .map(({ body }) => JSON.parse(body) as object)
    expect(changes).toEqual([expect.objectContaining({ kind: 'DELETED' })])
  })

  test('of accounts that are gone stay for a week, and go then', async () => {
    const { accounts, accountOf, archivesOf, store, provider, clock } = kept()
    provider.rows.set('one', { id: 'one', startedAt: clock.now() - 1_000, talkSeconds: 1, cost: null })
    const account = accountOf()
    accounts.set(KEY, account)
    const first = archivesOf()
    first.open()
    await until(async () => (await readState(store, account)).state.syncedAt !== null)
    await first.close()
    accounts.clear()
    clock.advance(6 * DAY)
    const second = archivesOf()
    second.open()
    await second.close()
    expect((await store.archiveFigures(KEY)).calls).toBe(1)
    clock.advance(2 * DAY)
    const third = archivesOf()
    third.open()
    await until(async () => (await store.openStreams(ARCHIVE)).streams.length === 0)
    await third.close()
    expect((await store.archiveFigures(KEY)).calls).toBe(0)
  })

  test('hold back when the store fails, and go on when it answers again', async () => {
    const { accounts, accountOf, archivesOf, store, provider, clock, troubles } = kept()
    provider.rows.set('one', { id: 'one', startedAt: clock.now() - 1_000, talkSeconds: 1, cost: null })
    const account = accountOf()
    accounts.set(KEY, account)
    const append = store.appendEvents
    store.appendEvents = () => Promise.reject(new Error('the store is away'))
    const archives = archivesOf()
    archives.open()
    await until(() => troubles.length > 0)
    store.appendEvents = append
    archives.callEnded(KEY)
    archives.readAgain(KEY, new Date(clock.now()).toISOString())
    await until(async () => (await readState(store, account)).state.syncedAt !== null)
    await archives.close()
  })
})
