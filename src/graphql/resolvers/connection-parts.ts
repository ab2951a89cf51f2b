import type { GraphQLResolveInfo } from 'graphql'

import type { ListPage, Position } from '../../loaders/lists/list-page.js'
import type { ListReading } from '../../loaders/lists/list-reading.js'
import type { ProviderResource } from '../../model/node.js'
import type { Context } from '../context.js'
import { noteSources } from '../partial-lists.js'
import type { SignPosition } from '../types/connection.js'

/** What is needed of the field that is a list. */
export type FieldInfo = Pick<GraphQLResolveInfo, 'path'>

/** The constructor arguments of a connection. */
export type ConnectionParts<T extends ProviderResource> = readonly [ListPage<T>, SignPosition, ListReading<T>]

/** Reads a page after a cursor. `scope`: all that must be the same for the cursor to go on. */
export async function connectionParts<T extends ProviderResource>(
  reading: ListReading<T>,
  size: number,
  after: string | null | undefined,
  scope: object,
  context: Context,
  info: FieldInfo,
): Promise<ConnectionParts<T>> {
  const { cursors } = context
  const position = after == null ? null : (cursors.read(scope, after) as Position)
  const slice = await reading.page(size, position)
  // Its totalCount may read on, and fail where its page did not.
  noteSources(() => reading.lacking(), info, context)
  return [slice, (at) => cursors.sign(scope, at), reading]
}
