import { createClient as createStreamClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { WebSocket } from 'ws'

import type { ArchiveState } from '../../../src/archive/archive-state.js'
import { toArchivedCall, type StoredChange } from '../../../src/archive/call-change.js'
import type { CallRecord } from '../../../src/model/call-record.js'
import { providers } from '../../../src/providers/index.js'
import { startSandbox } from '../../../src/sandbox.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'
import { ARCHIVE } from '../../../src/store/archive-store.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { Store } from '../../../src/store/store.js'

/** A store in which nobody gets his turn at an archive: what is in it, a test has put there. */
export function quietStore(): Store {
  const store = memoryStore()
  const lease: Store['lease'] = async (name, ...given) => !name.includes('archive') && store.lease(name, ...given)
  return { ...store, lease }
}

/** What becomes of one call: as it is now, or its id where it is gone. */
export type Becomes =
  | { readonly kind: 'CREATED' | 'UPDATED'; readonly call: CallRecord; readonly changedFields?: readonly string[] }
  | { readonly kind: 'DELETED'; readonly id: string; readonly parties?: StoredChange['parties'] }

/** Changes an archive as its synchroniser would. Gives the positions of the changes. */
export async function changeArchive(
  store: Store,
  account: { readonly key: string; readonly workspace: string },
  changes: readonly Becomes[],
  state: Partial<ArchiveState> = {},
  at = Date.now(),
): Promise<readonly number[]> {
  const stream = await store.eventStream(ARCHIVE, account.key)
  const events = changes.map((change): StoredChange =>
    change.kind === 'DELETED'
      ? {
          kind: 'DELETED',
          callRecordId: change.id,
          changedFields: [],
          ...(change.parties && { parties: change.parties }),
        }
      : { kind: change.kind, callRecordId: change.call.id, changedFields: change.changedFields ?? [] },
  )
  const positions = await store.appendEvents({
    ...{ topic: ARCHIVE, stream: account.key, workspace: account.workspace, account: account.key },
    from: stream?.revision ?? 0,
    state: JSON.stringify({ covered: [], syncedAt: null, recheckedAt: null, lastError: null, unreadable: 0, ...state }),
    isOpen: true,
    events: events.map((event) => JSON.stringify(event)),
    at,
    archive: {
      put: changes.flatMap((change) => (change.kind === 'DELETED' ? [] : [toArchivedCall(change.call)])),
      remove: changes.flatMap((change) => (change.kind === 'DELETED' ? [change.id] : [])),
      sealed: false,
    },
  })
  if (!positions) throw new Error('Somebody else has changed the archive')
  return positions
}

export const IZMIR = { key: 'izmir', workspace: 'default' }
export const PRAHA = { key: 'praha', workspace: 'other' }

const keyOf = (name: string) => `a-key-of-a-caller-named-${name}-01`
/** Headers by which a caller is known: `board` and `person` of one workspace, `other` of another. */
export const as = (name: 'board' | 'person' | 'other') => ({ authorization: `Bearer ${keyOf(name)}` })

/** İzmir and the mailings in one workspace, Praha in another; the switchboards have archives. */
export async function serveArchives(store: Store = quietStore(), extension = '1001', limits: object = {}) {
  const sandbox = await startSandbox(providers, { scale: 0.05 })
  const at = (provider: string) => sandbox.accounts.find((one) => one.provider === provider)
  const apiKeys = [
    { name: 'board', key: keyOf('board'), scopes: ['telephony:read'] },
    { name: 'person', key: keyOf('person'), scopes: ['telephony:read:own'], extension: `izmir/${extension}` },
    { name: 'other', key: keyOf('other'), scopes: ['telephony:read'], workspace: 'other' },
  ]
  const document = {
    server: { port: 0 },
    store: { url: 'memory:' },
    limits,
    callers: { apiKeys },
    accounts: [
      { ...at('bulutfon'), id: 'izmir', archive: { since: 'P10D' } },
      { ...at('postacell'), id: 'mailings' },
      { ...at('ipex'), id: 'praha', workspace: 'other', archive: {} },
    ],
  }
  const config = checkConfig(document, providers, { environment: {} })
  const server = await startServer(config, { providers, log: createLog({ write: () => {} }), store })

  return {
    server,
    store,
    emulator: (provider: string) => sandbox.emulators.get(provider)!,
    async ask<T>(query: string, variables: object = {}, headers: object = as('board')): Promise<T> {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      })
      return (await response.json()) as T
    },
    /** Subscribes over a transport; results come in the order in which they are delivered. */
    subscribe(transport: 'sse' | 'websocket', query: string, variables = {}, headers = as('board')) {
      const url = `${server.url}/graphql`
      const client =
        transport === 'sse'
          ? createStreamClient({ url, headers, retryAttempts: 0 })
          : createSocketClient({
              ...{ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 },
              connectionParams: headers,
            })
      const results = client.iterate<Record<string, never>>({ query, variables })
      return {
        async next<T>(count: number): Promise<T[]> {
          const told: T[] = []
          while (told.length < count) {
            const { value, done } = await results.next()
            if (done) break
            told.push(value as T)
          }
          return told
        },
        end: async () => {
          await results.return?.()
          await client.dispose()
        },
      }
    },
    async close() {
      await server.close()
      await sandbox.close()
    },
  }
}
