import { GroupKind, type Group, type GroupMembership } from '../../../model/group.js'
import { globalId } from '../../../model/id.js'
import { list, received, text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { WireDestination, WireMember } from '../wire.js'

interface GroupFacts {
  readonly nativeId: string
  readonly kind: GroupKind
  /** The queue or skill group, from its first member. */
  readonly wire: unknown
  readonly name: string | null
  readonly members: unknown[]
}

/**
 * The API has no list of queues: they are derived from `/members`, which names each agent's queues.
 */
export function toGroups(account: AccountFacts, members: readonly unknown[], fetchedAt: string): Group[] {
  const groups = new Map<string, GroupFacts>()
  for (const member of members) {
    const wire = received<WireMember>(member)
    for (const queue of list(wire?.queues) ?? []) join(groups, 'queue', GroupKind.QUEUE, queue, member)
    if (wire?.skillsGroup) join(groups, 'skill', GroupKind.SKILL_GROUP, wire.skillsGroup, member)
  }
  return [...groups.values()].map((group) => ({
    __typename: 'Group',
    id: globalId('Group', account.key, group.nativeId),
    accountKey: account.key,
    providerResourceId: group.nativeId,
    fetchedAt,
    payload: { ...(group.wire as object), members: group.members },
    kind: group.kind,
    name: group.name,
    ringTimeoutSeconds: null,
    internalNumber: undefined,
    memberships: group.members.map(toMembership),
    countedMembers: group.members.length,
  }))
}

/**
 * The number of a group: `extension` of the application of the same name in
 * `/calls/transfer/destinations`; null when there is none.
 */
export function toGroupNumber(name: string | null, destinations: readonly unknown[]): string | null {
  for (const destination of destinations) {
    const wire = received<WireDestination>(destination)
    if (name !== null && text(wire?.ownerType) === 'application' && text(wire?.name) === name)
      return text(wire?.extension)
  }
  return null
}

function join(groups: Map<string, GroupFacts>, prefix: string, kind: GroupKind, value: unknown, member: unknown): void {
  const wire = received<{ id: number; name: string }>(value)
  const name = text(wire?.name)
  const id = text(wire?.id) ?? (name === null ? null : `name:${name}`)
  if (id === null) return
  const nativeId = `${prefix}:${id}`
  const group = groups.get(nativeId) ?? { nativeId, kind, wire: value, name, members: [] }
  if (!group.members.includes(member)) group.members.push(member)
  groups.set(nativeId, group)
}

/** `exten` is null while an agent has no phone. */
function toMembership(member: unknown): GroupMembership {
  const wire = received<WireMember>(member)
  const number = text(received<{ number: string }>(wire?.exten)?.number)
  return {
    member: number
      ? { kind: 'Extension', number }
      : { kind: 'Unresolved', nativeType: 'user', nativeId: text(wire?.userId), rawNumber: null, reason: 'NOT_FOUND' },
    priority: null,
    delaySeconds: null,
  }
}
