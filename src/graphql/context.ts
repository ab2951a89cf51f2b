import type { BoundExtension, Loaders } from '../loaders/loaders.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Operation } from '../operation.js'
import type { Recording } from '../model/call-record.js'
import type { EdgeField, ListName } from '../model/request-fields.js'
import type { LinkDisposition, SignedLink } from '../model/signed-link.js'
import type { WebhookEndpoint } from '../model/webhook-endpoint.js'
import type { LinkRequest, Provider } from '../providers/provider.js'
import type { WorkspaceExports } from '../exports/workspace-exports.js'
import type { CursorSigner } from '../loaders/cursor.js'
import type { ArchiveLoader } from '../loaders/archive/archive-loader.js'
import type { StatisticsLoader, StatisticsWork } from '../loaders/statistics/statistics-loader.js'
import type { LiveCallLoader } from '../loaders/live/live-call-loader.js'
import type { StoredExport } from '../exports/state.js'
import type { ChangeRecord } from '../writes/change-record.js'
import type { Mutation } from '../writes/mutation.js'
import type { Written } from '../writes/write.js'
import { CapabilityUnsupported } from '../errors.js'
import type { AccountUserError } from './types/account-link.js'

/** The authenticated caller. */
export interface Viewer {
  readonly name: string | null
  readonly workspace: string
  readonly scopes: ReadonlySet<string>
  /** The extension the caller is bound to; null for one that is nobody's. */
  readonly extension: BoundExtension | null
}

/** Makes the links under which recordings are served. */
export interface RecordingLinks {
  /** Null when this recording cannot be served. */
  sign(
    recording: Recording,
    options: { readonly expiresInSeconds: number; readonly disposition: LinkDisposition },
  ): Promise<SignedLink | null>
}

/** The account to be linked, as the caller describes it. */
export interface NewAccount {
  readonly provider: string
  readonly key: string
  readonly label: string
  readonly urls?: unknown
}

/** The result, or what the caller has to change first. */
export type OrUserErrors<T> = T | { readonly userErrors: readonly AccountUserError[] }

/** Links and unlinks accounts of the viewer's workspace; one such call in one operation. */
export interface AccountLinks {
  begin(
    request: Partial<NewAccount> & {
      readonly accountId?: string
      readonly clientId?: string
      readonly clientSecret?: string
    },
  ): Promise<OrUserErrors<{ readonly authorizeUrl: string; readonly expiresAt: string | null }>>
  link(request: NewAccount & LinkRequest): Promise<OrUserErrors<{ readonly account: ConnectedAccount }>>
  unlink(accountId: string): Promise<OrUserErrors<object>>
  /** The account comes with user errors where its login failed again. */
  retry(
    accountId: string,
  ): Promise<OrUserErrors<{ readonly account: ConnectedAccount; readonly userErrors: readonly AccountUserError[] }>>
}

/**
 * Why a list was read ahead of its fields, or not. NEEDED: the items asked for need it. NOT_NEEDED:
 * they do not. NOT_KNOWN: the account's list has not been read since the server started. UNSURE:
 * which items are asked for is known only once they have been read. RATE_LIMITED, FAILING: the
 * account is spared.
 */
export type PrefetchReason = 'NEEDED' | 'NOT_NEEDED' | 'NOT_KNOWN' | 'UNSURE' | 'RATE_LIMITED' | 'FAILING'

/** Public: callers see it in `extensions.explain.prefetch`. */
export interface PrefetchDecision {
  /** Global id. */
  readonly account: string
  /** The list. */
  readonly noun: ListName
  /** The field that may lead there. */
  readonly edge: EdgeField
  readonly started: boolean
  readonly reason: PrefetchReason
}

/** All a resolver may use; made anew for every request. */
export interface Context {
  readonly viewer: Viewer
  readonly operation: Operation
  /** Every supported provider. */
  readonly providers: readonly Provider[]
  /**
   * The accounts of the viewer's workspace and no others, in the order of the configuration; of a
   * viewer that sees its own extension only, that extension's account, reduced to what it may see.
   */
  readonly accounts: ReadonlyMap<string, ConnectedAccount>
  readonly loaders: Loaders
  readonly cursors: CursorSigner
  readonly limits: {
    readonly pageSize: number
    readonly detailConcurrency: number
    readonly providerRequestsPerOperation: number
  }
  /** Absent where this server follows no calls. */
  readonly liveCalls?: LiveCallLoader
  /** Absent where this server keeps no archives. */
  readonly archive?: ArchiveLoader
  /** Absent where this server keeps no archives. */
  readonly statistics?: StatisticsLoader
  /** The exports of the viewer. Absent where this server makes none. */
  readonly exports?: WorkspaceExports
  /** The link under which the file of an export is served; null while there is none. */
  readonly exportLink?: (stored: StoredExport) => SignedLink | null
  /** Performs a mutation on an object of a provider. Absent where this server changes nothing. */
  readonly write?: <Input extends object, Ready>(mutation: Mutation<Input, Ready>) => Promise<Written>
  /** The record of what was changed. Absent where this server changes nothing. */
  readonly changes?: ChangeRecord
  /** Absent where this server does not serve recordings. */
  readonly recordingLinks?: RecordingLinks
  /** Absent where accounts are those of the configuration and no others. */
  readonly accountLinks?: AccountLinks
  /**
   * The link that begins an account's login, made for this viewer. Absent where the account's own
   * link works for everyone.
   */
  readonly authorizeUrl?: (accountKey: string) => string
  /** Null for an account whose provider may not deliver. Absent where nothing can be delivered. */
  readonly webhook?: (accountKey: string) => WebhookEndpoint | null
  /**
   * Collects the decisions about reading lists ahead of their fields; absent where nobody asked to
   * see them.
   */
  readonly prefetch?: PrefetchDecision[]
  /** Collects what statistics have read; absent where nobody asked to see it. */
  readonly statisticsWork?: StatisticsWork[]
  /**
   * Called with internal errors that the response does not show, because the rest of it is good.
   */
  readonly onDefect?: (error: unknown) => void
}

/** @throws CapabilityUnsupported where this server changes nothing */
export function requireWrites({ write }: Context): NonNullable<Context['write']> {
  if (!write) throw new CapabilityUnsupported('This server changes nothing at providers.')
  return write
}
