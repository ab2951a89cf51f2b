import { randomBytes } from 'node:crypto'

import type { ArchiveSettings } from '../../src/archive/archived-account.js'
import type { Clock } from '../../src/clock.js'
import type { ExportedFrom, ExportServices } from '../../src/exports/export-services.js'
import { Exports } from '../../src/exports/exports.js'
import { exportFile } from '../../src/exports/file.js'
import {
  WorkspaceExports,
  type AskedExport,
  type WorkspaceExportsOptions,
} from '../../src/exports/workspace-exports.js'
import { stateOf } from '../../src/exports/state.js'
import { labelOfParty } from '../../src/graphql/label.js'
import { cursorSigner } from '../../src/loaders/cursor.js'
import { createLoaders } from '../../src/loaders/loaders.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { providers } from '../../src/providers/index.js'
import type { Store } from '../../src/store/store.js'
import { call, InMemoryAccount, type AccountContent } from '../loaders/in-memory.js'

export const KEY = 'izmir'
/** When clocks stand. */
export const NOW = Date.parse('2026-02-11T09:00:00Z')
export const LIMITS = { running: 2, kept: 20, keptHours: 24, bytes: 1e9 }
const DAY = 86_400_000
const ARCHIVE: ArchiveSettings = {
  ...{ sinceMs: 90 * DAY, everySeconds: 60, recheckMs: 2 * DAY, retentionMs: 90 * DAY, sealed: false },
}

/** An account whose provider is this process; what its archive has, a test puts there. */
export function accountOf(content: AccountContent = { calls: [] }, key = KEY): ExportedFrom & InMemoryAccount {
  return Object.assign(new InMemoryAccount(key, content), {
    provider: providers.find(({ slug }) => slug === 'bulutfon')!,
    archive: ARCHIVE,
    live: { webhook: false, pollSeconds: 0, always: false },
    isCrowded: () => false,
  })
}

/** Calls so long that a hundred of them fill a chunk, the newest first. */
export const longCalls = (count: number, key = KEY): readonly CallRecord[] =>
  Array.from({ length: count }, (_, at) => {
    const startedAt = new Date(NOW - 3_600_000 - at * 60_000).toISOString()
    const one = call(key, `c${at}`, { startedAt, steps: null })
    return { ...one, caller: { ...one.caller, displayName: `${at} `.repeat(2_600).slice(0, 10_500) } }
  })

export const standing = (): Clock => ({ now: () => NOW, monotonic: () => 3_600_000 })

export interface Making {
  /** Resolves with each export that ends here. */
  readonly ended: () => Promise<string>
  readonly troubles: unknown[]
  readonly exports: Exports
}

/** Makes files of exports over a store, as a replica does. */
export function making(store: Store, accounts: readonly ExportedFrom[], change: Partial<ExportServices> = {}): Making {
  const troubles: unknown[] = []
  const waiting: ((status: string) => void)[] = []
  const clock = change.clock ?? standing()
  const cursors = cursorSigner(randomBytes(32))
  const exports = new Exports({
    ...{ store, clock, limits: LIMITS, label: labelOfParty, isBusy: () => false },
    describe: () => ({ label: 'Somebody' }),
    accountsOf: () => new Map(accounts.map((one) => [one.key, one])),
    loadersOf: ({ workspace, accounts: seen, operation }) =>
      createLoaders(
        ...([seen, operation] as const),
        { pageSize: 100, detailConcurrency: 8, providerRequestsPerOperation: Infinity },
        { workspace, cursors },
        clock.now,
      ),
    // As long as it takes others to have their turn.
    pause: () => new Promise((done) => setImmediate(done)),
    onTrouble: (error) => void troubles.push(error),
    onEnd: (_format, status) => waiting.splice(0).forEach((tell) => tell(status)),
    ...change,
  })
  return { exports, troubles, ended: () => new Promise((tell) => waiting.push(tell)) }
}

export const FROM = '2020-01-01T00:00:00.000Z'
export const ASKED: AskedExport = {
  filter: { startedAt: { from: FROM, until: null } },
  ...{ format: 'JSONL', fields: ['id', 'startedAt', 'caller', 'callee'] },
}

export const askerOf = (store: Store, change: Partial<WorkspaceExportsOptions> = {}): WorkspaceExports =>
  new WorkspaceExports({
    ...{ store, clock: standing(), limits: LIMITS, workspace: 'default', accounts: [KEY], own: null, caller: 'tester' },
    ...{ mayReadRaw: true, onCreated: () => {} },
    inTurn: (work) => work(),
    ...change,
  })

/** Asks for an export; gives its id. */
export async function ask(
  store: Store,
  asked: Partial<AskedExport> = {},
  change: Partial<WorkspaceExportsOptions> = {},
): Promise<string> {
  const outcome = await askerOf(store, change).create({ ...ASKED, ...asked })
  if (!('stored' in outcome)) throw new Error(JSON.stringify(outcome.problems))
  return outcome.stored.id
}

/** What a download of an export gives, and what is said of it. */
export async function made(store: Store, id: string) {
  const stored = (await store.storedExport(id))!
  const file = exportFile(stored, store)
  const parts: Buffer[] = []
  if (file) for await (const part of file.read(0, file.bytes - 1)) parts.push(part)
  const { records, chunks, reached, gaps, error } = stateOf(stored)
  return {
    ...{ status: stored.status, bytes: Buffer.concat(parts), sha256: file?.sha256 ?? null },
    ...{ records, chunks, reached, gaps, error },
  }
}
