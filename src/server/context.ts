import type { Clock } from '../clock.js'
import type { Context, PrefetchDecision } from '../graphql/context.js'
import { seesOwnOnly } from '../graphql/scope.js'
import { ArchiveLoader } from '../loaders/archive/archive-loader.js'
import { StatisticsLoader, type StatisticsWork } from '../loaders/statistics/statistics-loader.js'
import { statisticsReads } from '../loaders/statistics/statistics-reads.js'
import type { StatisticsReads } from '../statistics/account-statistics.js'
import { archiveReads, type ArchiveReads } from '../loaders/archive/archive-reads.js'
import { cursorSigner, cursorsWithin, sealedCursorSigner, type CursorSigner } from '../loaders/cursor.js'
import { createLoaders, type BoundExtension, type Loaders } from '../loaders/loaders.js'
import { LiveCallLoader } from '../loaders/live/live-call-loader.js'
import { ownAccount } from '../loaders/own/own-account.js'
import type { LiveCalls } from '../live/live-calls.js'
import type { Operation } from '../operation.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Provider } from '../providers/provider.js'
import { keysFor } from '../signed-text.js'
import type { accountLinking } from './accounts/linking.js'
import type { JoinedAccount } from './accounts/connect-account.js'
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

/** What the contexts of all operations share. */
interface Shared extends ContextServices {
  readonly config: Config
  readonly registry: AccountRegistry
  readonly archives: ReturnType<typeof archiveReads>
  readonly sums: ReturnType<typeof statisticsReads>
  readonly signer: CursorSigner
  readonly sealed: CursorSigner
}

/**
 * Makes the context of one operation. Only the accounts outlive it, and it has none but those of
 * the caller's workspace.
 */
export function contextFactory(
  config: Config,
  registry: AccountRegistry,
  services: ContextServices,
): (operation: Operation, caller: Caller) => Context {
  const keys = keysFor('dialgraph cursors', config.signingKeys)
  const shared: Shared = {
    ...{ ...services, config, registry },
    ...{ archives: archiveReads(services.store), sums: statisticsReads(services.store) },
    ...{ signer: cursorSigner(...keys), sealed: sealedCursorSigner(...keys) },
  }
  return (operation, caller) => new OperationContext(shared, operation, caller)
}

/**
 * What an operation uses. Most of it is used by few operations, and made for those alone. Nothing is
 * private to JavaScript: Apollo Server clones a context, and a clone has no such members.
 */
class OperationContext implements Context {
  readonly viewer
  readonly operation
  readonly providers
  readonly accounts
  readonly cursors
  readonly limits
  readonly onDefect
  readonly statisticsWork: StatisticsWork[] | undefined
  readonly prefetch: PrefetchDecision[] | undefined
  readonly authorizeUrl: Context['authorizeUrl']
  private readonly shared: Shared
  private readonly caller: Caller
  private readonly own: BoundExtension | null
  private readonly ofWorkspace: ReadonlyMap<string, JoinedAccount>
  private madeLoaders: Loaders | null = null
  private madeLiveCalls: LiveCallLoader | null = null
  private madeArchive: ArchiveLoader | null = null
  private madeStatistics: StatisticsLoader | null = null
  private madeLinks: Pick<Context, 'recordingLinks' | 'accountLinks'> | null = null
  private madeWrites: Pick<Context, 'write' | 'changes'> | null = null
  private madeExports: Pick<Context, 'exports' | 'exportLink'> | null = null

  constructor(shared: Shared, operation: Operation, caller: Caller) {
    const { config, registry, providers, log, connectLinks } = shared
    const { viewer, identity } = caller
    const { extension } = viewer
    const ownOnly = seesOwnOnly(viewer.scopes)
    this.shared = shared
    this.caller = caller
    this.own = ownOnly ? extension : null
    this.ofWorkspace = registry.ofWorkspace(viewer.workspace)
    this.viewer = viewer
    this.operation = operation
    this.providers = providers
    this.limits = config.limits
    this.accounts = ownOnly ? accountOf(extension, this.ofWorkspace) : this.ofWorkspace
    this.cursors = ownOnly ? cursorsWithin(JSON.stringify(extension), shared.sealed) : shared.signer
    this.onDefect = (error: unknown) => log.defect(operation.requestId, error)
    this.statisticsWork = operation.journal ? [] : undefined
    this.prefetch = operation.journal ? [] : undefined
    const mayConnect = connectLinks.needTickets && viewer.scopes.has('accounts:manage')
    this.authorizeUrl = mayConnect ? (key) => connectLinks.to(this.found(key)!.login.key, identity).url : undefined
  }

  get loaders(): Loaders {
    if (this.madeLoaders) return this.madeLoaders
    const { accounts, operation, limits, cursors, onDefect, own } = this
    const { workspace } = this.viewer
    const callLog = { workspace, cursors, onDefect, own }
    return (this.madeLoaders = createLoaders(accounts, operation, limits, callLog, this.shared.clock.now))
  }

  get liveCalls(): LiveCallLoader {
    const { operation, cursors } = this
    const { live } = this.shared
    const { workspace } = this.viewer
    return (this.madeLiveCalls ??= new LiveCallLoader({ live, operation, cursors, workspace, own: this.own }))
  }

  get archive(): ArchiveLoader {
    const { archives: store, live, clock, config, registry } = this.shared
    const { loaders, cursors } = this
    const { workspace } = this.viewer
    return (this.madeArchive ??= new ArchiveLoader({
      ...{ store, tail: live.tail, loaders, cursors, now: clock.now, timeoutMs: config.limits.operationTimeoutMs },
      ...{ workspace, own: this.own, accounts: () => registry.ofWorkspace(workspace) },
    }))
  }

  get statistics(): StatisticsLoader {
    const { sums: store, clock, onStatistics } = this.shared
    const { loaders, operation } = this
    const onWork = (work: StatisticsWork) => {
      onStatistics(work)
      this.statisticsWork?.push(work)
    }
    return (this.madeStatistics ??= new StatisticsLoader({
      ...{ store, loaders, operation, own: this.own, now: clock.now, onWork },
    }))
  }

  get recordingLinks() {
    return this.linksOf().recordingLinks
  }

  get accountLinks() {
    return this.linksOf().accountLinks
  }

  get write() {
    return this.writesOf().write
  }

  get changes() {
    return this.writesOf().changes
  }

  get exports() {
    return this.exportsOf().exports
  }

  get exportLink() {
    return this.exportsOf().exportLink
  }

  readonly webhook = (key: string) => this.shared.webhooks.endpointOf(this.found(key))

  private linksOf() {
    const { links, linking } = this.shared
    return (this.madeLinks ??= {
      recordingLinks: links.linksOf(this.caller),
      accountLinks: linking(this.caller, this.operation),
    })
  }

  private writesOf() {
    const { operation, accounts, loaders } = this
    return (this.madeWrites ??= this.shared.writes.contextOf(this.caller, operation, accounts, loaders))
  }

  private exportsOf() {
    return (this.madeExports ??= this.shared.exports.contextOf(this.caller, this.accounts))
  }

  /** An account that is linked within this operation is not in what was found before. */
  private found(key: string): JoinedAccount | undefined {
    return this.ofWorkspace.get(key) ?? this.shared.registry.ofWorkspace(this.viewer.workspace).get(key)
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
