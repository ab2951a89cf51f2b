import type { Emulator } from '../../../src/emulator/emulator.js'
import { providers } from '../../../src/providers/index.js'
import { startSandbox } from '../../../src/sandbox.js'
import { checkConfig } from '../../../src/server/config/config.js'
import type { ExecutorKind } from '../../../src/graphql/execution/executor.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer, type ServerOptions } from '../../../src/server/server.js'
import { memoryStore } from '../../../src/store/memory.js'

/** A response as it was sent. */
export interface RawAnswer {
  readonly status: number
  readonly type: string | null
  /** All but the moment. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Servers that differ in one option, over the same emulators, with one clock that stands still until it is moved. */
export interface Twins<Name extends string> {
  readonly emulators: ReadonlyMap<string, Emulator>
  ask(
    name: Name,
    query: string,
    variables?: object,
    more?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<RawAnswer>
  /** Time passes for the servers, and not for the providers. */
  advance(seconds: number): void
  /** The provider requests since the last call, without logins, sorted. */
  requests(): string[]
  close(): Promise<void>
}

const NOW = Date.parse('2026-02-11T09:00:00Z')
/** The keys that sign cursors and links are derived from this one. */
const KEY = Buffer.alloc(32, 7).toString('base64')

/** `options`: the further options of each server. */
export async function startTwins<Name extends string>(
  options: Readonly<Record<Name, Partial<ServerOptions>>>,
  {
    limits = {},
    callers,
    server = {},
  }: { readonly limits?: object; readonly callers?: object; readonly server?: object } = {},
): Promise<Twins<Name>> {
  const sandbox = await startSandbox(providers, { scale: 0.02, seed: 1, now: NOW })
  let moved = 0
  const clock = { now: () => NOW + moved, monotonic: () => 3_600_000 + moved }
  // One store: a login renewed by one server is used by the other as well.
  const store = memoryStore(clock.monotonic)
  const config = checkConfig(
    {
      server: { port: 0, publicUrl: 'http://127.0.0.1:4000', ...server },
      store: { url: 'memory:', encryptionKeys: [KEY] },
      limits: { cacheBytes: 0, operationTimeoutMs: 60_000, ...limits },
      ...(callers && { callers }),
      accounts: sandbox.accounts,
    },
    providers,
    { environment: {} },
  )
  const log = createLog({ write: () => {} })
  const started = await Promise.all(
    Object.entries<Partial<ServerOptions>>(options).map(
      async ([name, more]) => [name, await startServer(config, { providers, log, clock, store, ...more })] as const,
    ),
  )
  const servers = new Map(started)
  return {
    emulators: sandbox.emulators,
    async ask(name, query, variables = {}, more = {}, headers = {}) {
      const response = await fetch(`${servers.get(name)!.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-id': 'the-same', ...headers },
        body: JSON.stringify({ query, variables, ...more }),
      })
      const { date: _, ...others } = Object.fromEntries(response.headers)
      const type = response.headers.get('content-type')
      return { status: response.status, type, headers: others, text: await response.text() }
    },
    advance(seconds) {
      moved += seconds * 1000
    },
    requests() {
      const asked = [...sandbox.emulators].flatMap(([slug, { journal }]) => {
        const lines = journal.apiRequests.map(({ method, path, query }) =>
          [slug, method, path, JSON.stringify(query)].join(' '),
        )
        journal.clear()
        return lines
      })
      return asked.sort()
    },
    async close() {
      for (const server of servers.values()) await server.close()
      await sandbox.close()
    },
  }
}

export type { ExecutorKind }
