import type { Awaitable } from '../../awaitable.js'
import type { CallRecord } from '../../model/call-record.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import { parseGlobalId, type NodeType } from '../../model/id.js'
import { referenceOf, type Reference } from '../../model/reference.js'
import type { CallDemand } from './demand.js'

/**
 * Looks up the objects of a filter by the provider's own id; null for a noun the provider does not
 * have.
 */
export interface CallTargets {
  readonly extensions: (Lookup<Extension> & { list(): { all(): Awaitable<readonly Extension[]> } }) | null
  readonly groups: GroupLookup | null
  readonly dids: Lookup<Did> | null
}
interface GroupLookup extends Lookup<Group> {
  value(group: Group, field: 'internalNumber'): Awaitable<string | null>
  find(reference: { readonly name: string }): Awaitable<Group | null>
}
interface Lookup<T> {
  existing(id: string): Awaitable<T | null>
}

/** The part of a demand that is about who takes part. */
export type DemandedParticipants = Pick<CallDemand, 'extensionIds' | 'groupIds' | 'didIds'>

/** Objects of one account, by every key a provider may refer to them by. */
export interface Participants {
  readonly ids: ReadonlySet<string>
  readonly numbers: ReadonlySet<string>
  /**
   * Numbers of extensions without their leading zeros, where no other extension of the account has
   * these digits.
   */
  readonly digits: ReadonlySet<string>
  /** People of whose lines it is the first, which is the one meant where only the person is told. */
  readonly owners: ReadonlySet<string>
  /** Of groups only, and of these the first of the name: two people may have one name. */
  readonly names: ReadonlySet<string>
}

/** Objects of one account that must have taken part: at least one of each list. */
export interface RequiredParticipants {
  readonly extensions: readonly Participants[]
  readonly groups: readonly Participants[]
  readonly dids: readonly Participants[]
}

/**
 * False when a list has no id of this account: none of its calls can match, so it need not be
 * asked.
 */
export function mayTakePart(demand: DemandedParticipants, account: string): boolean {
  const isNamed = (lists: EveryOf, type: NodeType) => lists.every((list) => nativeIds(list, type, account).length > 0)
  return isNamed(demand.extensionIds, 'Extension') && isNamed(demand.groupIds, 'Group') && isNamed(demand.didIds, 'Did')
}

/**
 * Looks up the demand's ids of this account. Null when no object of some list exists: no call can
 * match.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE when an object may be among those that could not be read.
 */
export async function requiredParticipants(
  demand: DemandedParticipants,
  account: string,
  { extensions, groups, dids }: CallTargets,
): Promise<RequiredParticipants | null> {
  const lookUp = <T>(lists: EveryOf, type: NodeType, known: Lookup<T> | null, names: (item: T) => Awaitable<Names>) =>
    Promise.all(
      lists.map(async (list) => {
        const found = await Promise.all(nativeIds(list, type, account).map((id) => known?.existing(id) ?? null))
        return participants(await Promise.all(found.filter((item) => item !== null).map(names)))
      }),
    )
  const required = {
    extensions: await lookUp(demand.extensionIds, 'Extension', extensions, async (extension) =>
      extensionNames(extension, await extensions!.list().all()),
    ),
    groups: await lookUp(demand.groupIds, 'Group', groups, async (group) => ({
      id: group.providerResourceId,
      // Calls may refer to the group by its number even where only the detail has it.
      number: group.internalNumber === undefined ? await groups?.value(group, 'internalNumber') : group.internalNumber,
      // Of several groups of one name, calls mean the first.
      name: group.name && (await groups?.find({ name: group.name }))?.id === group.id ? group.name : null,
    })),
    dids: await lookUp(demand.didIds, 'Did', dids, didNames),
  }
  return Object.values(required)
    .flat()
    .some(({ ids }) => ids.size === 0)
    ? null
    : required
}

