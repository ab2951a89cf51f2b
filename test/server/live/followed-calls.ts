import { createClient, type Client } from 'graphql-sse'

import { providers } from '../../../src/providers/index.js'
import { startSandbox } from '../../../src/sandbox.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'
import type { Store } from '../../../src/store/store.js'
import { memoryStore } from '../../../src/store/memory.js'

interface Settings {
  readonly store?: Store
  readonly callers?: object
  /** Pages that may call. */
  readonly origins?: readonly string[]
  /** Default: Bulutfon. */
  readonly provider?: string
  /** `live` of the account; default: its webhook is open. */
  readonly live?: object
  readonly workspace?: string
  /** `live` of accounts that are linked later. */
  readonly defaults?: object
}

/** One account, `izmir`, whose calls are followed, as its provider and a screen see the server. */
export async function followCalls({
  store = memoryStore(),
  callers,
  origins = [],
  provider = 'bulutfon',
  live = { webhook: true },
  workspace = 'default',
  defaults,
}: Settings = {}) {
  const sandbox = await startSandbox(providers, { scale: 0.05 })
  const account = sandbox.accounts.find((one) => one.provider === provider)
  const logLines: string[] = []
  const open = async () =>
    startServer(
      checkConfig(
        {
          server: { port: 0, cors: { origins } },
          store: { url: 'memory:' },
          ...(callers && { callers }),
          ...(defaults && { accountDefaults: { live: defaults } }),
          accounts: [{ ...account, id: 'izmir', live, workspace }],
        },
        providers,
        { environment: {} },
      ),
      { providers, log: createLog({ write: (line: string) => void logLines.push(line) }), store },
    )
  const server = await open()

  async function ask<T>(query: string, variables = {}, headers = {}): Promise<T> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as T
  }

  /** Subscribes over server-sent events; events come in the order in which they are delivered. */
  function subscribe(query: string, variables = {}, headers: Record<string, string> = {}) {
    const client: Client = createClient({ url: `${server.url}/graphql`, headers, retryAttempts: 0 })
    const events = client.iterate<Record<string, never>>({ query, variables })
    return {
      /** The next `count` results. */
      async next<T>(count: number): Promise<T[]> {
        const results: T[] = []
        while (results.length < count) {
          const { value, done } = await events.next()
          if (done) break
          results.push(value as T)
        }
        return results
      },
      end: () => events.return?.(),
    }
  }

  return {
    server,
    sandbox,
    logLines,
    ask,
    subscribe,
    async deliver(url: string, body: object): Promise<number> {
      const { status } = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return status
    },
    async close() {
      await server.close()
      await sandbox.close()
    },
  }
}
