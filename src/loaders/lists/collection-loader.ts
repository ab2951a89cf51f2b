import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import type { ProviderResource } from '../../model/node.js'
import type { ItemReference } from '../../model/reference.js'
import type { ConnectedAccount, ReadObserver } from '../../providers/account.js'
import type { Collection, ListQuery, Source } from '../../providers/provider.js'
import { inOneRequest, inPool, KeyLoader, type ReadBatch } from '../key-loader.js'
import type { Bulkhead } from '../../bulkhead.js'
import { Listing, type ListKey, type ListKeys } from './listing.js'
import { perhapsUnreadableError } from './unreadable.js'

/**
 * One noun: where a source has its collection, and the keys other objects refer to its items by.
 */
export interface CollectionSpec<T> {
  /** As in the graph: `extensions`. */
  readonly name: string
  readonly collection: (source: Source) => Collection<T> | undefined
  readonly keys: ListKeys<T>
  /**
   * The field that may be `undefined` in the list, so that finding an item by number takes its
   * detail.
   */
  readonly detailedNumber?: keyof T & string
}

export interface CollectionAccess {
  readonly account: Pick<ConnectedAccount, 'id' | 'key' | 'provider'>
  /**
   * The account's source; `observer` hears of its requests. Equal reads are shared between
   * observers.
   */
  readonly open: (observer: ReadObserver) => Source
  readonly pool: Bulkhead
}

const WHOLE: ListQuery = {}
const idText = (id: string) => id

/**
 * The items of one noun of one account within one operation. By id: many in one request where the
 * provider can, else through the list, read once and indexed. Details: one request for each object,
 * in the account's bounded pool.
 */
export class CollectionLoader<T extends ProviderResource> {
  /** Filter fields the provider evaluates itself. */
  readonly pushdown: readonly (keyof ListQuery)[]
  /** The only values these fields have with this provider. */
  readonly only: NonNullable<Collection<T>['only']>
  /** Requests sent so far for details and for items by id. */
  otherRequests = 0

  readonly #spec: CollectionSpec<T>
  readonly #access: CollectionAccess
  readonly #collection: Collection<T>
  readonly #listings = new Map<string, Listing<T>>()
  readonly #lookUps = new Map<ListKey, KeyLoader<string, T | null>>()
  #byIds: KeyLoader<string, T | null> | null = null
  #details: KeyLoader<T, Partial<T>> | null = null
  #counting: Collection<T> | null = null

  constructor(spec: CollectionSpec<T>, access: CollectionAccess, collection: Collection<T>) {
    this.#spec = spec
    this.#access = access
    this.#collection = collection
    this.pushdown = collection.pushdown ?? []
    this.only = collection.only ?? {}
  }

  /** Whether items are found by id through the list. */
  get isListed(): boolean {
    return !this.#collection.byIds
  }

