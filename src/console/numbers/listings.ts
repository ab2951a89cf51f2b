import { useQuery } from '@apollo/client/react'
import { useEffect } from 'react'

import {
  ConsoleDidsDocument,
  ConsoleExtensionsDocument,
  ConsoleGroupsDocument,
  type ConsoleDidsQuery,
  type ConsoleExtensionsQuery,
  type ConsoleGroupsQuery,
  type ConsoleSourceFragment,
} from './generated/graphql.js'

export type Did = NonNullable<ConsoleDidsQuery['dids']>['edges'][number]['node']
export type Group = NonNullable<ConsoleGroupsQuery['groups']>['edges'][number]['node']
export type Extension = NonNullable<ConsoleExtensionsQuery['extensions']>['edges'][number]['node']

/** One of the three lists, as far as it is here. */
export interface Listing<Item> {
  /** Null: nothing has come yet, or ever will. */
  readonly items: readonly Item[] | null
  readonly sources: readonly ConsoleSourceFragment[]
  readonly error: unknown
  readonly isWhole: boolean
  again(): void
}

interface Connection<Item> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  readonly sources: readonly ConsoleSourceFragment[]
  readonly edges: readonly { readonly node: Item }[]
}

/** As many pages as are fetched by themselves; a search is over what is here. */
const MOST_ITEMS = 2_000

export function useDids(): Listing<Did> {
  const { data, error, fetchMore, refetch } = useQuery(ConsoleDidsDocument)
  return useWhole(
    data?.dids,
    error,
    (after) => void fetchMore({ variables: { after } }),
    () => void refetch(),
  )
}

export function useGroups(): Listing<Group> {
  const { data, error, fetchMore, refetch } = useQuery(ConsoleGroupsDocument)
  return useWhole(
    data?.groups,
    error,
    (after) => void fetchMore({ variables: { after } }),
    () => void refetch(),
  )
}

export function useExtensions(): Listing<Extension> {
  const { data, error, fetchMore, refetch } = useQuery(ConsoleExtensionsDocument)
  return useWhole(
    data?.extensions,
    error,
    (after) => void fetchMore({ variables: { after } }),
    () => void refetch(),
  )
}

/** Asks for page after page, so that a search finds everything. */
function useWhole<Item>(
  connection: Connection<Item> | null | undefined,
  error: unknown,
  fetchAfter: (cursor: string) => void,
  again: () => void,
): Listing<Item> {
  const { hasNextPage = false, endCursor } = connection?.pageInfo ?? {}
  const isEnough = (connection?.edges.length ?? 0) >= MOST_ITEMS
  useEffect(() => {
    if (hasNextPage && endCursor != null && !isEnough) fetchAfter(endCursor)
    // The function is another one each time; what it depends on is the cursor.
  }, [hasNextPage, endCursor, isEnough])
  return {
    items: connection?.edges.map(({ node }) => node) ?? null,
    sources: connection?.sources ?? [],
    error,
    isWhole: connection != null && (!hasNextPage || isEnough),
    again,
  }
}
