import { findAttendant } from '../loaders/edges/destination.js'
import type { AccountLoader } from '../loaders/account-loader.js'
import { parseGlobalId, type NodeType } from '../model/id.js'
import type { NamedObject, NamedObjects, WriteProblem } from '../providers/writes.js'

/** An id in an input, and what it must be the id of. */
export interface NamedId {
  readonly id: string
  readonly type: NodeType
  readonly path: readonly string[]
}

const TYPES: Readonly<Record<string, NodeType>> = {
  callerIdDidId: 'Did',
  extensionId: 'Extension',
  groupId: 'Group',
  autoAttendantId: 'AutoAttendant',
  fromExtensionId: 'Extension',
  fromGroupId: 'Group',
  fromAutoAttendantId: 'AutoAttendant',
  toExtensionId: 'Extension',
  toGroupId: 'Group',
}

/** Every id that an input names an object by. */
export const namedIds = (said: object, path: readonly string[] = []): NamedId[] =>
  Object.entries(said).flatMap(([name, value]): NamedId[] => {
    if (Array.isArray(value) && name === 'forwarding')
      return value.flatMap((rule, at) => namedIds(rule as object, [...path, name, String(at)]))
    const type = TYPES[name]
    return type && typeof value === 'string' ? [{ id: value, type, path: [...path, name] }] : []
  })

/** Ids that are not of this account, or of something else; as an id that nobody knows. */
export const foreignIds = (ids: readonly NamedId[], account: string): WriteProblem[] =>
  ids.flatMap(({ id, type, path }) => {
    const parsed = parseGlobalId(id)
    return parsed?.type === type && parsed.account === account ? [] : [notFound(path)]
  })

export const notFound = (field: readonly string[]): WriteProblem => ({
  code: 'NOT_FOUND',
  field,
  message: 'There is no such object in this account.',
})

/**
 * The objects behind ids of this account; problems for those that are not there.
 *
 * @throws ProviderError where they cannot be read
 */
export async function findNamed(
  account: AccountLoader,
  ids: readonly NamedId[],
): Promise<{ readonly named: NamedObjects; readonly problems: readonly WriteProblem[] }> {
  const found = await Promise.all(ids.map(async (one) => [one, await find(account, one)] as const))
  return {
    named: new Map(found.flatMap(([{ id }, object]) => (object ? [[id, object] as const] : []))),
    problems: found.flatMap(([{ path }, object]) => (object ? [] : [notFound(path)])),
  }
}

async function find(account: AccountLoader, { id, type }: NamedId): Promise<NamedObject | null> {
  const { native } = parseGlobalId(id)!
  switch (type) {
    case 'Did':
      return (await account.dids?.existing(native)) ?? null
    case 'Extension':
      return (await account.extensions?.existing(native)) ?? null
    case 'Group':
      return withNumber(account, (await account.groups?.existing(native)) ?? null)
    default:
      return findAttendant(account, native)
  }
}

/** A group is written to by its number, which may stand in its detail alone. */
async function withNumber(account: AccountLoader, group: NamedObject | null): Promise<NamedObject | null> {
  if (group?.__typename !== 'Group' || group.internalNumber !== undefined) return group
  return { ...group, internalNumber: await account.groups!.value(group, 'internalNumber') }
}
