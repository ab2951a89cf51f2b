import type { AccountLoader } from '../../loaders/account-loader.js'
import { findAccount } from '../../loaders/loaders.js'
import type { Context } from '../context.js'
import { pageSize, type PageArguments } from '../types/page-arguments.js'
import type { Noun } from './edges.js'
import { isAmongAny, isAmongFirst, type Shape } from './memory.js'
import type { PlannedList } from './plan.js'

type Arguments = Readonly<Record<string, unknown>>
export type Need = 'NEEDED' | 'NOT_NEEDED' | 'NOT_KNOWN' | 'UNSURE'

/** One account's part of a page, as far as it can be told before anything has been read. */
export interface AskedPage {
  readonly account: AccountLoader
  /** Whether the items of this part lead to the list. */
  readonly isNeeded: (noun: Noun) => Need
}

/** A list of one account, or of several in one page. */
export interface AskedList extends Pick<PlannedList, 'list' | 'edges'> {
  readonly accounts: readonly AccountLoader[]
  /** `shapeOf`: where an edge of the list led when it was last read. */
  readonly pages: (shapeOf: (account: AccountLoader) => Shape | null) => readonly AskedPage[]
}

/** The lists that these variables ask for; none where the field will fail, or where it will ask nobody. */
export function askedLists(planned: PlannedList, variables: Arguments, context: Context): readonly AskedList[] {
  const { of, list, edges } = planned
  const root = planned.root(variables)
  const page = root && pageOf(planned.page(variables), context)
  if (!page) return []
  const having = (accounts: readonly AccountLoader[]) => accounts.filter((account) => account[list])
  if (of === 'everywhere') {
    const accounts = having([...context.loaders.accounts.values()].filter(isNamed(page.accountIds)))
    return [{ list, edges, accounts, pages: (shapeOf) => parts(page, accounts, shapeOf) }]
  }
  return having(chosen(of, root, context)).map((account) => ({
    list,
    edges,
    accounts: [account],
    pages: (shapeOf) => parts(page, [account].filter(isNamed(page.accountIds)), shapeOf),
  }))
}

interface Page {
  readonly size: number
  /** Whether it begins at the beginning and leaves nothing out. */
  readonly isPlain: boolean
  /** Whether it keeps the provider's order. */
  readonly inOrder: boolean
  readonly accountIds: readonly string[] | null
}

function pageOf(given: Arguments | null, context: Context): Page | null {
  if (!given) return null
  const { accountIds = null, ...filter } = (given['filter'] ?? {}) as { readonly accountIds?: readonly string[] | null }
  try {
    return {
      size: pageSize(given as unknown as PageArguments, context),
      isPlain: given['after'] == null && Object.values(filter).every((value) => value == null),
      inOrder: given['orderBy'] == null,
      accountIds,
    }
  } catch {
    return null
  }
}

const isNamed =
  (ids: readonly string[] | null) =>
  ({ account }: AccountLoader): boolean =>
    ids?.includes(account.id) ?? true

/** The accounts whose own lists are asked for. */
function chosen(of: 'account' | 'accounts', root: Arguments, context: Context): readonly AccountLoader[] {
  if (of === 'account') {
    const found = findAccount(context.loaders, root)
    return found ? [found] : []
  }
  const { ids, providers, authorizationStatus } = (root['filter'] ?? {}) as Readonly<
    Record<'ids' | 'providers' | 'authorizationStatus', readonly string[] | null | undefined>
  >
  const page = pageOf({ first: root['first'], after: root['after'] }, context)
  // How a login is going is not known without asking the store.
  if (!page?.isPlain || authorizationStatus != null) return []
  return [...context.loaders.accounts.values()]
    .filter(
      ({ account }) => (ids?.includes(account.id) ?? true) && (providers?.includes(account.provider.slug) ?? true),
    )
    .slice(0, page.size)
}

/** Account by account the page is filled, in the order of the configuration; in any other order all of them have a part in it. */
function parts(
  { size, isPlain, inOrder }: Page,
  accounts: readonly AccountLoader[],
  shapeOf: (account: AccountLoader) => Shape | null,
): readonly AskedPage[] {
  const shapes = accounts.map(shapeOf)
  const total = shapes.reduce((sum, shape) => sum + (shape?.whole ? shape.read : Infinity), 0)
  let before = 0
  return accounts.map((account, at) => {
    const shape = shapes[at] ?? null
    const left = size - before
    before += shape?.whole ? shape.read : Infinity
    return {
      account,
      isNeeded(noun) {
        if (!shape) return 'NOT_KNOWN'
        if (!isPlain) return 'UNSURE'
        // Accounts before this one that nobody has read may fill the page.
        if (inOrder && left === -Infinity) return 'UNSURE'
        if (inOrder) return isAmongFirst(shape, noun, left) ? 'NEEDED' : 'NOT_NEEDED'
        return isAmongAny(shape, noun, size, total) ? 'NEEDED' : 'UNSURE'
      },
    }
  })
}
