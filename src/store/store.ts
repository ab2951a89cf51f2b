import type { AccountStore } from './account-store.js'
import type { TokenStore } from './token-store.js'

/** All that outlives the process. */
export interface Store extends TokenStore, AccountStore {
  close(): Promise<void>
}
