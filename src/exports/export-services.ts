import type { ArchivedAccount } from '../archive/archived-account.js'
import type { ReadArchive } from '../archive/archive-view.js'
import type { Clock } from '../clock.js'
import type { BoundExtension, Loaders } from '../loaders/loaders.js'
import type { CallParty } from '../model/call-record.js'
import type { Operation } from '../operation.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { ExportStore } from '../store/export-store.js'
import type { TokenStore } from '../store/token-store.js'
import type { Shown } from './formats/members.js'

/** An account whose calls can be exported. */
export type ExportedFrom = ArchivedAccount & ConnectedAccount

/** What exports are made with. */
export interface ExportServices {
  readonly store: ExportStore & ReadArchive['store'] & Pick<TokenStore, 'lease' | 'prolong' | 'release'>
  readonly clock: Clock
  readonly limits: ExportLimits
  /** The accounts of a workspace now, by key. */
  readonly accountsOf: (workspace: string) => ReadonlyMap<string, ExportedFrom>
  /** Loaders over these accounts, as a caller of this workspace and extension has them. */
  readonly loadersOf: (of: {
    readonly workspace: string
    readonly own: BoundExtension | null
    readonly accounts: ReadonlyMap<string, ConnectedAccount>
    readonly operation: Operation
  }) => Loaders
  /** Who a party is, as `CallParty.label` has it. */
  readonly label: (party: CallParty) => string
  /** Label and number of an object, as `Dialable` has them. */
  readonly describe: Shown['describe']
  /** Waits until so many ms have passed, or the signal is aborted; never throws. */
  readonly pause: (milliseconds: number, ending: AbortSignal) => Promise<void>
  /** Whether clients wait for answers. */
  readonly isBusy: () => boolean
  /** Called with what keeps an export from going on: the store's trouble, or a defect of ours. */
  readonly onTrouble: (error: unknown) => void
  /** Called when the first of several exports is begun, and when none is made any more. */
  readonly onMaking?: ((isMaking: boolean) => void) | undefined
  /** Called with each export that has ended. */
  readonly onEnd: (format: string, status: string) => void
  /** Called with what was written. */
  readonly onWritten?: (records: number, bytes: number) => void
}

/** How many exports there may be, and how long. */
export interface ExportLimits {
  /** Of one workspace that are made at once, over all replicas. */
  readonly running: number
  /** Of one workspace that run, wait or have their file. */
  readonly kept: number
  /** How long a file is kept once it is done, hours. */
  readonly keptHours: number
  /** Of one file, bytes as they are stored. */
  readonly bytes: number
}
