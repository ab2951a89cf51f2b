import { GroupKind, type Group, type GroupMembership } from '../../../model/group.js'
import { globalId } from '../../../model/id.js'
import type { Reference } from '../../../model/reference.js'
import { list, received, text, type Received } from '../../../model/values/wire-value.js'
import { leavingOut } from '../../left-out.js'
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
 * Queues come first: who refers to a group by name, as rows of calls do, means a queue.
 */
export function toGroups(account: AccountFacts, members: readonly unknown[], fetchedAt: string): Group[] {
  const groups = new Map<string, GroupFacts>()
  for (const member of members) {
    const wire = received<WireMember>(member)
    for (const queue of list(wire?.queues) ?? []) join(groups, 'queue', GroupKind.QUEUE, queue, member)
    if (wire?.skillsGroup) join(groups, 'skill', GroupKind.SKILL_GROUP, wire.skillsGroup, member)
  }
  const isSkill = ({ kind }: GroupFacts) => Number(kind === GroupKind.SKILL_GROUP)
  const queuesFirst = [...groups.values()].sort((one, other) => isSkill(one) - isSkill(other))
  return queuesFirst.map((group) => ({
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
    ...leavingOut({ memberships: group.members.filter(saysNobody).length }),
  }))
}

/** How many entries of `/members` name a group that cannot be read, or are no entries. */
export const unreadableIn = (members: readonly unknown[]): number =>
  members.reduce<number>((sum, member) => {
    const wire = received<WireMember>(member)
    if (!wire) return sum + 1
    const queues = list(wire.queues)
    const named = [...(queues ?? []), ...(wire.skillsGroup ? [wire.skillsGroup] : [])]
    const isNoList = queues === null && wire.queues != null
    return sum + named.filter((group) => keyOf(group) === null).length + Number(isNoList)
  }, 0)

/**
 * The number of a group: `extension` of its application in `/calls/transfer/destinations`, which is
 * the one of its id and type, or has its name where no id is told; null when there is none.
 */
export function toGroupNumber(
  { providerResourceId, name }: Pick<Group, 'providerResourceId' | 'name'>,
  destinations: readonly unknown[],
): string | null {
  const applications = destinations.flatMap((destination) => {
    const wire = received<WireDestination>(destination)
    return wire && text(wire.ownerType) === 'application' ? [wire] : []
  })
  const found =
    applications.find((wire) => nativeIds(wire).includes(providerResourceId)) ??
    applications.find((wire) => nativeIds(wire).length === 0 && name !== null && text(wire.name) === name)
  return text(found?.extension)
}

/** As of `/members`; of an application of unknown type, either. */
function nativeIds({ properties }: Received<WireDestination>): readonly string[] {
  const wire = received<NonNullable<WireDestination['properties']>>(properties)
  const id = text(wire?.id)
  if (id === null) return []
  const type = text(wire?.applicationType) ?? ''
  if (/skill/i.test(type)) return [`skill:${id}`]
  return /queue/i.test(type) ? [`queue:${id}`] : [`queue:${id}`, `skill:${id}`]
}

function keyOf(group: unknown): string | null {
  const wire = received<{ id: number; name: string }>(group)
  const name = text(wire?.name)
  return text(wire?.id) ?? (name === null ? null : `name:${name}`)
}

function join(groups: Map<string, GroupFacts>, prefix: string, kind: GroupKind, value: unknown, member: unknown): void {
  const name = text(received<{ name: string }>(value)?.name)
  const id = keyOf(value)
  if (id === null) return
  const nativeId = `${prefix}:${id}`
  const group = groups.get(nativeId) ?? { nativeId, kind, wire: value, name, members: [] }
  if (!group.members.includes(member)) group.members.push(member)
  groups.set(nativeId, group)
}

/** `exten` is null while an agent has no phone: then the line of the user is meant. */
function toMembership(member: unknown): GroupMembership {
  const number = phoneNumberOf(member)
  const ownerId = text(received<WireMember>(member)?.userId)
  const line: Reference =
    number !== null
      ? { kind: 'Extension', number }
      : ownerId !== null
        ? { kind: 'Extension', ownerId, nativeType: 'user' }
        : { kind: 'Unresolved', nativeType: 'user', nativeId: null, rawNumber: null, reason: 'NOT_FOUND' }
  return { member: line, priority: null, delaySeconds: null }
}

/** There is somebody, and nothing says who. */
export const saysNobody = (member: unknown): boolean =>
  phoneNumberOf(member) === null && text(received<WireMember>(member)?.userId) === null

/** The number of the phone an agent has at the moment. */
const phoneNumberOf = (member: unknown): string | null =>
  text(received<{ number: string }>(received<WireMember>(member)?.exten)?.number)
