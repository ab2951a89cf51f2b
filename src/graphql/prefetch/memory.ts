import type { AccountLoader } from '../../loaders/account-loader.js'
import type { EdgeField, ListName } from '../../model/request-fields.js'
import type { ConnectedAccount } from '../../providers/account.js'
import { listsNeeded, type FieldEdge, type Item } from './edges.js'

/** Which lists one edge of an account's list led to when the list was last read. */
export interface EdgeStatistics {
  /** How many items of the list were read, from its beginning. */
  readonly read: number
  /** Whether these were all. */
  readonly whole: boolean
  /**
   * Of the items that need a list: the index of the first, in the provider's order, and how many
   * they are.
   */
  readonly needing: ReadonlyMap<ListName, { readonly first: number; readonly count: number }>
}

/**
 * What is remembered of accounts while the process lives: a few numbers each, and no data of
 * theirs.
 */
export class PrefetchMemory {
  readonly #statistics = new WeakMap<ConnectedAccount, Map<EdgeField, EdgeStatistics>>()

  /** Null when the account's list has not been read since the process started. */
  statistics({ account }: AccountLoader, { field }: FieldEdge): EdgeStatistics | null {
    return this.#statistics.get(account)?.get(field) ?? null
  }

  /** Learns from the items an operation has read of a list. */
  learn(loader: AccountLoader, edge: FieldEdge, items: readonly Item[], whole: boolean): void {
    const last = this.statistics(loader, edge)
    if (items.length === 0 && !whole) return
    // A beginning tells less than the whole list does, unless it is longer than that list was.
    if (last?.whole && !whole && items.length <= last.read) return
    const needing = new Map<ListName, { first: number; count: number }>()
    items.forEach((item, at) => {
      for (const list of listsNeeded(edge, item, loader)) {
        const entry = needing.get(list)
        if (entry) entry.count += 1
        else needing.set(list, { first: at, count: 1 })
      }
    })
    const edges = this.#statistics.get(loader.account) ?? new Map<EdgeField, EdgeStatistics>()
    this.#statistics.set(loader.account, edges.set(edge.field, { read: items.length, whole, needing }))
  }
}

/** Whether the first `size` items, in the provider's order, need the list. */
export const firstItemsNeed = ({ needing }: EdgeStatistics, list: ListName, size: number): boolean =>
  size > (needing.get(list)?.first ?? Infinity)

/**
 * Whether any `size` of `total` items must include one that needs the list: too few others to fill
 * the page.
 */
export const anyItemsNeed = ({ needing }: EdgeStatistics, list: ListName, size: number, total: number): boolean =>
  size > total - (needing.get(list)?.count ?? 0)