/**
 * Whether one of these extensions called, was called, answered, or rang at any step of the call.
 * `undefined`: not in the fields the list has, and the detail may have more.
 */
export function extensionTookPart(call: CallRecord, wanted: Participants): boolean | undefined {
  const { caller, callee, answeredByRef, steps } = call
  const rang = steps?.map((step) => step.targetRef) ?? []
  if (
    [caller.endpointRef, callee.endpointRef, answeredByRef, ...rang].some((one) => refersTo(one, 'Extension', wanted))
  ) {
    return true
  }
  return answeredByRef === undefined || steps === undefined ? undefined : false
}

/** Whether the call went to or through one of these groups; `undefined`: only the detail tells. */
export function groupTookPart(call: CallRecord, wanted: Participants): boolean | undefined {
  const { caller, callee, groupRefs } = call
  if ([caller.endpointRef, callee.endpointRef, ...(groupRefs ?? [])].some((one) => refersTo(one, 'Group', wanted))) {
    return true
  }
  return groupRefs === undefined ? undefined : false
}

/** Whether one of these DIDs was dialled or shown. */
export const didTookPart = (call: CallRecord, wanted: Participants): boolean => refersTo(call.didRef, 'Did', wanted)

/** An extension, by every key a call may refer to it by; `all` are those of its account. */
export const extensionParticipants = (extension: Extension | null, all: readonly Extension[]): Participants =>
  participants(extension ? [extensionNames(extension, all)] : [])

type EveryOf = CallDemand['extensionIds']
interface Names {
  readonly id: string
  readonly number?: string | null
  readonly digits?: string | null
  readonly owner?: string | null
  readonly name?: string | null
}

function extensionNames(
  { providerResourceId: id, number, ownerId = null }: Extension,
  all: readonly Extension[],
): Names {
  const digits = withoutLeadingZeros(number)
  const isOnlyOne = all.every(
    (other) => other.providerResourceId === id || withoutLeadingZeros(other.number) !== digits,
  )
  const first = ownerId === null ? undefined : all.find((other) => other.ownerId === ownerId)
  return { id, number, digits: isOnlyOne ? digits : null, owner: first?.providerResourceId === id ? ownerId : null }
}

const withoutLeadingZeros = (number: string) => number.replace(/^0+(?=.)/, '')

const didNames = ({ providerResourceId: id, number, rawNumber }: Did): Names => ({ id, number: number ?? rawNumber })

function participants(found: readonly Names[]): Participants {
  const texts = (pick: (one: Names) => string | null | undefined) => new Set(found.flatMap((one) => pick(one) || []))
  return {
    ids: texts(({ id }) => id),
    numbers: texts(({ number }) => number),
    digits: texts(({ digits }) => digits),
    owners: texts(({ owner }) => owner),
    names: texts(({ name }) => name),
  }
}

/**
 * Whether a reference is to one of these: by id where there is one, else by number, name or owner. It is
 * to none of them where it may as well be to another, as a number that has lost its zeros may be.
 */
export function refersTo(
  what: Reference | null | undefined,
  kind: 'Extension' | 'Group' | 'Did',
  wanted: Participants,
): boolean {
  const reference = referenceOf(what, kind)
  if (!reference) return false
  if (reference.id) return wanted.ids.has(reference.id)
  if (reference.kind === 'Did') return wanted.numbers.has(reference.number ?? reference.rawNumber)
  if (reference.number) return (reference.zerosLost ? wanted.digits : wanted.numbers).has(reference.number)
  if (reference.name) return wanted.names.has(reference.name)
  return Boolean(reference.ownerId) && wanted.owners.has(reference.ownerId as string)
}

/** The provider's own ids; ids of another account or noun, or made-up ones, are left out. */
function nativeIds(ids: readonly string[], type: NodeType, account: string): readonly string[] {
  return ids.flatMap((id) => {
    const parsed = parseGlobalId(id)
    return parsed?.type === type && parsed.account === account ? [parsed.native] : []
  })
}
