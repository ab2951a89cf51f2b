import type { AccountStore } from './account-store.js'
import type { ApiKeyStore } from './api-key-store.js'
import type { TokenStore } from './token-store.js'

/** Everything that outlives the process. */
export interface Store extends TokenStore, AccountStore, ApiKeyStore {
  close(): Promise<void>
}
