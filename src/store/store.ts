import type { AccountStore } from './account-store.js'
import type { ApiKeyStore } from './api-key-store.js'
import type { ArchiveStore } from './archive-store.js'
import type { EventLog } from './event-log.js'
import type { ExportStore } from './export-store.js'
import type { TallyStore } from './tally-store.js'
import type { TokenStore } from './token-store.js'
import type { WriteStore } from './write-store.js'

/** Everything that outlives the process. */
export interface Store
  extends TokenStore, AccountStore, ApiKeyStore, EventLog, ArchiveStore, TallyStore, WriteStore, ExportStore {
  /**
   * Says that a server serves from this store from now on, until it is closed or its process ends;
   * false when another one does, and they should share a PostgreSQL instead.
   */
  claimServing(): Promise<boolean>
  close(): Promise<void>
}
