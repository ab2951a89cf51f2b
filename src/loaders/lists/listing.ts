import { oncePer } from '../../attached.js'
import { andThen, type Awaitable } from '../../awaitable.js'
import type { ReadObserver } from '../../providers/account.js'
import type { Page, Pages } from '../../providers/provider.js'
import { CacheUse } from './cache-status.js'

/** What every item of a list has. */
export interface Listed {
  readonly id: string
  readonly providerResourceId: string
}

/** The keys an item of a list is found by: the provider's id, number, name, owner. */
export type ListKey = 'id' | 'number' | 'name' | 'owner'
export type ListKeys<T> = Readonly<Record<Exclude<ListKey, 'owner'>, KeyOf<T>>> & { readonly owner?: KeyOf<T> }

/**
 * One list of one account within one operation, read page by page: only as far as needed, and no
 * page twice. Connections and look-ups share it. A failed page stays failed until the operation
 * ends.
 */
export class Listing<T extends Listed> {
  /** Requests sent for this list so far. */
  requests = 0
  readonly cacheUse = new CacheUse()
  /** Items of the pages read so far that could not be mapped and are left out. */
  unreadable = 0
  /** The whole list has been read. */
  complete = false

  readonly #open: (observer: ReadObserver) => Pages<T>
  readonly #keys: ListKeys<T>
  /** Shared, with its indexes, by all operations that get the same cached reply. */
  #first: readonly T[] = []
  /** All pages, from the second one on. */
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

  /** A list of items that are known already. */
  static of<T extends Listed>(items: readonly T[]): Listing<T> {
    const listing = new Listing<T>(BY_ID, noPages)
    listing.#first = items
    listing.complete = true
    return listing
  }

  /** The items read so far, in the provider's order, without duplicates. */
  get items(): readonly T[] {
    return this.#later?.items ?? this.#first
  }

  /** How many there are in all; null while that is unknown. */
  get total(): number | null {
    return this.complete ? this.items.length : this.#announced
  }

  /** The page being read now; null when none is. */
  get reading(): Promise<void> | null {
    return this.#reading
  }

  get failure(): { readonly error: unknown } | null {
    return this.#failure
  }

  /** Reads on until there are at least `count` items, or the list ends. */
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

  /** The first item with this key; reads on only while there is none. */
  find(by: ListKey, key: string): Awaitable<T | null> {
    for (;;) {
      const known = this.findRead(by, key)
      if (known !== null || this.complete) return known
      const reading = this.#nextPage()
      if (reading) return reading.then(() => this.find(by, key))
    }
  }

  /**
   * The same without waiting: `undefined` when the next page is not available synchronously. That
   * page has been requested then, and is on its way while a batch collects its keys.
   */
  findNow(by: ListKey, key: string): T | null | undefined {
    for (;;) {
      const known = this.findRead(by, key)
      if (known !== null || this.complete) return known
      if (this.#failure || this.#reading) return undefined
      const reading = this.#nextPage()
      if (!reading) continue
      // The failure is kept, and thrown to whoever needs the page.
      reading.catch(() => {})
      return undefined
    }
  }

  /** The same, among the items read so far. */
  findRead(by: ListKey, key: string): T | null {
    const keyOf = this.#keys[by]
    if (!keyOf) return null
    const index = this.#later ? this.#later.index(by, keyOf) : indexOf(this.#first, keyOf)
    return index.get(key) ?? null
  }

  /** Reads the next page; null: the page was available synchronously and has been added. */
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

  /** Null after the last page. */
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
    else (this.#later ??= new LaterPages(this.#first)).add(page.items)
    this.#announced = page.totalCount
    this.unreadable += page.unreadable ?? 0
  }
}

const begin = <T>(pages: Pages<T>) =>
  Symbol.asyncIterator in pages ? pages[Symbol.asyncIterator]() : pages[Symbol.iterator]()

const BY_ID: ListKeys<Listed> = { id: (item) => item.providerResourceId, number: () => null, name: () => null }

/** The items of a list of more than one page. */
class LaterPages<T extends Listed> {
  readonly items: T[]
  readonly #seen: Set<string>
  readonly #indexes = new Map<ListKey, { readonly found: Map<string, T>; indexed: number }>()

  constructor(first: readonly T[]) {
    this.items = [...first]
    this.#seen = new Set(first.map(({ id }) => id))
  }

  add(items: readonly T[]): void {
    for (const item of items) {
      // Rows that shift while pages are read come twice.
      if (this.#seen.has(item.id)) continue
      this.#seen.add(item.id)
      this.items.push(item)
    }
  }

  index(by: ListKey, keyOf: KeyOf<T>): ReadonlyMap<string, T> {
    let index = this.#indexes.get(by)
    if (!index) this.#indexes.set(by, (index = { found: new Map(), indexed: 0 }))
    for (; index.indexed < this.items.length; index.indexed += 1) {
      addTo(index.found, this.items[index.indexed]!, keyOf)
    }
    return index.found
  }
}

type KeyOf<T> = (item: T) => string | null | undefined

/** Of several items with one key, references mean the first. */
function addTo<T>(found: Map<string, T>, item: T, keyOf: KeyOf<T>): void {
  const key = keyOf(item)
  if (key != null && !found.has(key)) found.set(key, item)
}

const distinct = oncePer((items: readonly Listed[]): readonly Listed[] => {
  const seen = new Set<string>()
  return items.filter(({ id }) => !seen.has(id) && seen.add(id))
})

const indexesOf = oncePer((_items: readonly unknown[]) => new Map<unknown, Map<string, unknown>>())

/** Built once for as long as the items are in use. */
function indexOf<T>(items: readonly T[], keyOf: KeyOf<T>): ReadonlyMap<string, T> {
  const indexes = indexesOf(items) as Map<unknown, Map<string, T>>
  const known = indexes.get(keyOf)
  if (known) return known
  const found = new Map<string, T>()
  for (const item of items) addTo(found, item, keyOf)
  indexes.set(keyOf, found)
  return found
}

const noPages = (): Pages<never> => []
