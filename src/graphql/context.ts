import type { Loaders } from '../loaders/loaders.js'
import type { ConnectedAccount, Operation } from '../providers/account.js'
import type { Provider } from '../providers/provider.js'
import type { CursorSigner } from '../loaders/cursor.js'

/** Who asks, as far as they have proved it. */
export interface Viewer {
  readonly name: string | null
  readonly workspace: string
  readonly scopes: ReadonlySet<string>
}

/** All a resolver may use; made anew for every request. */
export interface Context {
  readonly viewer: Viewer
  readonly operation: Operation
  /** Every supported provider. */
  readonly providers: readonly Provider[]
  /** The accounts of the viewer's workspace, in the order of the configuration; there are no others here. */
  readonly accounts: ReadonlyMap<string, ConnectedAccount>
  readonly loaders: Loaders
  readonly cursors: CursorSigner
  readonly limits: { readonly pageSize: number; readonly detailConcurrency: number; readonly providerRequestsPerOperation: number }
}
