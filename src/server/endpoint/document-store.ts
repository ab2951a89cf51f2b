import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import { LRUCache } from 'lru-cache'
import type { DocumentNode } from 'graphql'

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>

/** Characters of all documents that are kept: parsed, each takes some fifty bytes. */
const KEPT_CHARACTERS = 500_000

/**
 * Documents that have been parsed and found valid and within the limits, those asked for last. Measured by what their clients wrote: the
 * store that Apollo Server has by default prints each tree to learn its size, which takes longer than parsing it.
 */
export function documentStore(): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: ({ loc }) => (loc?.source.body.length ?? KEPT_CHARACTERS) + 1,
  })
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => void documents.set(key, document),
    delete: async (key) => documents.delete(key),
  }
}
