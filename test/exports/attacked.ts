import { startSandbox } from '../../src/sandbox.js'
import { providers } from '../../src/providers/index.js'
import { makeApiKey } from '../../src/server/callers/api-key.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer } from '../../src/server/server.js'
import { call } from '../loaders/in-memory.js'
import { changeArchive, quietStore } from '../server/archive/archived-calls.js'
import type { Twin } from '../archive/twins.js'
import { longCalls } from './making.js'

/** A server with archived calls of two workspaces, and keys that tests make and revoke. */
export async function startAttacked() {
  const sandbox = await startSandbox(
    providers.filter(({ slug }) => slug === 'bulutfon' || slug === 'ipex'),
    { scale: 0.02 },
  )
  const at = (provider: string) => sandbox.accounts.find((one) => one.provider === provider)
  let moved = 0
  const clock = { now: () => Date.now() + moved, monotonic: () => performance.now() + moved }
  const inner = quietStore()
  const hooks = { beforeChunks: async () => {}, beforeChunk: async (_position: number) => {} }
  const store: typeof inner = {
    ...inner,
    async exportChunks(id) {
      await hooks.beforeChunks()
      return inner.exportChunks(id)
    },
    async exportChunk(id, position) {
      await hooks.beforeChunk(position)
      return inner.exportChunk(id, position)
    },
  }
  const document = {
    server: { port: 0 },
    store: { url: 'memory:' },
    callers: { apiKeys: [{ name: 'board', key: 'a-key-of-the-board-000001', scopes: ['telephony:read'] }] },
    accounts: [
      { ...at('bulutfon'), id: 'izmir', archive: { since: 'P10D' } },
      { ...at('ipex'), id: 'praha', workspace: 'other', archive: {} },
    ],
  }
  const config = checkConfig(document, providers, { environment: {} })
  const server = await startServer(config, { providers, log: createLog({ write: () => {} }), store, clock })
  const state = {
    covered: [{ from: '2000-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z' }],
    syncedAt: new Date().toISOString(),
  }
  const own = { kind: 'Extension', number: '1001' } as const
  const calls = longCalls(250).map((one, place) => ({
    ...{ ...one, payload: { secret: `raw ${place}` } },
    // A colleague speaks in the only one.
    recordings:
      place === 0 ? one.recordings!.map((each) => ({ ...each, speakerRefs: [{ ...own, number: '1002' }] })) : [],
    answeredByRef: place % 50 === 0 ? own : null,
  }))
  await changeArchive(
    inner,
    { key: 'izmir', workspace: 'default' },
    calls.map((one) => ({ kind: 'CREATED' as const, call: one })),
    state,
  )
  const theirs = call('praha', 'theirs', { steps: [], answeredByRef: null })
  await changeArchive(inner, { key: 'praha', workspace: 'other' }, [{ kind: 'CREATED', call: theirs }], state)

  const ask = (async (query: string, variables: object = {}, headers: object = {}) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as unknown
  }) as Twin['ask']

  return {
    ...{ ask, store: inner, hooks, calls },
    advance: (seconds: number) => void (moved += seconds * 1_000),
    board: { authorization: 'Bearer a-key-of-the-board-000001' },
    /** A key as the command makes it, and what revokes it. */
    async key(change: object = {}) {
      const { id, key, digest } = makeApiKey()
      const kept = { id, name: 'made', workspace: 'default', scopes: ['telephony:read'], digest }
      await inner.keepApiKey({ ...kept, createdAt: 1, revokedAt: null, ...change })
      return {
        headers: { authorization: `Bearer ${key.reveal()}` },
        revoke: () => inner.revokeApiKey(id, clock.now()),
      }
    },
    async close() {
      await server.close()
      await sandbox.close()
    },
  }
}
