import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import { LRUCache } from 'lru-cache'
import { Kind, OperationTypeNode, type DocumentNode } from 'graphql'

import { compactDocument } from '../../graphql/execution/compact-document.js'

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>

/**
 * Bound on the source text of all cached documents; parsed, each character takes some fifty bytes.
 */
const MAXIMUM_CHARACTERS = 500_000

/**
 * An LRU cache of parsed and validated documents, measured by their source text. Apollo Server's
 * default store prints each document to measure it, which takes longer than parsing it. Of a
 * subscription it is the document that the subscription itself keeps.
 */
export function documentStore(): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MAXIMUM_CHARACTERS,
    sizeCalculation: ({ loc }) => (loc?.source.body.length ?? MAXIMUM_CHARACTERS) + 1,
  })
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => void documents.set(key, subscribes(document) ? compactDocument(document) : document),
    delete: async (key) => documents.delete(key),
  }
}

const subscribes = ({ definitions }: DocumentNode): boolean =>
  definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.SUBSCRIPTION,
  )
