import type { AccountLoader } from '../../loaders/account-loader.js'
import type { ConnectedAccount } from '../../providers/account.js'
import { targetsOf, type Item, type Noun } from './edges.js'

/** Where one edge of an account's list led when it was last read. */
export interface Shape {
  /** How many items of the list were read, from its beginning. */
  readonly read: number
  /** Whether these were all. */
  readonly whole: boolean
  /** Of the items that lead to a list: the place of the first in the provider's order, and how many they are. */
  readonly leading: ReadonlyMap<Noun, { readonly first: number; readonly count: number }>
}

/** What is remembered of accounts for as long as the process lives: a few numbers for each, and nothing that could be shown to anyone. */
export class PrefetchMemory {
  readonly #shapes = new WeakMap<ConnectedAccount, Map<string, Shape>>()

  shape({ account }: AccountLoader, edge: string): Shape | null {
    return this.#shapes.get(account)?.get(edge) ?? null
  }

  /** Looks at what an operation has read of a list. */
  learn(loader: AccountLoader, edge: string, items: readonly Item[], whole: boolean): void {
    const known = this.shape(loader, edge)
    // The beginning of a list says less than the whole of it, until the whole is found to be wrong.
    if (items.length === 0 && !whole) return
    if (known?.whole && !whole && items.length <= known.read) return
    const leading = new Map<Noun, { first: number; count: number }>()
    items.forEach((item, at) => {
      for (const noun of targetsOf(edge, item, loader)) {
        const found = leading.get(noun)
        if (found) found.count += 1
        else leading.set(noun, { first: at, count: 1 })
      }
    })
    const shapes = this.#shapes.get(loader.account) ?? new Map<string, Shape>()
    this.#shapes.set(loader.account, shapes.set(edge, { read: items.length, whole, leading }))
  }
}

/** Whether the first items of the provider's order lead to the list. */
export const isAmongFirst = ({ leading }: Shape, noun: Noun, size: number): boolean =>
  size > (leading.get(noun)?.first ?? Infinity)

/** Whether some of `size` items do, whichever they are of `total`: when those that do not are too few to be all of them. */
export const isAmongAny = ({ leading }: Shape, noun: Noun, size: number, total: number): boolean =>
  size > total - (leading.get(noun)?.count ?? 0)
