import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Clock } from '../../../src/clock.js'
import { providers } from '../../../src/providers/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'
import { openStore } from '../../../src/store/open-store.js'
import type { Store } from '../../../src/store/store.js'
import { movedClock } from '../../support/processes/joined-login.js'
import { startEmulators } from '../logins/login-servers.js'
import type { WrittenEmulators } from './write-cases.js'

export const CALLERS = { one: 'canary-key-of-caller-one-0001', other: 'canary-key-of-caller-other-01' } as const

/** A server of several with the same store. */
export interface Replica {
  ask<Data>(query: string, variables?: object, caller?: keyof typeof CALLERS): Promise<Data>
  close(): Promise<unknown>
}

export interface WrittenReplicas {
  readonly emulators: WrittenEmulators
  readonly clock: Clock & { advance(seconds: number): void }
  readonly replicas: readonly Replica[]
  /** One more; closed with the others. `within`: what it has for a store. */
  start(limits?: object, within?: (store: Store) => Store): Promise<Replica>
  /** Requests of both providers that write, and no others: `PUT /extensions/1`. */
  writes(): readonly string[]
  /** Requests of both providers that read. */
  reads(): readonly string[]
  clear(): void
  close(): Promise<void>
}

/** Several servers with one store and one clock, written through to both emulators: `izmir` and `praha`. */
export async function startWrittenReplicas(store: string, count: number): Promise<WrittenReplicas> {
  const emulators = await startEmulators(['bulutfon', 'ipex'])
  const clock = movedClock()
  const replicas: Replica[] = []
  const scopes = ['telephony:read', 'telephony:write', 'accounts:manage']
  const encryptionKeys = [randomBytes(32).toString('base64')]
  const document = {
    server: { port: 0, explore: false },
    store: { url: store, encryptionKeys },
    callers: { apiKeys: Object.entries(CALLERS).map(([name, key]) => ({ name, key, scopes })) },
    accounts: [
      { id: 'izmir', ...emulators.bulutfon.accounts.masterToken },
      { id: 'praha', ...emulators.ipex.accounts.password },
    ],
  }
  const generous = { requestsPerSecond: 100_000, requestBurst: 100_000, operationTimeoutMs: 30_000 }

  async function start(limits: object = {}, within?: (inner: Store) => Store): Promise<Replica> {
    const config = checkConfig({ ...document, limits: { ...generous, ...limits } }, providers, { environment: {} })
    const own = within && { store: within(await openStore(store, encryptionKeys)) }
    const { url, close } = await startServer(config, {
      ...{ providers, clock, log: createLog({ write: () => true }) },
      ...own,
    })
    const replica: Replica = {
      async ask<Data>(query: string, variables: object = {}, caller: keyof typeof CALLERS = 'one'): Promise<Data> {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${CALLERS[caller]}` },
          body: JSON.stringify({ query, variables }),
        })
        const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
        if (errors) throw new Error(`the question failed: ${JSON.stringify(errors)}`)
        return data
      },
      close,
    }
    replicas.push(replica)
    return replica
  }
  for (let index = 0; index < count; index++) await start()

  const journals = [emulators.bulutfon.journal, emulators.ipex.journal]
  const lines = (isWrite: boolean) =>
    journals.flatMap(({ apiRequests }) =>
      apiRequests.filter(({ method }) => (method !== 'GET') === isWrite).map(({ method, path }) => `${method} ${path}`),
    )
  return {
    ...{ emulators, clock, replicas, start },
    writes: () => lines(true),
    reads: () => lines(false),
    clear: () => journals.forEach((journal) => journal.clear()),
    async close() {
      await Promise.all(replicas.map((replica) => replica.close()))
      await emulators.close()
    },
  }
}

/** A new SQLite file, and what removes it. */
export function sqliteFile(): { readonly url: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-writes-'))
  return { url: `sqlite:${join(folder, 'store.db')}`, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
