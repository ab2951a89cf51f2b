import type { Loaders } from '../loaders/loaders.js'
import type { ConnectedAccount, Operation } from '../providers/account.js'
import type { Recording } from '../model/call-record.js'
import type { LinkDisposition, SignedLink } from '../model/signed-link.js'
import type { Provider } from '../providers/provider.js'
import type { CursorSigner } from '../loaders/cursor.js'

/** Who asks, as far as they have proved it. */
export interface Viewer {
  readonly name: string | null
  readonly workspace: string
  readonly scopes: ReadonlySet<string>
}

/** Makes the links under which recordings are served. */
export interface RecordingLinks {
  /** Null when this recording cannot be served. */
  sign(
    recording: Recording,
    options: { readonly expiresInSeconds: number; readonly disposition: LinkDisposition },
  ): Promise<SignedLink | null>
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
  readonly limits: {
    readonly pageSize: number
    readonly detailConcurrency: number
    readonly providerRequestsPerOperation: number
  }
  /** Absent where this server does not serve recordings. */
  readonly recordingLinks?: RecordingLinks
  /** Hears of failures of our own that an answer only hints at, because the rest of it stands. */
  readonly onDefect?: (error: unknown) => void
}
