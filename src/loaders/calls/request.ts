import type { Awaitable } from '../../awaitable.js'
import type { CallRecord } from '../../model/call-record.js'
import type { Extension } from '../../model/extension.js'
import type { PageInfo } from '../../model/page-info.js'
import type { SourceStatus } from '../../model/source-status.js'
import type { ConnectedAccount, ReadObserver } from '../../providers/account.js'
import type { Source } from '../../providers/provider.js'
import type { CursorSigner } from '../cursor.js'
import type { Bulkhead } from '../../bulkhead.js'
import type { CallCount } from './count.js'
import type { CallCriteria } from './demand.js'
import type { TimeOrder } from './order.js'
import type { CallTargets } from './participants.js'

/** The arguments of one page of the call log. */
export interface CallLogRequest {
  /** Exactly one of `first` and `last`. */
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
  /** A call must meet all of them: the caller's filter, and what the edge implies. */
  readonly criteria: readonly CallCriteria[]
  readonly order: TimeOrder
  /** FAIL: the first account that cannot answer fails the page. */
  readonly onSourceFailure: 'PARTIAL' | 'FAIL'
  /**
   * Whether `pageInfo` is selected: finding out may cost a request when the page ends where a
   * provider's page ends.
   */
  readonly wantsMore: boolean
  /** Whether the number of all calls is selected: an archive is asked for it only then. */
  readonly wantsCount?: boolean
}

/** The arguments of one page of what another page lacks. */
export interface CallGapRequest {
  /** A retry cursor, and nothing else: it holds the list it belongs to. */
  readonly cursor: string
  readonly first: number
  readonly after?: string | null
  readonly wantsMore: boolean
}

export interface CallRecordPage extends CallCount {
  readonly edges: readonly { readonly cursor: string; readonly node: CallRecord }[]
  readonly nodes: readonly CallRecord[]
  readonly pageInfo: PageInfo
  readonly sources: readonly SourceStatus[]
}

/** One account within one operation, as far as its calls are concerned. */
export interface CallLogAccount extends CallTargets {
  readonly account: ConnectedAccount
  readonly pool: Bulkhead
  open(observer?: ReadObserver): Source
}

export interface CallLogContext {
  /** By key, in the order of the configuration. */
  readonly accounts: ReadonlyMap<string, CallLogAccount>
  readonly workspace: string
  readonly cursors: CursorSigner
  /** The only extension whose calls are listed, null where there is none; absent: all calls are. */
  readonly own?: (() => Awaitable<Extension | null>) | null
  readonly limits: {
    readonly pageSize: number
    readonly detailConcurrency: number
    readonly providerRequestsPerOperation: number
  }
  /** Called with failures that are this server's own, which `sources` only hints at. */
  readonly onDefect?: ((error: unknown) => void) | undefined
  /** Wall-clock milliseconds. */
  readonly now?: () => number
}
