import type { Awaitable } from '../../awaitable.js'
import { AppError, CursorInvalid } from '../../errors.js'
import type { SourceStatus } from '../../model/source-status.js'
import { failureStatus } from '../failure-status.js'
import type { Listed, Listing } from './listing.js'
import { comparePositions, LazyListPage, positionOf, type Entry, type ListPage, type Position } from './list-page.js'
import type { SortOrder } from './order.js'
import { isUnreadable, unreadableStatus, type ReadItems } from './unreadable.js'

/** One account's share of a list. */
export interface ListSource<T extends Listed> {
  readonly accountKey: string
  /** Thrown for a list that fails because none of its items could be read. */
  readonly unreadableError?: () => Error
  /** Null when the provider has no such objects; `reason` then says so. */
  readonly listing: Listing<T> | null
  readonly reason?: string
  readonly pushedDown: readonly string[]
  readonly residual: readonly string[]
  /** Requests that were needed besides those of the listing, such as details. */
  readonly otherRequests?: () => number
  /** The failure that kept some of the items from being found. */
  readonly failure?: { readonly error: unknown } | null
  /** The list that the items were looked for in, where `listing` holds only what was found. */
  readonly foundIn?: ReadItems | null
}

export interface Count {
  /** Null when no account knows. */
  readonly total: number | null
  readonly exact: boolean
}

export interface Reading<T extends Listed> {
  /** In the order of their items, unless `order` is set. */
  readonly sources: readonly ListSource<T>[]
  /** The residual filter, evaluated here; null when every item belongs to the list. */
  readonly keep: ((item: T) => Awaitable<boolean>) | null
  readonly order: SortOrder<T> | null
  /** FAIL: the first account that cannot answer fails the reading. */
  readonly onSourceFailure: 'PARTIAL' | 'FAIL'
  /** Called with failures that are this server's own, which `statuses` only hints at. */
  readonly onDefect?: (error: unknown) => void
}

