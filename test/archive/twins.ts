import { randomBytes } from 'node:crypto'

import type { Covered } from '../../src/archive/archive-state.js'
import type { Emulator } from '../../src/emulator/emulator.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { providers } from '../../src/providers/index.js'
import { startSandbox } from '../../src/sandbox.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer } from '../../src/server/server.js'
import { memoryStore } from '../../src/store/memory.js'
import { told } from '../sandbox/harness.js'
import { fill, wholeLog } from './filled.js'

/** When the story ends and all clocks stand: a Wednesday noon in İzmir. */
export const NOW = Date.parse('2026-02-11T09:00:00Z')

/** By the ids the accounts have, which of an emulator's they are. */
const ACCOUNTS = { izmir: ['bulutfon', 'masterToken'], prague: ['ipex', 'password'] } as const
export type Key = keyof typeof ACCOUNTS
export const KEYS = Object.keys(ACCOUNTS) as readonly Key[]

export interface Answered {
  readonly data: Readonly<Record<string, never>> | null
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
}

export interface Twin {
  /** Of the server, without a trailing slash. */
  readonly url: string
  ask(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<Answered>
}

/** Two servers over the same emulators, which read each other's cursors; one has archives. */
export interface Twins {
  readonly plain: Twin
  readonly archived: Twin
  /** By account, as the archives have them: newest first. */
  readonly calls: Readonly<Record<Key, readonly CallRecord[]>>
  readonly emulator: (key: Key) => Emulator
  /**
   * Says what the archive of an account covers, the newest first, and when it last looked: if only in
   * part, the time after that is not taken for quiet.
   */
  cover(key: Key, covered: readonly Covered[], syncedAt: string, isPartial?: boolean): Promise<void>
  /** A call that has just ended, in the provider's log alone. */
  arrive(key: Key, startedAt: number, endedAt: number): void
  /** The log as the provider has it now: newest first. */
  log(key: Key): Promise<readonly CallRecord[]>
  /** What the provider of an account was asked since this was last called, without its token endpoint. */
  requests(key: Key): readonly string[]
  close(): Promise<void>
}

export async function startTwins({ scale = 0.02 }: { readonly scale?: number } = {}): Promise<Twins> {
  const used = providers.filter(({ slug }) => Object.values(ACCOUNTS).some(([of]) => of === slug))
  const sandbox = await startSandbox(used, { scale, seed: 1, now: NOW })
  const emulator = (key: Key) => sandbox.emulators.get(ACCOUNTS[key][0])!
  const clock = { now: () => NOW, monotonic: () => 3_600_000 }
  const encryptionKeys = [randomBytes(32).toString('base64')]
  const start = async (archive: object) => {
    const config = checkConfig(
      {
        server: { port: 0 },
        store: { url: 'sqlite:/nowhere/at.all', encryptionKeys },
        limits: { cacheBytes: 0, pageSize: 1_000, providerRequestsPerOperation: 1_000, attempts: 1 },
        accounts: KEYS.map((id) => ({ id, ...emulator(id).accounts[ACCOUNTS[id][1]]!, ...archive })),
      },
      providers,
      { environment: {} },
    )
    const store = memoryStore(clock.monotonic)
    // Whoever keeps an archive true has its lease: here nobody does, and each test says what it holds.
    for (const key of KEYS) await store.lease(`archive ${key}`, 'nobody', 60_000)
    const log = createLog({ write: () => {} })
    const server = await startServer(config, { providers, store, log, clock })
    const ask: Twin['ask'] = async (query, variables = {}, headers = {}) => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      })
      return (await response.json()) as Answered
    }
    return { server, store, ask, url: server.url }
  }
  const [plain, archived] = [await start({}), await start({ archive: {} })]
  const log = (key: Key) => wholeLog(plain.server.accounts.find((one) => one.key === key)!)
  const logs = await Promise.all(KEYS.map(async (key) => [key, await log(key)] as const))
  const calls = Object.fromEntries(logs) as unknown as Record<Key, readonly CallRecord[]>
  const all = { from: '2000-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z' }
  const syncedAt = new Date(NOW).toISOString()
  for (const key of KEYS) await fill(archived.store, { key, calls: calls[key], covered: [all], syncedAt })
  return {
    plain,
    archived,
    calls,
    emulator,
    cover: (key, covered, at, isPartial = false) =>
      fill(archived.store, { key, calls: [], covered, syncedAt: at, unreadable: isPartial ? 1 : 0 }),
    arrive(key, startedAt, endedAt) {
      const history = emulator(key).history!
      const { story } = history
        .calls()
        .findLast(({ story: { steps, direction } }) => direction === 'out' && !steps.length)!
      history.add({
        ...story,
        startedAt,
        endedAt,
        answeredAt: null,
        outcome: 'no answer',
        price: null,
        recording: 'no',
      })
    },
    log,
    requests(key) {
      const { journal } = emulator(key)
      const requests = journal.apiRequests.map(told)
      journal.clear()
      return requests
    },
    async close() {
      await Promise.all([plain, archived].map(({ server }) => server.close()))
      await sandbox.close()
    },
  }
}
