import type { Loaders } from '../loaders/loaders.js'
import type { ConnectedAccount, Operation } from '../providers/account.js'
import type { Recording } from '../model/call-record.js'
import type { LinkDisposition, SignedLink } from '../model/signed-link.js'
import type { LinkRequest, Provider } from '../providers/provider.js'
import type { CursorSigner } from '../loaders/cursor.js'
import type { AccountUserError } from './types/account-link.js'
import type { PrefetchDecision } from './prefetch/prefetch.js'

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

/** What a new account is said to be. */
export interface NewAccount {
  readonly provider: string
  readonly key: string
  readonly label: string
  readonly urls?: unknown
}

/** Either what was asked for, or what the caller has to change first. */
export type Outcome<T> = T | { readonly userErrors: readonly AccountUserError[] }

/** Links and unlinks accounts of the viewer's workspace; one such call in one operation. */
export interface AccountLinks {
  begin(
    asked: Partial<NewAccount> & {
      readonly accountId?: string
      readonly clientId?: string
      readonly clientSecret?: string
    },
  ): Promise<Outcome<{ readonly authorizeUrl: string; readonly expiresAt: string | null }>>
  link(asked: NewAccount & LinkRequest): Promise<Outcome<{ readonly account: ConnectedAccount }>>
  unlink(accountId: string): Promise<Outcome<object>>
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
  /** Absent where accounts are those of the configuration and no others. */
  readonly accountLinks?: AccountLinks
  /** The link that begins an account's login, made for this viewer; absent where the account's own link is good for everyone. */
  readonly authorizeUrl?: (accountKey: string) => string
  /** Takes what was decided about lists that might be begun ahead of their fields; absent where nobody wants to know. */
  readonly prefetch?: PrefetchDecision[]
  /** Hears of failures of our own that an answer only hints at, because the rest of it stands. */
  readonly onDefect?: (error: unknown) => void
}
