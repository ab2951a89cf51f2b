import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import type { AccountNouns } from '../account-nouns.js'
import { extensionOf, groupOf } from './destination.js'

/** The items that were found, and the failure that kept others from being looked at. */
export interface EdgeItems<T> {
  readonly items: readonly T[]
  readonly failure: { readonly error: unknown } | null
}

type Index<T> = ReadonlyMap<string, readonly T[]>

/**
 * Edges the provider tells only from the other end: each inverts the forward edge, once for the
 * whole account.
 */
export class ReverseEdges {
  readonly #account: AccountNouns
  #didsByExtension: Awaitable<Index<Did>> | null = null
  #didsByGroup: Awaitable<Index<Did>> | null = null
  #groupsByExtension: Awaitable<{
    readonly index: Index<Group>
    readonly failure: EdgeItems<Group>['failure']
  }> | null = null

  constructor(account: AccountNouns) {
    this.#account = account
  }

  didsOfExtension(extension: Extension): Awaitable<readonly Did[]> {
    const { dids } = this.#account
    if (!dids) return []
    if (extension.didIds) return andThen(allOf(extension.didIds.map((id) => dids.byId(id))), present)
    this.#didsByExtension ??= this.#indexDids((did) => extensionOf(this.#account, did.destinationRef))
    return andThen(this.#didsByExtension, (index) => index.get(extension.id) ?? [])
  }

  didsOfGroup(group: Group): Awaitable<readonly Did[]> {
    if (!this.#account.dids) return []
    this.#didsByGroup ??= this.#indexDids((did) => groupOf(this.#account, did.destinationRef))
    return andThen(this.#didsByGroup, (index) => index.get(group.id) ?? [])
  }

  /**
   * A group whose members cannot be read is left out and reported as `failure`; the others still
   * hold.
   */
  groupsOfExtension(extension: Extension): Awaitable<EdgeItems<Group>> {
    const { groups } = this.#account
    if (!groups) return { items: [], failure: null }
    if (extension.groupIds) {
      return andThen(allOf(extension.groupIds.map((id) => groups.byId(id))), (found) => ({
        items: present(found),
        failure: null,
      }))
    }
    this.#groupsByExtension ??= this.#indexGroups()
    return andThen(this.#groupsByExtension, ({ index, failure }) => ({ items: index.get(extension.id) ?? [], failure }))
  }

  async #indexDids(target: (did: Did) => Awaitable<Extension | Group | null>): Promise<Index<Did>> {
    const dids = await this.#account.dids!.list().all()
    const targets = await Promise.all(dids.map(target))
    return indexed(dids.map((did, at) => [targets[at] ?? null, did]))
  }

  async #indexGroups(): Promise<{ index: Index<Group>; failure: EdgeItems<Group>['failure'] }> {
    const loader = this.#account.groups!
    const groups = await loader.list().all()
    const members = await Promise.allSettled(groups.map((group) => this.#extensionsIn(group)))
    const failed = members.find((member) => member.status === 'rejected')
    const pairs = members.flatMap((member, at) =>
      member.status === 'fulfilled'
        ? [...new Set(member.value)].map((extension) => [extension, groups[at]!] as const)
        : [],
    )
    return { index: indexed(pairs), failure: failed ? { error: failed.reason } : null }
  }

  async #extensionsIn(group: Group): Promise<readonly (Extension | null)[]> {
    const memberships = (await this.#account.groups!.value(group, 'memberships')) ?? []
    return allOf(memberships.map(({ member }) => extensionOf(this.#account, member)))
  }
}

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

const present = <T>(items: readonly (T | null)[]): readonly T[] => items.filter((item) => item !== null)