/**
 * Reads one list over one or several accounts: a page of it, the count, and the status of each
 * account. All accounts start at once, and each is read only as far as needed. The failure of one
 * never hides the items of the others.
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

  /**
   * The `first` items after a position, which is found again even when its item has gone.
   *
   * @throws CursorInvalid when the position is of an account that is not in the list.
   * @throws the first failure of an account, if `onSourceFailure` is FAIL.
   */
  async page(first: number, after: Position | null): Promise<ListPage<T>> {
    const { order, onSourceFailure } = this.#reading
    const entries = await (order ? this.#ordered(order, first, after) : this.#unordered(first, after))
    if (onSourceFailure === 'FAIL') await this.#throwFirstFailure()
    return new LazyListPage(entries.slice(0, first), order, entries.length > first, after !== null)
  }

  /** @throws the first failure of an account, if `onSourceFailure` is FAIL. */
  async count(): Promise<Count> {
    const counts = await this.#begin(Promise.all(this.#reading.sources.map((source) => this.#countOf(source))))
    if (this.#reading.onSourceFailure === 'FAIL') await this.#throwFirstFailure()
    const known = counts.filter((count) => count !== null)
    return {
      total: known.length === 0 && counts.length > 0 ? null : known.reduce((sum, count) => sum + count, 0),
      exact:
        this.#failures.size === 0 && !this.#reading.sources.some((source) => (readItems(source)?.unreadable ?? 0) > 0),
    }
  }

  /** The status of each account, once all reading begun so far has ended. */
  async statuses(): Promise<readonly SourceStatus[]> {
    // Sibling fields, such as totalCount, begin their own reading in this turn.
    await Promise.resolve()
    await Promise.allSettled(this.#begun)
    return this.#reading.sources.map((source) => this.#status(source))
  }

  /**
   * The status of each account that failed or broke off; the same as among `statuses`, which need
   * not be asked for.
   */
  async lacking(): Promise<readonly SourceStatus[]> {
    if (this.#begun.length > 0) await Promise.allSettled(this.#begun)
    const isLacking = (source: ListSource<T>) =>
      this.#failureOf(source) !== null || (readItems(source)?.unreadable ?? 0) > 0
    return this.#reading.sources.filter(isLacking).map((source) => this.#status(source))
  }

  async #unordered(first: number, after: Position | null): Promise<readonly Entry<T>[]> {
    const { sources } = this.#reading
    const start = after === null ? 0 : sources.findIndex(({ accountKey }) => accountKey === after[0])
    if (start === -1) throw new CursorInvalid()
    const remaining = sources.slice(start)
    for (const source of remaining) this.#start(source)
    const entries: Entry<T>[] = []
    for (const source of remaining) {
      const from =
        after !== null && source === remaining[0]
          ? await this.#resume(source, after as Position & [string, number, string])
          : 0
      await this.#take(source, from, first + 1, entries)
      if (entries.length > first) break
    }
    return entries
  }

  async #ordered(order: SortOrder<T>, first: number, after: Position | null): Promise<readonly Entry<T>[]> {
    const matches = await Promise.all(this.#reading.sources.map((source) => this.#matchesOf(source)))
    const placed = matches.flat().map((entry) => ({ entry, position: positionOf(entry, order) }))
    placed.sort((a, b) => comparePositions(order.direction, a.position, b.position))
    const start =
      after === null ? 0 : placed.findIndex(({ position }) => comparePositions(order.direction, position, after) > 0)
    return start === -1 ? [] : placed.slice(start, start + first + 1).map(({ entry }) => entry)
  }

  /** Requests the first page of an account, without waiting for it. */
  #start({ listing }: ListSource<T>): void {
    const reading = listing?.upTo(1)
    if (reading instanceof Promise) this.#begin(reading).catch(() => {})
  }

  /**
   * The index after the item of a cursor. When the item has gone, its follower has taken its index.
   */
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

  /** Adds the matching items of one account from index `from` on, until `entries` has `wanted`. */
  async #take(source: ListSource<T>, from: number, wanted: number, entries: Entry<T>[]): Promise<void> {
    const { listing, accountKey } = source
    const { keep } = this.#reading
    if (!listing) return
    try {
      let { items } = listing
      for (let at = from; entries.length < wanted; at += 1) {
        if (at >= items.length) items = await listing.upTo(at + 1)
        const item = items[at]
        if (!item) return
        const kept = keep ? keep(item) : true
        if (kept instanceof Promise ? await kept : kept) entries.push({ item, accountKey, at })
      }
    } catch (error) {
      this.#fail(source, error)
    }
  }

  #matchesOf(source: ListSource<T>): Promise<readonly Entry<T>[]> {
    let matches = this.#matches.get(source)
    if (!matches) {
      const entries: Entry<T>[] = []
      matches = this.#begin(this.#take(source, 0, Infinity, entries).then(() => entries))
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
    const failure = this.#failureOf(source)
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
    if (!failure) return { ...shared, ...(listing.cacheUse.staleness ?? unreadableStatus(source.foundIn ?? listing)) }
    return { ...shared, state: listing.items.length > 0 ? 'PARTIAL' : 'FAILED', ...failureStatus(failure.error) }
  }

  /** Keeps the promise, so that `statuses` can wait for it. */
  #begin<V>(reading: Promise<V>): Promise<V> {
    this.#begun.push(reading)
    return reading
  }

  #fail(source: ListSource<T>, error: unknown): void {
    if (this.#failures.has(source)) return
    this.#failures.set(source, error)
    if (!(error instanceof AppError) && this.#reading.onSourceFailure === 'PARTIAL') this.#reading.onDefect?.(error)
  }

  /**
   * The failure of what this list read: a listing is shared with others, which may read further and
   * fail there.
   */
  #failureOf(source: ListSource<T>): { readonly error: unknown } | null {
    if (this.#failures.has(source)) return { error: this.#failures.get(source) }
    const { listing } = source
    return listing?.items.length === 0 ? listing.failure : null
  }

  async #throwFirstFailure(): Promise<void> {
    await Promise.allSettled(this.#begun)
    for (const source of this.#reading.sources) {
      const failure = this.#failureOf(source)
      if (failure) throw failure.error
      if (source.unreadableError && source.listing && isUnreadable(source.listing)) throw source.unreadableError()
    }
  }
}

/** What was read, of which something may have been left out. */
const readItems = <T extends Listed>({ listing, foundIn }: ListSource<T>): ReadItems | null => foundIn ?? listing
