import { randomBytes } from 'node:crypto'

import type { Clock } from '../clock.js'
import type { Context, Viewer } from '../graphql/context.js'
import { cursorSigner } from '../loaders/cursor.js'
import { createLoaders } from '../loaders/loaders.js'
import type { Operation } from '../providers/account.js'
import type { Provider } from '../providers/provider.js'
import type { accountLinking } from './account-linking.js'
import type { AccountRegistry } from './account-registry.js'
import { IMPLICIT_WORKSPACE, type Config } from './config.js'
import { SCOPES } from './config-schema.js'
import type { Log } from './log.js'
import type { RecordingLinkSigner } from './recording-links.js'

/** On loopback without `callers` everyone who can reach this server is its owner. */
const IMPLICIT_VIEWER: Viewer = { name: null, workspace: IMPLICIT_WORKSPACE, scopes: new Set(SCOPES) }

export interface ContextServices {
  readonly providers: readonly Provider[]
  readonly clock: Clock
  readonly log: Log
  readonly links: RecordingLinkSigner
  readonly linking: ReturnType<typeof accountLinking>
}

/** Makes the context of one request. Nothing in it outlives the request but the accounts, and of those only the viewer's workspace's. */
export function contextFactory(
  { cursorKey, limits }: Config,
  registry: AccountRegistry,
  { providers, clock, log, links, linking }: ContextServices,
): (operation: Operation) => Context {
  const viewer = IMPLICIT_VIEWER
  const cursors = cursorSigner(cursorKey ?? randomBytes(32))
  const recordingLinks = links.linksOf(viewer.workspace)
  return (operation) => {
    const accounts = registry.of(viewer.workspace)
    const accountLinks = linking(viewer, operation)
    const onDefect = (error: unknown) => log.defect(operation.requestId, error)
    const callLog = { workspace: viewer.workspace, cursors, onDefect }
    const loaders = createLoaders(accounts, operation, limits, callLog, clock.now)
    return { viewer, operation, providers, accounts, loaders, cursors, limits, recordingLinks, accountLinks, onDefect }
  }
}
