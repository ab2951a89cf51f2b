import type { Awaitable } from '../../awaitable.js'
import { AppError, CursorInvalid } from '../../errors.js'
import type { SourceStatus } from '../../model/source-status.js'
import { explained } from '../failure-status.js'
import type { Listed, Listing } from './listing.js'
import { compareInOrder, type Order, type SortKeys } from './order.js'

/** One account's share of a list. */
export interface Part<T extends Listed> {
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

export interface Slice<T> {
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
  readonly parts: readonly Part<T>[]
  /** What remains to be checked here; null when every item belongs to the list. */
  readonly keep: ((item: T) => Awaitable<boolean>) | null
  readonly order: Order<T> | null
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
  readonly #failures = new Map<Part<T>, unknown>()
  readonly #matches = new Map<Part<T>, Promise<readonly Entry<T>[]>>()
  readonly #begun: Promise<unknown>[] = []

  constructor(reading: Reading<T>) {
    this.#reading = reading
    for (const part of reading.parts) if (part.failure) this.#fail(part, part.failure.error)
  }

  /** The `first` items after a position; an item that has gone since does not lose the place. */
  async slice(first: number, after: Position | null): Promise<Slice<T>> {
    const { order, onSourceFailure } = this.#reading
    const found = await (order ? this.#ordered(order, first, after) : this.#unordered(first, after))
    if (onSourceFailure === 'FAIL') await this.#throwFirstFailure()
    return new FoundSlice(found.slice(0, first), order, found.length > first, after !== null)
  }

  async count(): Promise<Count> {
    const counts = await this.#begin(Promise.all(this.#reading.parts.map((part) => this.#countOf(part))))
    if (this.#reading.onSourceFailure === 'FAIL') await this.#throwFirstFailure()
    const known = counts.filter((count) => count !== null)
    return {
      total: known.length === 0 && counts.length > 0 ? null : known.reduce((sum, count) => sum + count, 0),
      exact: this.#failures.size === 0 && !this.#reading.parts.some(({ listing }) => (listing?.unreadable ?? 0) > 0),
    }
  }

  /** What became of each account, once everything begun so far has ended. */
  async statuses(): Promise<readonly SourceStatus[]> {
    // Fields beside this one, such as the count, begin their own reading in the same turn.
    await Promise.resolve()
    await Promise.allSettled(this.#begun)
    return this.#reading.parts.map((part) => this.#status(part))
  }

  async #unordered(first: number, after: Position | null): Promise<readonly Entry<T>[]> {
    const { parts } = this.#reading
    const start = after === null ? 0 : parts.findIndex(({ accountKey }) => accountKey === after[0])
    if (start === -1) throw new CursorInvalid()
    const asked = parts.slice(start)
    for (const part of asked) this.#start(part)
    const found: Entry<T>[] = []
    for (const part of asked) {
      const from =
        after !== null && part === asked[0] ? await this.#resume(part, after as Position & [string, number, string]) : 0
      await this.#take(part, from, first + 1, found)
      if (found.length > first) break
    }
    return found
  }

  async #ordered(order: Order<T>, first: number, after: Position | null): Promise<readonly Entry<T>[]> {
    const matches = await Promise.all(this.#reading.parts.map((part) => this.#matchesOf(part)))
    const placed = matches.flat().map((entry) => ({ entry, position: positionOf(entry, order) }))
    placed.sort((a, b) => comparePositions(order.direction, a.position, b.position))
    const start =
      after === null ? 0 : placed.findIndex(({ position }) => comparePositions(order.direction, position, after) > 0)
    return start === -1 ? [] : placed.slice(start, start + first + 1).map(({ entry }) => entry)
  }

  /** The provider's first page of an account, without waiting for it. */
  #start({ listing }: Part<T>): void {
    const reading = listing?.upTo(1)
    if (reading instanceof Promise) this.#begin(reading).catch(() => {})
  }

  /** Where in a list to go on after the item of a cursor; when that item has gone, what followed it has taken its place. */
  async #resume(part: Part<T>, [, place, id]: readonly [string, number, string]): Promise<number> {
    const { listing } = part
    if (!listing) return 0
    try {
      for (let at = 0; ; at += 1) {
        if (at >= listing.items.length) await listing.upTo(at + 1)
        if (at >= listing.items.length) return place
        if (listing.items[at]!.id === id) return at + 1
      }
    } catch (error) {
      this.#fail(part, error)
      return Infinity
    }
  }

