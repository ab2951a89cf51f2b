import type { Clock } from '../clock.js'
import type { Context } from '../graphql/context.js'
import { seesOwnOnly } from '../graphql/scope.js'
import { ArchiveLoader } from '../loaders/archive/archive-loader.js'
import { StatisticsLoader, type StatisticsWork } from '../loaders/statistics/statistics-loader.js'
import { statisticsReads } from '../loaders/statistics/statistics-reads.js'
import type { StatisticsReads } from '../statistics/account-statistics.js'
import { archiveReads, type ArchiveReads } from '../loaders/archive/archive-reads.js'
import { cursorSigner, cursorsWithin, sealedCursorSigner } from '../loaders/cursor.js'
import { createLoaders, type BoundExtension } from '../loaders/loaders.js'
import { LiveCallLoader } from '../loaders/live/live-call-loader.js'
import { ownAccount } from '../loaders/own/own-account.js'
import type { LiveCalls } from '../live/live-calls.js'
import type { Operation } from '../operation.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Provider } from '../providers/provider.js'
import { keysFor } from '../signed-text.js'
import type { accountLinking } from './accounts/linking.js'
import type { AccountRegistry } from './accounts/registry.js'
import type { Caller } from './callers/caller.js'
import type { Config } from './config/config.js'
import type { CallExports } from './exports/exports.js'
import type { ConnectLinks } from './links/connect-links.js'
import type { RecordingLinkSigner } from './links/recording-links.js'
import type { Log } from './observing/log.js'
import type { Webhooks } from './webhooks/webhooks.js'
import type { ProviderWrites } from './writes.js'

export interface ContextServices {
  readonly providers: readonly Provider[]
  readonly clock: Clock
  readonly log: Log
  readonly links: RecordingLinkSigner
  readonly connectLinks: ConnectLinks
  readonly linking: ReturnType<typeof accountLinking>
  readonly webhooks: Pick<Webhooks, 'endpointOf'>
  readonly live: LiveCalls
  readonly store: ArchiveReads & StatisticsReads
  /** Called with what statistics of an account took. */
  readonly onStatistics: (work: StatisticsWork) => void
  readonly writes: Pick<ProviderWrites, 'contextOf'>
  readonly exports: Pick<CallExports, 'contextOf'>
}

/**
 * Makes the context of one operation. Only the accounts outlive it, and it has none but those of
 * the caller's workspace.
 */
export function contextFactory(
  { signingKeys, limits }: Config,
  registry: AccountRegistry,
  services: ContextServices,
): (operation: Operation, caller: Caller) => Context {
  const { providers, clock, log, live, store, writes, exports, onStatistics } = services
  const { links, connectLinks, linking, webhooks } = services
  const archives = archiveReads(store)
  const sums = statisticsReads(store)
  const keys = keysFor('dialgraph cursors', signingKeys)
  const [signer, sealed] = [cursorSigner(...keys), sealedCursorSigner(...keys)]
  return (operation, caller) => {
    const { viewer, identity } = caller
    const { extension } = viewer
    const ownOnly = seesOwnOnly(viewer.scopes)
    const ofWorkspace = registry.ofWorkspace(viewer.workspace)
    const accounts = ownOnly ? accountOf(extension, ofWorkspace) : ofWorkspace
    // An account that is linked within this operation is not in what was found before.
    const found = (key: string) => ofWorkspace.get(key) ?? registry.ofWorkspace(viewer.workspace).get(key)
    const cursors = ownOnly ? cursorsWithin(JSON.stringify(extension), sealed) : signer
    const onDefect = (error: unknown) => log.defect(operation.requestId, error)
    const callLog = { workspace: viewer.workspace, cursors, onDefect, own: ownOnly ? extension : null }
    const loaders = createLoaders(accounts, operation, limits, callLog, clock.now)
    const mayConnect = connectLinks.needTickets && viewer.scopes.has('accounts:manage')
    const statisticsWork: StatisticsWork[] | undefined = operation.journal ? [] : undefined
    const onWork = (work: StatisticsWork) => {
      onStatistics(work)
      statisticsWork?.push(work)
    }
    return {
      viewer,
      operation,
      providers,
      accounts,
      loaders,
      cursors,
      limits,
      onDefect,
      liveCalls: new LiveCallLoader({ live, operation, cursors, workspace: viewer.workspace, own: callLog.own }),
      archive: new ArchiveLoader({
        ...{ store: archives, tail: live.tail, loaders, cursors, now: clock.now, timeoutMs: limits.operationTimeoutMs },
        ...{ workspace: viewer.workspace, own: callLog.own },
        accounts: () => registry.ofWorkspace(viewer.workspace),
      }),
      statistics: new StatisticsLoader({ store: sums, loaders, operation, own: callLog.own, now: clock.now, onWork }),
      statisticsWork,
      prefetch: operation.journal ? [] : undefined,
      recordingLinks: links.linksOf(caller),
      accountLinks: linking(caller, operation),
      ...writes.contextOf(caller, operation, accounts, loaders),
      ...exports.contextOf(caller, accounts),
      webhook: (key) => webhooks.endpointOf(found(key)),
      authorizeUrl: mayConnect ? (key: string) => connectLinks.to(found(key)!.login.key, identity).url : undefined,
    }
  }
}

/** The one account of an extension, as that extension may know it; none where there is no such account. */
function accountOf(
  extension: BoundExtension | null,
  accounts: ReadonlyMap<string, ConnectedAccount>,
): ReadonlyMap<string, ConnectedAccount> {
  const account = extension ? accounts.get(extension.accountKey) : undefined
  return new Map(account && extension ? [[account.key, ownAccount(account, extension.number)]] : [])
}
