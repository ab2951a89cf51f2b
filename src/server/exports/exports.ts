import { setTimeout as passed } from 'node:timers/promises'

import { ServiceUnavailable } from '../../errors.js'
import { Exports } from '../../exports/exports.js'
import type { ExportServices } from '../../exports/export-services.js'
import { WorkspaceExports } from '../../exports/workspace-exports.js'
import type { Context } from '../../graphql/context.js'
import { displayNumberOf, labelOf, labelOfParty } from '../../graphql/label.js'
import { seesOwnOnly } from '../../graphql/scope.js'
import { cursorSigner } from '../../loaders/cursor.js'
import type { Destination } from '../../loaders/edges/destination.js'
import { createLoaders } from '../../loaders/loaders.js'
import { ownAccount } from '../../loaders/own/own-account.js'
import { keysFor } from '../../signed-text.js'
import { orUnavailable } from '../../store/reachable.js'
import type { ExportStore } from '../../store/export-store.js'
import type { Leases } from '../../writes/held-lease.js'
import { Turns } from '../../writes/turns.js'
import type { AccountRegistry } from '../accounts/registry.js'
import type { Caller } from '../callers/caller.js'
import type { Limits } from '../config/limits.js'
import type { IsStillAuthorized } from '../callers/authentication.js'
import { exportLinkSigner, type ExportLinkOptions } from '../links/export-links.js'
import type { Log } from '../observing/log.js'
import type { ExportMetrics } from '../observing/metrics-exports.js'
import type { RequestObserver } from '../observing/request-observation.js'
import { requestsUnderWay } from '../web/requests-under-way.js'
import type { Routes } from '../web/routes.js'
import { exportRoute } from './route.js'

export interface CallExportsOptions
  extends Pick<ExportServices, 'store' | 'clock' | 'onTrouble' | 'onMaking'>, Pick<ExportLinkOptions, 'publicUrl'> {
  readonly limits: Limits
  readonly metrics: ExportMetrics
  readonly log: Log
  readonly isStillAuthorized: IsStillAuthorized
  /** A function: what needs this is made before the accounts are. */
  readonly registry: () => AccountRegistry
  readonly signingKeys: readonly Buffer[]
}

/** Exports of this server, for every operation of this process, and the route that serves their files. */
export interface CallExports extends Routes {
  /** To be called with every request: while clients wait for answers, exports do. */
  readonly observe: RequestObserver
  /** What a context has of them, for its caller. */
  contextOf(caller: Caller, accounts: ReadonlyMap<string, unknown>): Pick<Context, 'exports' | 'exportLink'>
  /** Begins to make files. */
  open(): void
  close(): Promise<void>
}

export function callExports({ registry, signingKeys, publicUrl, ...options }: CallExportsOptions): CallExports {
  const { store, clock, limits, log, metrics, isStillAuthorized } = options
  const links = exportLinkSigner({ signingKeys, clock, publicUrl })
  const underWay = requestsUnderWay()
  const onDefect = (error: unknown) => log.defect(null, error)
  // The walk needs a signer; nobody is given what it signs.
  const cursors = cursorSigner(...keysFor('dialgraph exports', signingKeys))
  const walkLimits = { ...limits, providerRequestsPerOperation: Infinity }
  const exports = new Exports({
    ...{ store, clock, limits: limits.exports, label: labelOfParty, describe, onTrouble: options.onTrouble },
    onMaking: options.onMaking,
    pause: (milliseconds, signal) => passed(milliseconds, undefined, { signal, ref: false }).catch(() => {}),
    ...{ isBusy: () => underWay.count() > 0, onEnd: metrics.exportEnd, onWritten: metrics.exportWritten },
    accountsOf: (workspace) => registry().ofWorkspace(workspace),
    loadersOf({ workspace, own, accounts, operation }) {
      const account = own && accounts.get(own.accountKey)
      const seen = own ? new Map(account ? [[account.key, ownAccount(account, own.number)]] : []) : accounts
      return createLoaders(seen, operation, walkLimits, { workspace, cursors, onDefect, own }, clock.now)
    },
  })
  const reachable = orUnavailable<ExportStore>(store, METHODS, UNAVAILABLE)
  const turns = new Turns(orUnavailable<Leases>(store, { lease: true, prolong: true, release: true }, UNAVAILABLE))
  const inTurnOf = async <T>(workspace: string, work: () => Promise<T>): Promise<T> => {
    const taken = await turns.take(`exports of ${workspace}`, AbortSignal.timeout(limits.operationTimeoutMs), work)
    if (!taken) throw new ServiceUnavailable(UNAVAILABLE)
    return taken.done
  }
  return {
    contextOf: (caller, accounts) => ({
      exports: new WorkspaceExports({
        ...{ store: reachable, clock, limits: limits.exports, workspace: caller.viewer.workspace },
        accounts: [...accounts.keys()],
        own: seesOwnOnly(caller.viewer.scopes) ? (caller.viewer.extension ?? NOBODY) : null,
        caller: caller.identity ?? 'local',
        inTurn: (work) => inTurnOf(caller.viewer.workspace, work),
        mayReadRaw: caller.viewer.scopes.has('telephony:raw'),
        onCreated: () => exports.wake(),
      }),
      exportLink: (stored) => links.sign(stored, caller),
    }),
    ...exportRoute({ links, store, isStillAuthorized, limits, log }),
    observe: underWay.observe,
    open: () => exports.open(),
    close: () => exports.close(),
  }
}

const describe = (object: Destination) => ({
  label: labelOf(object),
  ...(object.__typename !== 'Group' && { displayNumber: displayNumberOf(object) }),
})

const UNAVAILABLE = 'Exports cannot be read or made now. Try again later.'

/** The extension of a caller that is bound to none: there is no such account. */
const NOBODY = { accountKey: '', number: '' }

const METHODS = {
  createExport: true,
  exportOfRequest: true,
  storedExport: true,
  runningExports: true,
  countExports: true,
  changeExport: true,
  exportChunks: true,
  exportChunk: true,
  expireExports: true,
  forgetExports: true,
  forgetAccountExports: true,
} satisfies Record<keyof ExportStore, true>
