import type { ReadObserver } from '../providers/account.js'
import type { Page } from '../providers/provider.js'
import type { Awaitable } from './awaitable.js'
import { CacheUse } from './cache-status.js'

/** What anything listed has. */
export interface Listed {
  readonly id: string
  readonly providerResourceId: string
}

/** The ways to find one item of a list: by the provider's id, by number, by name. */
export type ListKey = 'id' | 'number' | 'name'
export type ListKeys<T> = Readonly<Record<ListKey, (item: T) => string | null | undefined>>

/**
 * One list of one account within one operation: read page by page, no further than anyone asks, no page twice. Everything
 * that needs the list shares it, connections and look-ups alike. A failed page stays failed until the operation ends.
 */
export class Listing<T extends Listed> {
  /** What has been read so far, in the provider's order, nothing twice. */
  readonly items: T[] = []
  /** Requests sent for this list so far. */
  requests = 0
  readonly cacheUse = new CacheUse()
  /** Items that came so far and nobody could read. */
  unreadable = 0
  /** Nothing is left to be read. */
  complete = false

  readonly #open: (observer: ReadObserver) => AsyncIterable<Page<T>>
  readonly #keys: ListKeys<T>
  readonly #seen = new Set<string>()
  readonly #indexes = new Map<ListKey, { readonly items: Map<string, T>; indexed: number }>()
  #pages: AsyncIterator<Page<T>> | null = null
  #reading: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null
  #announced: number | null = null

  constructor(keys: ListKeys<T>, open: (observer: ReadObserver) => AsyncIterable<Page<T>>) {
    this.#keys = keys
    this.#open = open
  }

  /** A list that needs no reading. */
  static of<T extends Listed>(items: readonly T[]): Listing<T> {
    const listing = new Listing<T>(
      { id: (item) => item.providerResourceId, number: () => null, name: () => null },
      nothing,
    )
    listing.items.push(...items)
    listing.complete = true
    return listing
  }

  /** How many there are in all; null while nobody knows. */
  get total(): number | null {
    return this.complete ? this.items.length : this.#announced
  }

  /** The page being read now, for those who report on the reading itself. */
  get reading(): Promise<void> | null {
    return this.#reading
  }

  get failure(): { readonly error: unknown } | null {
    return this.#failure
  }

  /** At least `count` items, or all there are. */
  upTo(count: number): Awaitable<readonly T[]> {
    return this.items.length >= count || this.complete ? this.items : this.#readUpTo(count)
  }

  all(): Awaitable<readonly T[]> {
    return this.upTo(Infinity)
  }

  /** The first item with this key, reading on only while it has not been found. */
  find(by: ListKey, key: string): Awaitable<T | null> {
    const known = this.known(by, key)
    return known !== null || this.complete ? known : this.#readUntilFound(by, key)
  }

  /** The same among what has been read already. */
  known(by: ListKey, key: string): T | null {
    let index = this.#indexes.get(by)
    if (!index) this.#indexes.set(by, (index = { items: new Map(), indexed: 0 }))
    for (; index.indexed < this.items.length; index.indexed += 1) {
      const item = this.items[index.indexed]!
      const own = this.#keys[by](item)
      if (own != null && !index.items.has(own)) index.items.set(own, item)
    }
    return index.items.get(key) ?? null
  }

  async #readUpTo(count: number): Promise<readonly T[]> {
    while (this.items.length < count && !this.complete) await this.#nextPage()
    return this.items
  }

  async #readUntilFound(by: ListKey, key: string): Promise<T | null> {
    for (;;) {
      await this.#nextPage()
      const known = this.known(by, key)
      if (known !== null || this.complete) return known
    }
  }

  #nextPage(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error)
    if (this.#reading) return this.#reading
    const reading = this.#readPage()
    const settled = () => {
      this.#reading = null
    }
    this.#reading = reading
    reading.then(settled, settled)
    return reading
  }

  async #readPage(): Promise<void> {
    try {
      this.#pages ??= this.#open({
        onRequest: () => {
          this.requests += 1
        },
        onCached: (cached) => this.cacheUse.note(cached),
      })[Symbol.asyncIterator]()
      const page = await this.#pages.next()
      if (page.done) {
        this.complete = true
        return
      }
      for (const item of page.value.items) {
        // Rows that shift between two pages are told twice.
        if (this.#seen.has(item.id)) continue
        this.#seen.add(item.id)
        this.items.push(item)
      }
      this.#announced = page.value.totalCount
      this.unreadable += page.value.unreadable ?? 0
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }
}

async function* nothing(): AsyncGenerator<never> {}
