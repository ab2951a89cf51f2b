import type { Awaitable } from '../../awaitable.js'
import { AppError, CursorInvalid } from '../../errors.js'
import type { SourceStatus } from '../../model/source-status.js'
import { failureStatus } from '../failure-status.js'
import type { Listed, Listing } from './listing.js'
import { compareInOrder, type SortOrder, type SortKeys } from './order.js'

/** One account's share of a list. */
export interface ListSource<T extends Listed> {
  readonly accountKey: string
  /** Null when the provider does not have such objects; `reason` then says so. */
  readonly listing: Listing<T> | null
  readonly reason?: string
  readonly pushedDown: readonly string[]
  readonly residual: readonly string[]
  /** Requests that were needed besides those of the listing. */
  readonly otherRequests?: () => number
  /** What kept some items from being found, when the rest could be. */
  readonly failure?: { readonly error: unknown } | null
}

/** In the provider's order: account, place in its list, id. Ordered: sort keys, id. Small enough to be written into a cursor. */
export type Position = readonly [string, number, string] | readonly [SortKeys, string]

export interface ListPage<T> {
  readonly items: readonly T[]
  readonly positions: readonly Position[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

export interface Count {
  /** Null when nobody knows anything. */
  readonly total: number | null
  readonly exact: boolean
}

export interface Reading<T extends Listed> {
  /** In the order in which their items come when nothing else orders them. */
  readonly sources: readonly ListSource<T>[]
  /** What remains to be checked here; null when every item belongs to the list. */
  readonly keep: ((item: T) => Awaitable<boolean>) | null
  readonly order: SortOrder<T> | null
  /** FAIL: the first account that cannot answer fails the reading. */
  readonly onSourceFailure: 'PARTIAL' | 'FAIL'
  /** Hears of failures that are this server's own, which `statuses` only hints at. */
  readonly onDefect?: (error: unknown) => void
}

/** An item where it was found. */
interface Entry<T> {
  readonly item: T
  readonly accountKey: string
  /** Its place in the account's list. */
  readonly at: number
}

/**
 * Reads one list over one or several accounts: a page of it, how many there are, and how each account contributed. Accounts
 * start all at once; each is read only as far as the answer needs. One account's failure never keeps the others' items away.
 */
export class ListReading<T extends Listed> {
  readonly #reading: Reading<T>
  readonly #failures = new Map<ListSource<T>, unknown>()
  readonly #matches = new Map<ListSource<T>, Promise<readonly Entry<T>[]>>()
  readonly #begun: Promise<unknown>[] = []

  constructor(reading: Reading<T>) {
    this.#reading = reading
    for (const source of reading.sources) if (source.failure) this.#fail(source, source.failure.error)
  }

  /** The `first` items after a position; an item that has gone since does not lose the place. */
  async page(first: number, after: Position | null): Promise<ListPage<T>> {
    const { order, onSourceFailure } = this.#reading
    const found = await (order ? this.#ordered(order, first, after) : this.#unordered(first, after))
    if (onSourceFailure === 'FAIL') await this.#throwFirstFailure()
    return new FoundPage(found.slice(0, first), order, found.length > first, after !== null)
  }

  async count(): Promise<Count> {
    const counts = await this.#begin(Promise.all(this.#reading.sources.map((source) => this.#countOf(source))))
    if (this.#reading.onSourceFailure === 'FAIL') await this.#throwFirstFailure()
    const known = counts.filter((count) => count !== null)
    return {
      total: known.length === 0 && counts.length > 0 ? null : known.reduce((sum, count) => sum + count, 0),
      exact: this.#failures.size === 0 && !this.#reading.sources.some(({ listing }) => (listing?.unreadable ?? 0) > 0),
    }
  }

  /** What became of each account, once everything begun so far has ended. */
  async statuses(): Promise<readonly SourceStatus[]> {
    // Fields beside this one, such as the count, begin their own reading in the same turn.
    await Promise.resolve()
    await Promise.allSettled(this.#begun)
    return this.#reading.sources.map((source) => this.#status(source))
  }

  async #unordered(first: number, after: Position | null): Promise<readonly Entry<T>[]> {
    const { sources } = this.#reading
    const start = after === null ? 0 : sources.findIndex(({ accountKey }) => accountKey === after[0])
    if (start === -1) throw new CursorInvalid()
    const asked = sources.slice(start)
    for (const source of asked) this.#start(source)
    const found: Entry<T>[] = []
    for (const source of asked) {
      const from =
        after !== null && source === asked[0]
          ? await this.#resume(source, after as Position & [string, number, string])
          : 0
      await this.#take(source, from, first + 1, found)
      if (found.length > first) break
    }
    return found
  }

  async #ordered(order: SortOrder<T>, first: number, after: Position | null): Promise<readonly Entry<T>[]> {
    const matches = await Promise.all(this.#reading.sources.map((source) => this.#matchesOf(source)))
    const placed = matches.flat().map((entry) => ({ entry, position: positionOf(entry, order) }))
    placed.sort((a, b) => comparePositions(order.direction, a.position, b.position))
    const start =
      after === null ? 0 : placed.findIndex(({ position }) => comparePositions(order.direction, position, after) > 0)
    return start === -1 ? [] : placed.slice(start, start + first + 1).map(({ entry }) => entry)
  }

  /** The provider's first page of an account, without waiting for it. */
  #start({ listing }: ListSource<T>): void {
    const reading = listing?.upTo(1)
    if (reading instanceof Promise) this.#begin(reading).catch(() => {})
  }

  /** Where in a list to go on after the item of a cursor; when that item has gone, what followed it has taken its place. */
  async #resume(source: ListSource<T>, [, place, id]: readonly [string, number, string]): Promise<number> {
    const { listing } = source
    if (!listing) return 0
    try {
      for (let at = 0; ; at += 1) {
        if (at >= listing.items.length) await listing.upTo(at + 1)
        if (at >= listing.items.length) return place
        if (listing.items[at]!.id === id) return at + 1
      }
    } catch (error) {
      this.#fail(source, error)
      return Infinity
    }
  }

  /** Adds what belongs to the list, from a place of the account's list on, until there are `wanted` in all. */
  async #take(source: ListSource<T>, from: number, wanted: number, found: Entry<T>[]): Promise<void> {
    const { listing, accountKey } = source
    const { keep } = this.#reading
    if (!listing) return
    try {
      let { items } = listing
      for (let at = from; found.length < wanted; at += 1) {
        if (at >= items.length) items = await listing.upTo(at + 1)
        const item = items[at]
        if (!item) return
        const kept = keep ? keep(item) : true
        if (kept instanceof Promise ? await kept : kept) found.push({ item, accountKey, at })
      }
    } catch (error) {
      this.#fail(source, error)
    }
  }

  #matchesOf(source: ListSource<T>): Promise<readonly Entry<T>[]> {
    let matches = this.#matches.get(source)
    if (!matches) {
      const found: Entry<T>[] = []
      matches = this.#begin(this.#take(source, 0, Infinity, found).then(() => found))
      this.#matches.set(source, matches)
    }
    return matches
  }

