import { useQuery } from '@apollo/client/react'
import { useEffect, useState } from 'react'

import { useAllPages, type LaterPages } from '../graph/all-pages.js'
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
  /** How each account contributed to the pages that are here. */
  readonly sources: readonly ConsoleSourceFragment[]
  /** What went wrong with the first page. */
  readonly error: unknown
  /** Reads all of it anew. */
  again(): void
  readonly later: LaterPages
}

interface Connection<Item> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  readonly sources: readonly ConsoleSourceFragment[]
  readonly edges: readonly { readonly node: Item }[]
}

/** What Apollo Client has of a list. */
interface Asked {
  readonly error?: unknown
  fetchMore(options: { variables: { after: string } }): Promise<{ readonly error?: unknown }>
  refetch(): Promise<{ readonly error?: unknown }>
}

export function useDids(): Listing<Did> {
  const asked = useQuery(ConsoleDidsDocument)
  return useWhole(asked.data?.dids, asked)
}

export function useGroups(): Listing<Group> {
  const asked = useQuery(ConsoleGroupsDocument)
  return useWhole(asked.data?.groups, asked)
}

export function useExtensions(): Listing<Extension> {
  const asked = useQuery(ConsoleExtensionsDocument)
  return useWhole(asked.data?.extensions, asked)
}

/** All of a list, page after page. */
function useWhole<Item>(connection: Connection<Item> | null | undefined, asked: Asked): Listing<Item> {
  // Apollo Client forgets what the first page lacked as soon as another one comes.
  const [known, setKnown] = useState<unknown>(undefined)
  useEffect(() => {
    if (asked.error !== undefined) setKnown(asked.error)
  }, [asked.error])
  const later = useAllPages(connection, (after) => asked.fetchMore({ variables: { after } }))
  return {
    items: connection?.edges.map(({ node }) => node) ?? null,
    sources: connection?.sources ?? [],
    error: asked.error ?? known,
    again() {
      later.forget()
      void asked.refetch().then(({ error }) => setKnown(error), setKnown)
    },
    later,
  }
}
