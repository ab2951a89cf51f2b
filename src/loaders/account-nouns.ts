import type { Did } from '../model/did.js'
import type { Extension } from '../model/extension.js'
import type { Group } from '../model/group.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { CollectionLoader } from './lists/collection-loader.js'

/**
 * The collections of one account that edges lead to; null for a noun the provider does not have.
 */
export interface AccountNouns {
  readonly account: ConnectedAccount
  readonly dids: CollectionLoader<Did> | null
  readonly extensions: CollectionLoader<Extension> | null
  readonly groups: CollectionLoader<Group> | null
}
