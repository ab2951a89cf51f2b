import { GroupKind, type Group, type GroupMembership } from '../../../model/group.js'
import { globalId } from '../../../model/id.js'
import { count, list, received, text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { WireExtension, WireGroup } from '../wire.js'

/** Maps one row of `/groups`; null when it has no id. */
export function toGroup(account: AccountFacts, row: unknown, fetchedAt: string): Group | null {
  const wire = received<WireGroup>(row)
  const id = text(wire?.id)
  if (!wire || id === null) return null
  return {
    __typename: 'Group',
    id: globalId('Group', account.key, id),
    accountKey: account.key,
    providerResourceId: id,
    fetchedAt,
    payload: row,
    kind: GroupKind.RING_GROUP,
    name: text(wire.name),
    ringTimeoutSeconds: count(wire.timeout),
    internalNumber: text(wire.number),
    memberships: undefined,
    countedMembers: undefined,
  }
}

/**
 * The members of `/groups/:id`, with the delay that only the list has; null when the response has
 * none.
 */
export function toMemberships(row: unknown, listRow: unknown): GroupMembership[] | null {
  const members = list(received<WireGroup>(row)?.extensions)
  const delaySeconds = count(received<WireGroup>(listRow)?.delay_time)
  return members?.flatMap((value) => toMembership(value, delaySeconds)) ?? null
}

/** There is somebody, and nothing says who. */
export const saysNobody = ({ member }: GroupMembership): boolean => member === UNREADABLE

const UNREADABLE = {
  kind: 'Unresolved',
  nativeType: 'extension',
  nativeId: null,
  rawNumber: null,
  reason: 'NOT_FOUND',
} as const

/**
 * In the documentation these ids do not match those of `/extensions`, but the numbers do: the id
 * counts without a number, and among extensions of one number, as its sample has them.
 */
function toMembership(value: unknown, delaySeconds: number | null): GroupMembership[] {
  const wire = received<WireExtension>(value)
  const [id, number] = [text(wire?.id), text(wire?.number)]
  if (id === null && number === null) return [{ member: UNREADABLE, priority: null, delaySeconds }]
  const member =
    number === null
      ? ({ kind: 'Extension', id, number } as const)
      : ({ kind: 'Extension', id: null, number, preferredId: id } as const)
  return [{ member, priority: null, delaySeconds }]
}
