import { GroupKind, type Group } from '../../../model/group.js'
import { globalId } from '../../../model/id.js'
import { count, received, text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { WireList } from '../wire.js'

/**
 * Maps a list of subscribers; null when it has no id. No call rings there, and the API does not
 * name the subscribers.
 */
export function toGroup(account: AccountFacts, row: unknown, fetchedAt: string): Group | null {
  const wire = received<WireList>(row)
  const id = text(wire?.id)
  if (!wire || id === null) return null
  return {
    __typename: 'Group',
    id: globalId('Group', account.key, id),
    accountKey: account.key,
    providerResourceId: id,
    fetchedAt,
    payload: row,
    kind: GroupKind.CONTACT_LIST,
    name: text(wire.title),
    ringTimeoutSeconds: null,
    internalNumber: null,
    memberships: null,
    countedMembers: count(wire.valid),
  }
}
