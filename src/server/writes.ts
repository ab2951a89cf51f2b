import type { Context } from '../graphql/context.js'
import type { LiveCalls } from '../live/live-calls.js'
import type { Loaders } from '../loaders/loaders.js'
import type { Operation } from '../operation.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Store } from '../store/store.js'
import { perform } from '../writes/mutation.js'
import { reachableStore } from '../writes/reachable-store.js'
import { Writer } from '../writes/writer.js'
import { WrittenAccounts } from '../writes/written-accounts.js'
import type { AccountRegistry } from './accounts/registry.js'
import type { Caller } from './callers/caller.js'
import type { Clock } from '../clock.js'

export interface WritesOptions {
  readonly store: Store
  readonly clock: Clock
  readonly live: Pick<LiveCalls, 'tail'>
  /** A function: what needs this is made before the accounts are. */
  readonly registry: () => AccountRegistry
  readonly limits: { readonly operationTimeoutMs: number }
  readonly onTrouble: (error: unknown) => void
  /** Called with what became of each change. */
  readonly onChange: (provider: string, operation: string, outcome: string) => void
}

/** Writes to providers, for every operation of this process. */
export interface ProviderWrites {
  /** What a context has of them, for its caller. */
  contextOf(
    caller: Caller,
    operation: Operation,
    accounts: ReadonlyMap<string, ConnectedAccount>,
    loaders: Loaders,
  ): Pick<Context, 'write' | 'changes'>
  /** Begins to hear of what other processes write. */
  open(): void
  /** Resolves when what was sent has its record. */
  close(): Promise<void>
}

export function providerWrites(options: WritesOptions): ProviderWrites {
  const { store, clock, live, registry, limits, onTrouble } = options
  const forget = (key: string, nouns?: readonly string[]) => registry().served(key)?.clearCache(nouns)
  const written = new WrittenAccounts({ log: store, tail: live.tail, clock, forget, onTrouble })
  const record = reachableStore(store)
  const writer = new Writer({
    ...{ store: record, clock, onTrouble },
    tell: (write) => written.tell(write),
    onChange({ account, operation }, outcome) {
      const slug = registry().served(account)?.provider.slug
      if (slug) options.onChange(slug, operation, outcome)
    },
  })
  return {
    contextOf: ({ viewer, identity, subject }, operation, accounts, loaders) => ({
      changes: record,
      write: (mutation) =>
        perform(mutation, {
          ...{ writer, clock, limits, operation, openFor: (account, reader) => loaders.openFor(account, reader) },
          workspace: viewer.workspace,
          accounts: registry().ofWorkspace(viewer.workspace),
          bound: viewer.extension,
          caller: identity ?? ONLY_CALLER,
          actor: subject ?? viewer.name ?? ONLY_CALLER,
          dropCached: ({ key }, nouns) => forget(key, nouns),
          forget({ key }) {
            operation.reads.clear()
            const shown = accounts.get(key)
            if (shown) loaders.join(shown)
          },
        }),
    }),
    open: () => written.open(),
    async close() {
      await writer.settle()
      await written.close()
    },
  }
}

/** The caller of a server without `callers`: whoever reaches it on loopback. */
const ONLY_CALLER = 'local'
