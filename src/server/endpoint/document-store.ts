import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import { LRUCache } from 'lru-cache'
import type { DocumentNode } from 'graphql'

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>

/**
 * Bound on the source text of all cached documents; parsed, each character takes some fifty bytes.
 */
const MAXIMUM_CHARACTERS = 500_000

/**
 * An LRU cache of parsed and validated documents, measured by their source text. Apollo Server's
 * default store prints each document to measure it, which takes longer than parsing it.
 */
export function documentStore(): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MAXIMUM_CHARACTERS,
    sizeCalculation: ({ loc }) => (loc?.source.body.length ?? MAXIMUM_CHARACTERS) + 1,
  })
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => void documents.set(key, document),
    delete: async (key) => documents.delete(key),
  }
}
