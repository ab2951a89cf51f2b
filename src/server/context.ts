import type { Clock } from '../clock.js'
import type { Context } from '../graphql/context.js'
import { cursorSigner } from '../loaders/cursor.js'
import { createLoaders } from '../loaders/loaders.js'
import type { Operation } from '../operation.js'
import type { Provider } from '../providers/provider.js'
import { keysFor } from '../signed-text.js'
import type { accountLinking } from './accounts/linking.js'
import type { AccountRegistry } from './accounts/registry.js'
import type { Caller } from './callers/caller.js'
import type { Config } from './config/config.js'
import type { ConnectLinks } from './links/connect-links.js'
import type { RecordingLinkSigner } from './links/recording-links.js'
import type { Log } from './observing/log.js'

export interface ContextServices {
  readonly providers: readonly Provider[]
  readonly clock: Clock
  readonly log: Log
  readonly links: RecordingLinkSigner
  readonly connectLinks: ConnectLinks
  readonly linking: ReturnType<typeof accountLinking>
}

/**
 * Makes the context of one operation. Only the accounts outlive it, and it has none but those of
 * the caller's workspace.
 */
export function contextFactory(
  { signingKeys, limits }: Config,
  registry: AccountRegistry,
  { providers, clock, log, links, connectLinks, linking }: ContextServices,
): (operation: Operation, caller: Caller) => Context {
  const cursors = cursorSigner(...keysFor('dialgraph cursors', signingKeys))
  return (operation, caller) => {
    const { viewer, identity } = caller
    const accounts = registry.ofWorkspace(viewer.workspace)
    const onDefect = (error: unknown) => log.defect(operation.requestId, error)
    const callLog = { workspace: viewer.workspace, cursors, onDefect }
    const loaders = createLoaders(accounts, operation, limits, callLog, clock.now)
    const mayConnect = connectLinks.needTickets && viewer.scopes.has('accounts:manage')
    return {
      viewer,
      operation,
      providers,
      accounts,
      loaders,
      cursors,
      limits,
      onDefect,
      prefetch: operation.journal ? [] : undefined,
      recordingLinks: links.linksOf(caller),
      accountLinks: linking(caller, operation),
      authorizeUrl: mayConnect
        ? (key: string) => connectLinks.to(accounts.get(key)!.login.key, identity).url
        : undefined,
    }
  }
}
