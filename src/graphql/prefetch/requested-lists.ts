import type { AccountLoader } from '../../loaders/account-loader.js'
import { findAccount } from '../../loaders/loaders.js'
import type { ListName } from '../../model/request-fields.js'
import type { Context, PrefetchReason } from '../context.js'
import { isSelected, type AccountSelection } from '../account-selection.js'
import { requireAccountIds } from '../require-ids.js'
import { pageSize } from '../page-size.js'
import { anyItemsNeed, firstItemsNeed, type EdgeStatistics } from './memory.js'
import type { PlannedList } from './plan.js'

type Arguments = Readonly<Record<string, unknown>>
export type Need = Extract<PrefetchReason, 'NEEDED' | 'NOT_NEEDED' | 'NOT_KNOWN' | 'UNSURE'>
type StatisticsOf = (account: AccountLoader) => EdgeStatistics | null

/** One account's part of a page, as far as it is clear before anything has been read. */
export interface AccountPage {
  readonly account: AccountLoader
  /** Whether the items of this part need the list. */
  readonly need: (list: ListName) => Need
}

/** A list of one account, or of several in one page. */
export interface RequestedList extends Pick<PlannedList, 'list' | 'edges'> {
  readonly accounts: readonly AccountLoader[]
  readonly pages: (statisticsOf: StatisticsOf) => readonly AccountPage[]
}

/**
 * The lists requested with these variables; none where the field will fail, or where no account
 * takes part.
 */
export function requestedLists(planned: PlannedList, variables: Arguments, context: Context): readonly RequestedList[] {
  const { of, list, edges } = planned
  const root = planned.root(variables)
  const page = root && pageOf(planned.page(variables), context)
  if (!page) return []
  const having = (accounts: readonly AccountLoader[]) => accounts.filter((account) => account[list])
  if (of === 'everywhere') {
    const accounts = having([...context.loaders.accounts.values()].filter(isSelected(page.selection)))
    return [{ list, edges, accounts, pages: (statisticsOf) => accountPages(page, accounts, statisticsOf) }]
  }
  return having(selectedAccounts(of, root, context)).map((account) => ({
    list,
    edges,
    accounts: [account],
    pages: (statisticsOf) => accountPages(page, [account].filter(isSelected(page.selection)), statisticsOf),
  }))
}

interface Page {
  readonly size: number
  /** Whether it begins at the beginning and filters nothing out. */
  readonly isPlain: boolean
  /** Whether it keeps the provider's order. */
  readonly inOrder: boolean
  readonly selection: AccountSelection
}

/** Null where the field will fail. */
function pageOf(page: Arguments | null, context: Context): Page | null {
  if (!page) return null
  const { accountIds, accountKeys, ...filter } = (page['filter'] ?? {}) as AccountSelection
  try {
    requireAccountIds(accountIds)
    return {
      size: pageSize(page, context),
      isPlain: page['after'] == null && Object.values(filter).every((value) => value == null),
      inOrder: page['orderBy'] == null,
      selection: { accountIds, accountKeys },
    }
  } catch {
    return null
  }
}

/** The accounts whose own lists are requested. */
function selectedAccounts(of: 'account' | 'accounts', root: Arguments, context: Context): readonly AccountLoader[] {
  if (of === 'account') {
    const account = findAccount(context.loaders, root)
    return account ? [account] : []
  }
  const { ids, keys, providers, authorizationStatuses } = (root['filter'] ?? {}) as Readonly<
    Record<'ids' | 'keys' | 'providers' | 'authorizationStatuses', readonly string[] | null | undefined>
  >
  const page = pageOf({ first: root['first'], after: root['after'] }, context)
  // The state of a login is not known without reading the store.
  if (!page?.isPlain || authorizationStatuses != null) return []
  return [...context.loaders.accounts.values()]
    .filter(isSelected({ accountIds: ids, accountKeys: keys }))
    .filter(({ account }) => providers?.includes(account.provider.slug) ?? true)
    .slice(0, page.size)
}

/**
 * The page is filled account by account, in the order of the configuration; any other order mixes
 * all of them.
 */
function accountPages(
  { size, isPlain, inOrder }: Page,
  accounts: readonly AccountLoader[],
  statisticsOf: StatisticsOf,
): readonly AccountPage[] {
  const allStatistics = accounts.map(statisticsOf)
  const total = allStatistics.reduce((sum, one) => sum + (one?.whole ? one.read : Infinity), 0)
  let before = 0
  return accounts.map((account, at) => {
    const statistics = allStatistics[at] ?? null
    const left = size - before
    before += statistics?.whole ? statistics.read : Infinity
    return {
      account,
      need(list) {
        if (!statistics) return 'NOT_KNOWN'
        if (!isPlain) return 'UNSURE'
        // Accounts before this one that have never been read may fill the page.
        if (inOrder && left === -Infinity) return 'UNSURE'
        if (inOrder) return firstItemsNeed(statistics, list, left) ? 'NEEDED' : 'NOT_NEEDED'
        return anyItemsNeed(statistics, list, size, total) ? 'NEEDED' : 'UNSURE'
      },
    }
  })
}