  /** Adds what belongs to the list, from a place of the account's list on, until there are `wanted` in all. */
  async #take(part: Part<T>, from: number, wanted: number, found: Entry<T>[]): Promise<void> {
    const { listing, accountKey } = part
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
      this.#fail(part, error)
    }
  }

  #matchesOf(part: Part<T>): Promise<readonly Entry<T>[]> {
    let matches = this.#matches.get(part)
    if (!matches) {
      const found: Entry<T>[] = []
      matches = this.#begin(this.#take(part, 0, Infinity, found).then(() => found))
      this.#matches.set(part, matches)
    }
    return matches
  }

  async #countOf(part: Part<T>): Promise<number | null> {
    const { listing } = part
    if (!listing) return 0
    if (!this.#reading.keep) {
      try {
        await listing.upTo(1)
        if (listing.total !== null) return listing.total
      } catch (error) {
        this.#fail(part, error)
        return null
      }
    }
    const matches = await this.#matchesOf(part)
    return this.#failures.has(part) && matches.length === 0 ? null : matches.length
  }

  #status(part: Part<T>): SourceStatus {
    const { accountKey, listing, pushedDown, residual } = part
    const failure = this.#failures.has(part) ? { error: this.#failures.get(part) } : (listing?.failure ?? null)
    const shared = {
      accountKey,
      stalenessSeconds: listing?.cacheUse.ageSeconds ?? null,
      upstreamRequests: (listing?.requests ?? 0) + (part.otherRequests?.() ?? 0),
      pushedDown,
      residual,
      gap: null,
    }
    if (!listing) {
      return {
        ...shared,
        state: 'UNSUPPORTED',
        errorCode: 'CAPABILITY_UNSUPPORTED',
        message: part.reason ?? null,
        retryAfterSeconds: null,
        pushedDown: [],
        residual: [],
      }
    }
    if (!failure) return { ...shared, ...(listing.cacheUse.staleness ?? given(listing)) }
    return { ...shared, state: listing.items.length > 0 ? 'PARTIAL' : 'FAILED', ...explained(failure.error) }
  }

  /** Remembered, so that whoever reports can wait for it. */
  #begin<V>(reading: Promise<V>): Promise<V> {
    this.#begun.push(reading)
    return reading
  }

  #fail(part: Part<T>, error: unknown): void {
    if (this.#failures.has(part)) return
    this.#failures.set(part, error)
    if (!(error instanceof AppError) && this.#reading.onSourceFailure === 'PARTIAL') this.#reading.onDefect?.(error)
  }

  async #throwFirstFailure(): Promise<void> {
    await Promise.allSettled(this.#begun)
    for (const part of this.#reading.parts) {
      const failure = this.#failures.has(part) ? { error: this.#failures.get(part) } : part.listing?.failure
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
class FoundSlice<T extends Listed> implements Slice<T> {
  readonly items: readonly T[]
  readonly #entries: readonly Entry<T>[]
  readonly #order: Order<T> | null
  #positions: readonly Position[] | null = null

  constructor(
    entries: readonly Entry<T>[],
    order: Order<T> | null,
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

const positionOf = <T extends Listed>({ item, accountKey, at }: Entry<T>, order: Order<T> | null): Position =>
  order ? [order.keys(item), item.id] : [accountKey, at, item.id]

function comparePositions(direction: 'ASC' | 'DESC', a: Position, b: Position): number {
  return compareInOrder(direction, a[0] as SortKeys, a[1] as string, b[0] as SortKeys, b[1] as string)
}
