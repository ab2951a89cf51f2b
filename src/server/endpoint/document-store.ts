import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import { LRUCache } from 'lru-cache'
import { Kind, OperationTypeNode, type DocumentNode } from 'graphql'

import { compactDocument } from '../../graphql/execution/compact-document.js'

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>

/** The documents that Apollo Server has parsed and found valid, for whoever answers one again. */
export interface Documents {
  readonly store: DocumentStore
  /** The document of a text; null where it is not stored, or holds a subscription. */
  find(text: string): DocumentNode | null
}

/**
 * Bound on the source text of all cached documents; parsed, each character takes some fifty bytes.
 */
const MAXIMUM_CHARACTERS = 500_000

/**
 * An LRU cache of parsed and validated documents, measured by their source text. Apollo Server's
 * default store prints each document to measure it, which takes longer than parsing it. Of a
 * subscription it is the document that the subscription itself keeps.
 */
export function documentStore(): Documents {
  // Apollo Server's keys are digests, which cost more than a look-up by the text itself.
  const keys = new Map<string, string>()
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MAXIMUM_CHARACTERS,
    sizeCalculation: ({ loc }) => (loc?.source.body.length ?? MAXIMUM_CHARACTERS) + 1,
    dispose: ({ loc }) => keys.delete(loc?.source.body ?? ''),
  })
  return {
    store: {
      get: async (key) => documents.get(key),
      async set(key, document) {
        const isSubscription = subscribes(document)
        documents.set(key, isSubscription ? compactDocument(document) : document)
        if (!isSubscription && document.loc && documents.has(key)) keys.set(document.loc.source.body, key)
      },
      delete: async (key) => documents.delete(key),
    },
    find(text) {
      const key = keys.get(text)
      return key === undefined ? null : (documents.get(key) ?? null)
    },
  }
}

const subscribes = ({ definitions }: DocumentNode): boolean =>
  definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.SUBSCRIPTION,
  )