  async #countOf(source: ListSource<T>): Promise<number | null> {
    const { listing } = source
    if (!listing) return 0
    if (!this.#reading.keep) {
      try {
        await listing.upTo(1)
        if (listing.total !== null) return listing.total
      } catch (error) {
        this.#fail(source, error)
        return null
      }
    }
    const matches = await this.#matchesOf(source)
    return this.#failures.has(source) && matches.length === 0 ? null : matches.length
  }

  #status(source: ListSource<T>): SourceStatus {
    const { accountKey, listing, pushedDown, residual } = source
    const failure = this.#failures.has(source) ? { error: this.#failures.get(source) } : (listing?.failure ?? null)
    const shared = {
      accountKey,
      stalenessSeconds: listing?.cacheUse.ageSeconds ?? null,
      upstreamRequests: (listing?.requests ?? 0) + (source.otherRequests?.() ?? 0),
      pushedDown,
      residual,
      gap: null,
    }
    if (!listing) {
      return {
        ...shared,
        state: 'UNSUPPORTED',
        errorCode: 'CAPABILITY_UNSUPPORTED',
        message: source.reason ?? null,
        retryAfterSeconds: null,
        pushedDown: [],
        residual: [],
      }
    }
    if (!failure) return { ...shared, ...(listing.cacheUse.staleness ?? given(listing)) }
    return { ...shared, state: listing.items.length > 0 ? 'PARTIAL' : 'FAILED', ...failureStatus(failure.error) }
  }

  /** Remembered, so that whoever reports can wait for it. */
  #begin<V>(reading: Promise<V>): Promise<V> {
    this.#begun.push(reading)
    return reading
  }

  #fail(source: ListSource<T>, error: unknown): void {
    if (this.#failures.has(source)) return
    this.#failures.set(source, error)
    if (!(error instanceof AppError) && this.#reading.onSourceFailure === 'PARTIAL') this.#reading.onDefect?.(error)
  }

  async #throwFirstFailure(): Promise<void> {
    await Promise.allSettled(this.#begun)
    for (const source of this.#reading.sources) {
      const failure = this.#failures.has(source) ? { error: this.#failures.get(source) } : source.listing?.failure
      if (failure) throw failure.error
    }
  }
}

/** Items that cannot be read now would not be readable a second time either. */
function given({ unreadable, items }: { readonly unreadable: number; readonly items: readonly unknown[] }) {
  if (unreadable === 0) return { state: 'COMPLETE', errorCode: null, message: null, retryAfterSeconds: null } as const
  return {
    state: items.length > 0 ? 'PARTIAL' : 'FAILED',
    errorCode: 'PROVIDER_BAD_RESPONSE',
    message: `${unreadable} of the objects could not be read and are left out.`,
    retryAfterSeconds: null,
  } as const
}

/** A page as it was found; what its cursors hold is made only when somebody asks for one. */
class FoundPage<T extends Listed> implements ListPage<T> {
  readonly items: readonly T[]
  readonly #entries: readonly Entry<T>[]
  readonly #order: SortOrder<T> | null
  #positions: readonly Position[] | null = null

  constructor(
    entries: readonly Entry<T>[],
    order: SortOrder<T> | null,
    readonly hasNextPage: boolean,
    readonly hasPreviousPage: boolean,
  ) {
    this.items = entries.map(({ item }) => item)
    this.#entries = entries
    this.#order = order
  }

  get positions(): readonly Position[] {
    return (this.#positions ??= this.#entries.map((entry) => positionOf(entry, this.#order)))
  }
}

const positionOf = <T extends Listed>({ item, accountKey, at }: Entry<T>, order: SortOrder<T> | null): Position =>
  order ? [order.keys(item), item.id] : [accountKey, at, item.id]

function comparePositions(direction: 'ASC' | 'DESC', a: Position, b: Position): number {
  return compareInOrder(direction, a[0] as SortKeys, a[1] as string, b[0] as SortKeys, b[1] as string)
}
