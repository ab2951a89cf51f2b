import type { ApolloServerOptions, ApolloServerPlugin, BaseContext, GraphQLRequest } from '@apollo/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

import { plainId, type AllowList, type OperationsSettings } from '../config/allow-list.js'
import { failure } from '../web/failure.js'

/** Operations that are asked for by an id instead of their text. */
export interface KnownOperations {
  /** Where Apollo Server looks ids up, and keeps the texts that clients register (automatic persisted queries). */
  readonly persistedQueries: NonNullable<ApolloServerOptions<BaseContext>['persistedQueries']>
  /** Takes an id from `documentId`, the name GraphQL over HTTP has for it, as well. */
  readonly plugin: ApolloServerPlugin<BaseContext>
  /** Answers a request for a text that is not on the list, where only that is answered; before anything is made of the text. */
  readonly refuse: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
}

/** Characters of all texts that clients register together: who floods this only makes it forget. */
const REGISTERED_CHARACTERS = 4 * 1024 * 1024

export function knownOperations(settings: OperationsSettings | null): KnownOperations {
  const listed: AllowList = settings?.allowList ?? new Map()
  const only = settings?.only ?? false
  const texts = new Set(listed.values())
  const registered = new LRUCache<string, string>({
    maxSize: REGISTERED_CHARACTERS,
    sizeCalculation: (text, id) => text.length + id.length,
  })
  return {
    persistedQueries: {
      ttl: null,
      // Apollo Server has compared the hash with the text before it gives one here.
      cache: {
        get: async (key) => listed.get(idOf(key)) ?? registered.get(idOf(key)),
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

/** Apollo Server's keys begin with the name of what they are for. */
const idOf = (key: string): string => plainId(key.replace(/^apq:/, ''))

/** What stands for the text where the request as it is would not do: a `documentId`, or nothing for a hash that is no text. Null: leave it. */
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

/** Read as Apollo Server reads them, so that nothing else is refused than what would be answered. */
function textsOf({ body, url }: FastifyRequest): readonly string[] {
  const { query } = (body ?? {}) as { readonly query?: unknown }
  const inAddress = new URL(url, 'http://address').searchParams.getAll('query')
  return typeof query === 'string' ? [query, ...inAddress] : inAddress
}
