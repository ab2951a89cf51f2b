import type { CollectionLoader } from '../../loaders/lists/collection-loader.js'
import { ListReading, type ListSource } from '../../loaders/lists/list-reading.js'
import { Listing } from '../../loaders/lists/listing.js'
import { isUnreadable, unreadableError } from '../../loaders/lists/unreadable.js'
import type { EdgeItems } from '../../loaders/edges/reverse-edges.js'
import type { ProviderResource } from '../../model/node.js'
import type { Context } from '../context.js'
import { pageSize } from '../page-size.js'
import type { PageArguments } from '../types/page-arguments.js'
import { connectionParts, type ConnectionParts, type FieldInfo } from './connection-parts.js'

/** The objects an edge leads to, read already, and how that went. */
interface EdgeRead<T extends ProviderResource> {
  readonly found: EdgeItems<T>
  /** Where they were looked for. */
  readonly through: CollectionLoader<T> | null
}

/**
 * A page of objects that have been read already, all of one account, such as those an edge leads
 * to.
 *
 * @throws the failure that kept objects from being found, when none was: there might have been one.
 */
export async function pageOfItems<T extends ProviderResource>(
  list: string,
  context: Context,
  owner: ProviderResource,
  page: PageArguments,
  { found: { items, failure, unreadable }, through }: EdgeRead<T>,
  info: FieldInfo,
): Promise<ConnectionParts<T>> {
  const size = pageSize(page, context)
  const source: ListSource<T> = {
    accountKey: owner.accountKey,
    listing: Listing.of(items),
    pushedDown: [],
    residual: [],
    otherRequests: () => (through ? through.list().requests + through.otherRequests : 0),
    failure,
    foundIn: through && { unreadable, items: through.list().items },
  }
  if (failure && items.length === 0) throw failure.error
  if (through && isUnreadable(through.list())) {
    throw unreadableError('objects', through.list(), context.loaders.account(owner.accountKey).account)
  }
  const reading = new ListReading<T>({
    sources: [source],
    keep: null,
    order: null,
    onSourceFailure: 'PARTIAL',
    onDefect: context.onDefect,
  })
  return connectionParts(
    reading,
    size,
    page.after,
    { list, of: owner.id, workspace: context.viewer.workspace },
    context,
    info,
  )
}
