import { count, GroupKind, list, received, resource, text } from '../../../provider.js'
import type { AccountFacts, Group, GroupMembership } from '../../../provider.js'
import type { WireRingGroup } from '../questions.js'
import { outside, type Home } from './destination.js'
import { payloadOf } from './payload.js'

/** A ring group; null without a number. */
export function toRingGroup(account: AccountFacts, value: unknown, fetchedAt: string): Group | null {
  const wire: WireRingGroup | null = received(value)
  const number = wire && numberIn(text(wire.id), count(wire.groupNumber))
  if (wire === null || number === null) return null
  const members = ringMembers(text(wire.groupList) ?? '', account)
  return {
    ...resource('Group', account, `ringgroup:${number}`, payloadOf(value), fetchedAt),
    kind: GroupKind.RING_GROUP,
    name: text(wire.description),
    ringTimeoutSeconds: count(wire.groupTime),
    internalNumber: number,
    memberships: members,
    countedMembers: members.length,
  }
}

/** A queue of `GET /queues/`, whose members another list has; null without a number. */
export function toQueue(account: AccountFacts, value: unknown, fetchedAt: string): Group | null {
  const wire = received<Record<'extension' | 'name', unknown>>(value)
  const number = text(wire?.extension)
  if (wire === null || number === null) return null
  return {
    ...resource('Group', account, `queue:${number}`, payloadOf(value), fetchedAt),
    kind: GroupKind.QUEUE,
    name: text(wire.name),
    ringTimeoutSeconds: null,
    internalNumber: number,
    memberships: undefined,
    countedMembers: undefined,
  }
}

/** Those who answer in a queue, by an entry of `GET /queues/members`, the static ones first; their penalties are not told. */
export function toQueueMembers(account: Home, value: unknown): GroupMembership[] {
  const wire = received<Record<'members' | 'dynmembers', unknown>>(value)
  const numbers = [...(list(wire?.members) ?? []), ...(list(wire?.dynmembers) ?? [])].flatMap((one) => text(one) ?? [])
  return [...new Set(numbers.filter((number) => /^\d+$/.test(number)))].map((number) => ({
    member: { kind: 'Extension', number, otherwise: outside(number, account) },
    priority: null,
    delaySeconds: null,
  }))
}

/** `groupNumber` is a number and loses leading zeros; the key in `id` keeps them. */
function numberIn(id: string | null, plain: number | null): string | null {
  const [, key] = /^ringgroup:(\d+)$/.exec(Buffer.from(id ?? '', 'base64').toString()) ?? []
  return key ?? (plain === null ? null : String(plain))
}

/**
 * Members as the table has them: joined by `-`, by older tools also by commas; a `#` ends a number
 * outside, or an extension that is to ring where its follow-me leads.
 */
const ringMembers = (written: string, account: Home): GroupMembership[] =>
  written
    .split(/[-,\s]+/)
    .filter((part) => /\d/.test(part))
    .map((part, index): GroupMembership => {
      const number = part.replace(/#$/, '')
      const otherwise = part.endsWith('#') ? outside(number, account) : undefined
      return {
        member: { kind: 'Extension', number, nativeType: 'groupList', ...(otherwise && { otherwise }) },
        priority: index + 1,
        delaySeconds: null,
      }
    })
