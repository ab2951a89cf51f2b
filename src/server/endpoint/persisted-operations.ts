import { hash } from 'node:crypto'

import type { ApolloServerOptions, ApolloServerPlugin, BaseContext } from '@apollo/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

import { plainId, type AllowList, type OperationsSettings } from '../config/allow-list.js'
import { failure } from '../web/failure.js'
import { askedOperation, ID_PLACES, searchOf, type AskingRequest } from './operation-id.js'
import type { Responding } from './response-extensions.js'

/** Operations that clients send by id instead of by text. */
export interface PersistedOperations {
  /**
   * Where Apollo Server looks up ids, and stores the texts that clients register (automatic
   * persisted queries).
   */
  readonly persistedQueries: NonNullable<ApolloServerOptions<BaseContext>['persistedQueries']>
  /** Accepts ids wherever clients put them, and says where when one is unknown. */
  readonly plugin: ApolloServerPlugin<BaseContext>
  /**
   * Answers a request with an error, before its text is parsed, when its ids contradict one another
   * or its text; and with `only`, when its text is not listed.
   */
  readonly refuse: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
  /** What is wrong with a request that arrived in another way; null when nothing is. */
  readonly refusal: (asking: AskingRequest) => string | null
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
        const { http } = request
        const asked = http && askedOperation(http)
        if (!asked || typeof asked === 'string' || asked.id === null) return
        const { persistedQuery, ...extensions } = request.extensions ?? {}
        const isListed = asked.text !== null && allowed.get(asked.id) === asked.text
        // An id of the list need not be the hash of its text, as it is for Apollo Server.
        request.extensions = isListed
          ? extensions
          : { ...extensions, persistedQuery: { version: 1, ...(persistedQuery as object), sha256Hash: asked.id } }
        return { willSendResponse: async ({ response }: Responding) => adviseOnUnknownId(response) }
      },
    },
    async refuse(request, reply) {
      const { method, url, body } = request
      const message = refusal({ method, body, search: searchOf(url) })
      return message === null ? undefined : failure(request, reply, 400, 'BAD_USER_INPUT', message)
    },
    refusal,
  }

  function refusal(asking: AskingRequest): string | null {
    const asked = askedOperation(asking)
    if (typeof asked === 'string') return asked
    const { id, text } = asked
    if (text === null) return null
    if (only && !texts.has(text)) {
      return 'This server answers the operations it knows and no others: send the id of one of them'
    }
    if (id !== null && allowed.get(id) !== text && hash('sha256', text) !== id) {
      return 'The request has a text and the id of another one: send the id alone, or the SHA-256 of the text'
    }
    return null
  }
}

/** Apollo Server prefixes its cache keys. */
const idOf = (key: string): string => plainId(key.replace(/^apq:/, ''))

/** The message stays what it is: clients send the text when they read it. */
function adviseOnUnknownId({ body }: Responding['response']): void {
  if (body.kind !== 'single') return
  const { singleResult } = body
  singleResult.errors = singleResult.errors?.map((error) =>
    error.extensions?.['code'] === 'PERSISTED_QUERY_NOT_FOUND'
      ? { ...error, extensions: { ...error.extensions, advice: ADVICE } }
      : error,
  )
}

const ADVICE = `No operation has the id that was sent as ${ID_PLACES}. Put it on the list of this server (operations.allowList), or send its text and SHA-256 once.`
