import type { Awaitable } from '../awaitable.js'
import type { LiveAccount } from '../live/live-account.js'
import { capabilitiesOf } from '../live/live-capabilities.js'
import type { Account, AccountProfile } from '../model/account.js'
import type { Capability } from '../model/capability.js'
import type { Did } from '../model/did.js'
import type { Extension } from '../model/extension.js'
import type { Group } from '../model/group.js'
import type { ProviderResource } from '../model/node.js'
import type { DetailField, EdgeField } from '../model/request-fields.js'
import type { ConnectedAccount, ReadObserver } from '../providers/account.js'
import type { Operation } from '../operation.js'
import type { Provider, Source } from '../providers/provider.js'
import type { Budget } from './budget.js'
import { CollectionLoader, type CollectionSpec } from './lists/collection-loader.js'
import { Bulkhead } from '../bulkhead.js'
import { ReverseEdges } from './edges/reverse-edges.js'

const DIDS: CollectionSpec<Did> = {
  name: 'dids',
  collection: (source) => source.dids,
  keys: { id: (did) => did.providerResourceId, number: (did) => did.number ?? did.rawNumber, name: () => null },
}
const EXTENSIONS: CollectionSpec<Extension> = {
  name: 'extensions',
  collection: (source) => source.extensions,
  keys: {
    id: (extension) => extension.providerResourceId,
    number: (extension) => extension.number,
    name: (extension) => extension.displayName,
    owner: (extension) => extension.ownerId,
  },
}
const GROUPS: CollectionSpec<Group> = {
  name: 'groups',
  collection: (source) => source.groups,
  keys: {
    id: (group) => group.providerResourceId,
    number: (group) => group.internalNumber,
    name: (group) => group.name,
  },
  detailedNumber: 'internalNumber',
}

/**
 * A profile with the key of its account, which the field `messageCredits` may need for a request.
 */
export type OwnedProfile = AccountProfile & { readonly accountKey: string }

/**
 * All that one operation reads of one account. A noun the provider does not have is null and costs
 * no request. Everything is created on first access: an operation has a loader for each account of
 * its workspace, and uses few of them.
 */
export class AccountLoader {
  readonly account: ConnectedAccount

  readonly #operation: Operation
  readonly #budget: Budget
  readonly #detailConcurrency: number
  #object: Account | null = null
  #source: Source | null = null
  #pool: Bulkhead | null = null
  #dids: CollectionLoader<Did> | null | undefined
  #extensions: CollectionLoader<Extension> | null | undefined
  #groups: CollectionLoader<Group> | null | undefined
  #reverse: ReverseEdges | null = null
  #profile: Promise<OwnedProfile> | null = null
  #profileDetail: Promise<Partial<AccountProfile>> | null = null

  constructor(account: ConnectedAccount, operation: Operation, budget: Budget, detailConcurrency: number) {
    this.account = account
    this.#operation = operation
    this.#budget = budget
    this.#detailConcurrency = detailConcurrency
  }

  /** The account as a node of the graph. */
  get object(): Account {
    return (this.#object ??= accountOf(this.account))
  }

  /** What can be done with it, as its provider and its own configuration have it. */
  get capabilities(): readonly Capability[] {
    return capabilitiesOf(this.account as LiveAccount)
  }

  /** Bounds the requests that concern one object each. */
  get pool(): Bulkhead {
    return (this.#pool ??= new Bulkhead(this.#detailConcurrency))
  }

  get dids(): CollectionLoader<Did> | null {
    return this.#dids === undefined ? (this.#dids = this.#loader(DIDS)) : this.#dids
  }

  get extensions(): CollectionLoader<Extension> | null {
    return this.#extensions === undefined ? (this.#extensions = this.#loader(EXTENSIONS)) : this.#extensions
  }

  get groups(): CollectionLoader<Group> | null {
    return this.#groups === undefined ? (this.#groups = this.#loader(GROUPS)) : this.#groups
  }

  get reverse(): ReverseEdges {
    return (this.#reverse ??= new ReverseEdges(this))
  }

  /**
   * The account's source; equal reads within the operation are one request. Each request is charged
   * to the operation's budget, and reported to the observer.
   */
  open({ onRequest, onCached }: ReadObserver = {}): Source {
    const charge = () => {
      this.#budget.spend()
      onRequest?.()
    }
    return this.account.source(this.#operation, charge, onCached)
  }

  /** Whether a field is always null with this provider. */
  lacks(field: DetailField | EdgeField): boolean {
    return unavailableFields(this.account.provider).has(field)
  }

  profile(): Promise<OwnedProfile> {
    this.#profile ??= this.#shared()
      .profile()
      .then((profile) => ({ accountKey: this.account.key, ...profile }))
    return this.#profile
  }

  messageCredits(profile: AccountProfile): Awaitable<number | null> {
    if (profile.messageCredits !== undefined) return profile.messageCredits
    const source = this.#shared()
    if (!source.profileDetail) return null
    this.#profileDetail ??= source.profileDetail()
    return this.#profileDetail.then((detail) => detail.messageCredits ?? null)
  }

  #shared(): Source {
    return (this.#source ??= this.open())
  }

  #loader<T extends ProviderResource>(spec: CollectionSpec<T>): CollectionLoader<T> | null {
    const collection = spec.collection(this.#shared())
    return collection
      ? new CollectionLoader(
          spec,
          { account: this.account, open: (observer) => this.open(observer), pool: this.pool },
          collection,
        )
      : null
  }
}

const unavailableOf = new WeakMap<Provider, ReadonlySet<string>>()

function unavailableFields(provider: Provider): ReadonlySet<string> {
  let fields = unavailableOf.get(provider)
  if (!fields) {
    fields = new Set(provider.capabilities.flatMap((capability) => capability.unavailableFields))
    unavailableOf.set(provider, fields)
  }
  return fields
}

function accountOf({ id, key, label, link, facts: { timeZone, country } }: ConnectedAccount): Account {
  const linked = (link ?? null) !== null
  return { __typename: 'Account', id, key, label, timeZone, country, linked }
}
