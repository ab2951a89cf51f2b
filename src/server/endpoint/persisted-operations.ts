import type { ApolloServerOptions, ApolloServerPlugin, BaseContext, GraphQLRequest } from '@apollo/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

import { plainId, type AllowList, type OperationsSettings } from '../config/allow-list.js'
import { failure } from '../web/failure.js'

/** Operations that clients send by id instead of by text. */
export interface PersistedOperations {
  /**
   * Where Apollo Server looks up ids, and stores the texts that clients register (automatic
   * persisted queries).
   */
  readonly persistedQueries: NonNullable<ApolloServerOptions<BaseContext>['persistedQueries']>
  /** Also accepts an id in `documentId`, as GraphQL over HTTP names it. */
  readonly plugin: ApolloServerPlugin<BaseContext>
  /**
   * With `only`: answers a request whose text is not listed with an error, before the text is
   * parsed.
   */
  readonly refuse: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
}

/** Bound on all texts that clients register; flooding it only evicts older ones. */
const REGISTERED_CHARACTERS = 4 * 1024 * 1024

export function persistedOperations(settings: OperationsSettings | null): PersistedOperations {
  const allowed: AllowList = settings?.allowList ?? new Map()
  const only = settings?.only ?? false
  const texts = new Set(allowed.values())
  const registered = new LRUCache<string, string>({
    maxSize: REGISTERED_CHARACTERS,
    sizeCalculation: (text, id) => text.length + id.length,
  })
  return {
    persistedQueries: {
      ttl: null,
      // Apollo Server verifies the hash of a text before it calls `set`.
      cache: {
        get: async (key) => allowed.get(idOf(key)) ?? registered.get(idOf(key)),
        set: async (key, text) => void (only || registered.set(idOf(key), text)),
        delete: async (key) => registered.delete(idOf(key)),
      },
    },
    plugin: {
      async requestDidStart({ request }) {
        const hash = hashToLookUp(request)
        if (hash !== null)
          request.extensions = { ...request.extensions, persistedQuery: { version: 1, sha256Hash: hash } }
      },
    },
    async refuse(request, reply) {
      if (!only || textsOf(request).every((text) => texts.has(text))) return
      const message = 'This server answers the operations it knows and no others: send the id of one of them'
      return failure(request, reply, 400, 'BAD_USER_INPUT', message)
    },
  }
}

/** Apollo Server prefixes its cache keys. */
const idOf = (key: string): string => plainId(key.replace(/^apq:/, ''))

/**
 * The id to look up where Apollo Server would not find it itself: a `documentId`, or an empty one
 * for a hash that is no string. Null: leave the request as it is.
 */
function hashToLookUp({ query, extensions, http }: GraphQLRequest): string | null {
  const persisted: unknown = extensions?.['persistedQuery']
  if (persisted !== undefined && persisted !== null) {
    const { sha256Hash } = persisted as { readonly sha256Hash?: unknown }
    return typeof sha256Hash === 'string' ? null : ''
  }
  if (query !== undefined) return null
  const { documentId } = (http?.body ?? {}) as { readonly documentId?: unknown }
  const id = documentId ?? new URLSearchParams(http?.search).get('documentId')
  return typeof id === 'string' ? id : null
}

/** Reads them as Apollo Server does: what is checked is what would be executed. */
function textsOf({ body, url }: FastifyRequest): readonly string[] {
  const { query } = (body ?? {}) as { readonly query?: unknown }
  const inAddress = new URL(url, 'http://address').searchParams.getAll('query')
  return typeof query === 'string' ? [query, ...inAddress] : inAddress
}