  /** The list, narrowed by the part of the query that the provider evaluates itself. */
  list(query: ListQuery = WHOLE): Listing<T> {
    const key = query.search && this.pushdown.includes('search') ? query.search : ''
    const known = this.#listings.get(key)
    if (known) return known
    const pushed = key === '' ? WHOLE : { search: key }
    const open = (observer: ReadObserver) => this.#spec.collection(this.#access.open(observer))!.pages(pushed)
    const listing = new Listing(this.#spec.keys, open)
    this.#listings.set(key, listing)
    return listing
  }

  /** By the provider's own id; null when there is none. */
  byId(id: string): Awaitable<T | null> {
    if (this.isListed) return this.#inList('id', id)
    this.#byIds ??= this.#keyLoader(
      'byIds',
      idText,
      inOneRequest((ids) => this.#counted().byIds!(ids), this.#spec.keys.id as (item: T) => string),
    )
    return this.#listings.get('')?.findRead('id', id) ?? this.#byIds.load(id)
  }

  /**
   * The same, for an answer that says whether there is one.
   *
   * @throws ProviderError PROVIDER_BAD_RESPONSE when it was not found and may be among the records
   * that could not be read.
   */
  existing(id: string): Awaitable<T | null> {
    return andThen(this.byId(id), (found) => {
      if (found !== null || !this.isListed || this.list().unreadable === 0) return found
      throw perhapsUnreadableError(this.#spec.name, this.list(), this.#access.account)
    })
  }

  /** The item of a reference: by id, else by number, name or owner; null when there is none. */
  find(reference: ItemReference): Awaitable<T | null> {
    const byId = reference.id ? this.byId(reference.id) : null
    if (byId instanceof Promise) return byId.then((found) => found ?? this.#otherwise(reference))
    return byId ?? this.#otherwise(reference)
  }

  /** All fields the list left `undefined`; empty where the provider has no detail. */
  detail(item: T): Promise<Partial<T>> {
    if (!this.#collection.detail) return Promise.resolve({})
    this.#details ??= this.#keyLoader(
      'detail',
      ({ id }) => id,
      inPool(this.#access.pool, (one: T) => this.#counted().detail!(one)),
    )
    return this.#details.load(item)
  }

  /**
   * A field that may be `undefined` in the list: only then the detail is read. See InDetail.
   * `onLeftOut` is called when entries of it could not be read.
   */
  value<K extends keyof T & string>(
    item: T,
    field: K,
    onLeftOut?: () => void,
  ): Awaitable<Exclude<T[K], undefined> | null> {
    const valueIn = (read: Partial<T>) => {
      if (onLeftOut && (read.leftOut?.[field] ?? 0) > 0) onLeftOut()
      return (read[field] ?? null) as Exclude<T[K], undefined> | null
    }
    if (item[field] !== undefined) return valueIn(item)
    return this.#collection.detail ? this.detail(item).then(valueIn) : null
  }

  /**
   * Synchronous when the pages read so far hold the key; else the keys of a batch wait for the list
   * together.
   */
  #inList(by: ListKey, key: string): Awaitable<T | null> {
    const found = this.list().findNow(by, key)
    if (found !== undefined) return found
    let lookUp = this.#lookUps.get(by)
    if (!lookUp) {
      lookUp = this.#keyLoader(`by ${by}`, idText, (keys) => keys.map((one) => this.list().find(by, one)))
      this.#lookUps.set(by, lookUp)
    }
    return lookUp.load(key)
  }

  #keyLoader<Key, Value>(what: string, textOf: (key: Key) => string, read: ReadBatch<Key, Value>) {
    return new KeyLoader(`${this.#access.account.key} ${this.#spec.name} ${what}`, textOf, read)
  }

  #otherwise({ number, preferredId, zerosLost, name, ownerId }: ItemReference): Awaitable<T | null> {
    const byNumber = number ? this.#byNumber(number) : null
    return andThen(
      byNumber,
      (found) =>
        (found && preferredId ? this.#preferred(found, preferredId) : found) ??
        (number && zerosLost ? this.#withLeadingZeros(number) : null) ??
        (name ? this.#inList('name', name) : null) ??
        (ownerId ? this.#inList('owner', ownerId) : null),
    )
  }

  /** That item, where it has the same number, else the one that was found. */
  #preferred(found: T, id: string): T {
    const { number } = this.#spec.keys
    const other = this.list().findRead('id', id)
    return other && number(other) === number(found) ? other : found
  }

  /** Called after a look-up that found nothing, so the whole list has been read. */
  #withLeadingZeros(number: string): T | null {
    const matches = this.list().items.filter(
      (item) => /^0*(.*)$/.exec(this.#spec.keys.number(item) ?? '')?.[1] === number,
    )
    return matches.length === 1 ? matches[0]! : null
  }

  #byNumber(number: string): Awaitable<T | null> {
    const field = this.#spec.detailedNumber
    return andThen(this.#inList('number', number), (found) => {
      const unnumbered = field && !found ? this.list().items.filter((item) => item[field] === undefined) : []
      if (!field || unnumbered.length === 0) return found
      const numbers = allOf(unnumbered.map((item) => this.value(item, field)))
      return andThen(numbers, (values) => unnumbered[values.findIndex((value) => value === number)] ?? null)
    })
  }

  #counted(): Collection<T> {
    this.#counting ??= this.#spec.collection(
      this.#access.open({
        onRequest: () => {
          this.otherRequests += 1
        },
      }),
    )!
    return this.#counting
  }
}
