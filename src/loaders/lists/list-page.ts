import type { Listed } from './listing.js'
import { compareInOrder, type SortKeys, type SortOrder } from './order.js'

/**
 * Of an unordered list: account, index in its list, id. Of an ordered one: sort keys, id. Goes into
 * cursors.
 */
export type Position = readonly [string, number, string] | readonly [SortKeys, string]

export interface ListPage<T> {
  readonly items: readonly T[]
  readonly positions: readonly Position[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

/** An item and its place. */
export interface Entry<T> {
  readonly item: T
  readonly accountKey: string
  /** Its index in the account's list. */
  readonly at: number
}

/** A page whose cursor positions are computed on access. */
export class LazyListPage<T extends Listed> implements ListPage<T> {
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

export const positionOf = <T extends Listed>(
  { item, accountKey, at }: Entry<T>,
  order: SortOrder<T> | null,
): Position => (order ? [order.keys(item), item.id] : [accountKey, at, item.id])

export function comparePositions(direction: 'ASC' | 'DESC', a: Position, b: Position): number {
  return compareInOrder(direction, a[0] as SortKeys, a[1] as string, b[0] as SortKeys, b[1] as string)
}
