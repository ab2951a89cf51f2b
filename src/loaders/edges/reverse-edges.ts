import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import type { ProviderResource } from '../../model/node.js'
import type { AccountNouns } from '../account-nouns.js'
import type { CollectionLoader } from '../lists/collection-loader.js'
import { extensionOf, groupOf } from './destination.js'

/** The items that were found, and what kept others from being found. */
export interface EdgeItems<T> {
  readonly items: readonly T[]
  /** Of those that were not looked at. */
  readonly failure: { readonly error: unknown } | null
  /** How many records could not be read, any of which may belong to this edge. */
  readonly unreadable: number
}

type Index<T> = ReadonlyMap<string, readonly T[]>

interface GroupIndex {
  readonly groups: Index<Group>
  readonly failure: EdgeItems<Group>['failure']
  readonly unreadableMembers: number
}

/**
 * Edges the provider tells only from the other end: each inverts the forward edge, once for the
 * whole account.
 */
export class ReverseEdges {
  readonly #account: AccountNouns
  #didsByExtension: Awaitable<Index<Did>> | null = null
  #didsByGroup: Awaitable<Index<Did>> | null = null
  #groupsByExtension: Awaitable<GroupIndex> | null = null

  constructor(account: AccountNouns) {
    this.#account = account
  }

  didsOfExtension(extension: Extension): Awaitable<EdgeItems<Did>> {
    const { dids } = this.#account
    if (!dids) return NOTHING
    if (extension.didIds) return itemsById(dids, extension.didIds, extension.leftOut?.['didIds'])
    this.#didsByExtension ??= this.#indexDids((did) => extensionOf(this.#account, did.destinationRef))
    return andThen(this.#didsByExtension, (index) => found(dids, index.get(extension.id)))
  }

  didsOfGroup(group: Group): Awaitable<EdgeItems<Did>> {
    const { dids } = this.#account
    if (!dids) return NOTHING
    this.#didsByGroup ??= this.#indexDids((did) => groupOf(this.#account, did.destinationRef))
    return andThen(this.#didsByGroup, (index) => found(dids, index.get(group.id)))
  }

  /**
   * A group whose members cannot be read is left out and reported as `failure`; the others still
   * hold.
   */
  groupsOfExtension(extension: Extension): Awaitable<EdgeItems<Group>> {
    const { groups } = this.#account
    if (!groups) return NOTHING
    if (extension.groupIds) return itemsById(groups, extension.groupIds, extension.leftOut?.['groupIds'])
    this.#groupsByExtension ??= this.#indexGroups()
    return andThen(this.#groupsByExtension, ({ groups: index, failure, unreadableMembers }) => ({
      ...found(groups, index.get(extension.id), unreadableMembers),
      failure,
    }))
  }

  async #indexDids(target: (did: Did) => Awaitable<Extension | Group | null>): Promise<Index<Did>> {
    const dids = await this.#account.dids!.list().all()
    const targets = await Promise.all(dids.map(target))
    return indexed(dids.map((did, at) => [targets[at] ?? null, did]))
  }

  async #indexGroups(): Promise<GroupIndex> {
    const loader = this.#account.groups!
    const groups = await loader.list().all()
    let unreadableMembers = 0
    const onLeftOut = () => void (unreadableMembers += 1)
    const members = await Promise.allSettled(groups.map((group) => this.#extensionsIn(group, onLeftOut)))
    const failed = members.find((member) => member.status === 'rejected')
    const pairs = members.flatMap((member, at) =>
      member.status === 'fulfilled'
        ? [...new Set(member.value)].map((extension) => [extension, groups[at]!] as const)
        : [],
    )
    return { groups: indexed(pairs), failure: failed ? { error: failed.reason } : null, unreadableMembers }
  }

  async #extensionsIn(group: Group, onLeftOut: () => void): Promise<readonly (Extension | null)[]> {
    const memberships = (await this.#account.groups!.value(group, 'memberships', onLeftOut)) ?? []
    return allOf(memberships.map(({ member }) => extensionOf(this.#account, member)))
  }
}

const NOTHING: EdgeItems<never> = { items: [], failure: null, unreadable: 0 }

/** Of a list that was looked through as far as it could be read. */
const found = <T extends ProviderResource>(
  loader: CollectionLoader<T>,
  items: readonly T[] = [],
  unreadable = 0,
): EdgeItems<T> => ({ items, failure: null, unreadable: loader.list().unreadable + unreadable })

/** `leftOut`: ids that are not told, because what they belong to could not be read. */
const itemsById = <T extends ProviderResource>(
  loader: CollectionLoader<T>,
  ids: readonly string[],
  leftOut = 0,
): Awaitable<EdgeItems<T>> =>
  andThen(allOf(ids.map((id) => loader.byId(id))), (items) => ({
    ...{ items: items.filter((item) => item !== null), failure: null },
    unreadable: Math.max(loader.list().unreadable, leftOut),
  }))

function indexed<T>(pairs: readonly (readonly [{ readonly id: string } | null, T])[]): Index<T> {
  const index = new Map<string, T[]>()
  for (const [owner, item] of pairs) {
    if (!owner) continue
    const items = index.get(owner.id)
    if (items) items.push(item)
    else index.set(owner.id, [item])
  }
  return index
}
