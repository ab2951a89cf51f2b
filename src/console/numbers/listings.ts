import { useQuery } from '@apollo/client/react'

import { useAllPages } from '../graph/all-pages.js'
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
  again(): void
}

interface Connection<Item> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  readonly sources: readonly ConsoleSourceFragment[]
  readonly edges: readonly { readonly node: Item }[]
}

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

/** All of a list, page after page. */
function useWhole<Item>(
  connection: Connection<Item> | null | undefined,
  error: unknown,
  fetchAfter: (cursor: string) => void,
  again: () => void,
): Listing<Item> {
  useAllPages(connection, fetchAfter)
  return {
    items: connection?.edges.map(({ node }) => node) ?? null,
    sources: connection?.sources ?? [],
    error,
    again,
  }
}
