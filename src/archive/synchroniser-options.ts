import type { Clock } from '../clock.js'
import type { Store } from '../store/store.js'
import type { ArchivedAccount } from './archived-account.js'
import type { StoredChange } from './call-change.js'

/** What became of a turn. */
export type LookResult = 'complete' | 'partial' | 'failed'

/** What keeping one archive takes. */
export interface SynchroniserOptions {
  readonly account: ArchivedAccount
  readonly store: Pick<
    Store,
    | 'eventStream'
    | 'appendEvents'
    | 'archivedCalls'
    | 'archivedCallsOf'
    | 'forgetArchivedCalls'
    | 'removeArchive'
    | 'lease'
    | 'release'
  >
  /** Of this process, for the lease. */
  readonly owner: string
  readonly clock: Clock
  readonly timeoutMs: number
  /** Whether clients wait for answers of this account's provider; what is not urgent then waits. */
  readonly isBusy?: () => boolean
  readonly onLook?: (account: ArchivedAccount, result: LookResult) => void
  readonly onChanges?: (account: ArchivedAccount, changes: readonly StoredChange[]) => void
}
