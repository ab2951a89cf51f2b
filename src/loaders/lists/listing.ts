import { oncePer } from '../../attached.js'
import { andThen, type Awaitable } from '../../awaitable.js'
import type { ReadObserver } from '../../providers/account.js'
import type { Page, Pages } from '../../providers/provider.js'
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
  /** Requests sent for this list so far. */
  requests = 0
  readonly cacheUse = new CacheUse()
  /** Items that came so far and nobody could read. */
  unreadable = 0
  /** Nothing is left to be read. */
  complete = false

  readonly #open: (observer: ReadObserver) => Pages<T>
  readonly #keys: ListKeys<T>
  /** The first page is shared with every other operation that is given the same answer, and so is what it is indexed by. */
  #first: readonly T[] = []
  /** All pages, once there is a second. */
  #later: LaterPages<T> | null = null
  #pages: AsyncIterator<Page<T>> | Iterator<Awaitable<Page<T>>> | null = null
  #reading: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null
  #announced: number | null = null
  #pagesRead = 0

  constructor(keys: ListKeys<T>, open: (observer: ReadObserver) => Pages<T>) {
    this.#keys = keys
    this.#open = open
  }

  /** A list that needs no reading. */
  static of<T extends Listed>(items: readonly T[]): Listing<T> {
    const listing = new Listing<T>(BY_ID, nothing)
    listing.#first = items
    listing.complete = true
    return listing
  }

  /** What has been read so far, in the provider's order, nothing twice. */
  get items(): readonly T[] {
    return this.#later?.items ?? this.#first
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
    while (this.items.length < count && !this.complete) {
      const reading = this.#nextPage()
      if (reading) return reading.then(() => this.upTo(count))
    }
    return this.items
  }

  all(): Awaitable<readonly T[]> {
    return this.upTo(Infinity)
  }

  /** The first item with this key, reading on only while it has not been found. */
  find(by: ListKey, key: string): Awaitable<T | null> {
    for (;;) {
      const known = this.known(by, key)
      if (known !== null || this.complete) return known
      const reading = this.#nextPage()
      if (reading) return reading.then(() => this.find(by, key))
    }
  }

  /**
   * The same without waiting; undefined when that takes a page which is not available yet. The page is requested then, so
   * that it is on its way while other keys are being collected.
   */
  findNow(by: ListKey, key: string): T | null | undefined {
    for (;;) {
      const known = this.known(by, key)
      if (known !== null || this.complete) return known
      if (this.#failure || this.#reading) return undefined
      const reading = this.#nextPage()
      if (!reading) continue
      // Whoever waits for the page is given its failure.
      reading.catch(() => {})
      return undefined
    }
  }

  /** The same among what has been read already. */
  known(by: ListKey, key: string): T | null {
    const index = this.#later ? this.#later.index(by) : indexOf(this.#first, this.#keys[by])
    return index.get(key) ?? null
  }

  /** Null when it was at hand: it has been added already. */
  #nextPage(): Promise<void> | null {
    if (this.#failure) return Promise.reject(this.#failure.error)
    if (this.#reading) return this.#reading
    try {
      const page = this.#page()
      if (page instanceof Promise) return (this.#reading = this.#added(page))
      this.#add(page)
      return null
    } catch (error) {
      this.#failure = { error }
      return Promise.reject(error)
    }
  }

  async #added(page: Promise<Page<T> | null>): Promise<void> {
    try {
      this.#add(await page)
    } catch (error) {
      this.#failure = { error }
      throw error
    } finally {
      this.#reading = null
    }
  }

  /** Null after the last one. */
  #page(): Awaitable<Page<T> | null> {
    this.#pages ??= begin(
      this.#open({
        onRequest: () => {
          this.requests += 1
        },
        onCached: (cached) => this.cacheUse.note(cached),
      }),
    )
    return andThen(this.#pages.next(), ({ done, value }) => (done ? null : value))
  }

  #add(page: Page<T> | null): void {
    if (page === null) {
      this.complete = true
      return
    }
    if (this.#pagesRead++ === 0) this.#first = distinct(page.items) as readonly T[]
    else (this.#later ??= new LaterPages(this.#first, this.#keys)).add(page.items)
    this.#announced = page.totalCount
    this.unreadable += page.unreadable ?? 0
  }
}

const begin = <T>(pages: Pages<T>) =>
  Symbol.asyncIterator in pages ? pages[Symbol.asyncIterator]() : pages[Symbol.iterator]()

const BY_ID: ListKeys<Listed> = { id: (item) => item.providerResourceId, number: () => null, name: () => null }

/** A list that goes on after its first page. */
class LaterPages<T extends Listed> {
  readonly items: T[]
  readonly #keys: ListKeys<T>
  readonly #seen: Set<string>
  readonly #indexes = new Map<ListKey, { readonly found: Map<string, T>; indexed: number }>()

  constructor(first: readonly T[], keys: ListKeys<T>) {
    this.items = [...first]
    this.#keys = keys
    this.#seen = new Set(first.map(({ id }) => id))
  }

  add(items: readonly T[]): void {
    for (const item of items) {
      // Rows that shift between two pages are told twice.
      if (this.#seen.has(item.id)) continue
      this.#seen.add(item.id)
      this.items.push(item)
    }
  }

  index(by: ListKey): ReadonlyMap<string, T> {
    let index = this.#indexes.get(by)
    if (!index) this.#indexes.set(by, (index = { found: new Map(), indexed: 0 }))
    for (; index.indexed < this.items.length; index.indexed += 1) {
      addTo(index.found, this.items[index.indexed]!, this.#keys[by])
    }
    return index.found
  }
}

type KeyOf<T> = (item: T) => string | null | undefined

/** The first of several with one key is the one that is meant. */
function addTo<T>(found: Map<string, T>, item: T, keyOf: KeyOf<T>): void {
  const key = keyOf(item)
  if (key != null && !found.has(key)) found.set(key, item)
}

const distinct = oncePer((items: readonly Listed[]): readonly Listed[] => {
  const seen = new Set<string>()
  return items.filter(({ id }) => !seen.has(id) && seen.add(id))
})

const indexesOf = oncePer((_items: readonly unknown[]) => new Map<unknown, Map<string, unknown>>())

/** Made once for as long as the items are in use. */
function indexOf<T>(items: readonly T[], keyOf: KeyOf<T>): ReadonlyMap<string, T> {
  const indexes = indexesOf(items) as Map<unknown, Map<string, T>>
  const known = indexes.get(keyOf)
  if (known) return known
  const found = new Map<string, T>()
  for (const item of items) addTo(found, item, keyOf)
  indexes.set(keyOf, found)
  return found
}

const nothing = (): Pages<never> => []
