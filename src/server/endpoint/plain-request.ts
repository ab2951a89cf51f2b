import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

import type { GraphqlHandler } from './graphql-over-http.js'
import type { PlainOperation, ShortRoad } from './short-road.js'

/**
 * Takes plain requests by the short road, and all others, and what comes back from it, by the long
 * one. `contextOf` begins the operation of a request, and gives the same for it from then on.
 */
export function shortRoadFirst<Context>(
  { find, answer }: ShortRoad<Context>,
  contextOf: (request: FastifyRequest, reply: FastifyReply) => Context,
  long: GraphqlHandler,
): GraphqlHandler {
  // What Apollo Server answered to an Accept header, it would answer again.
  const contentTypes = new LRUCache<string, string>({ max: MOST_ACCEPTS })

  const byLongRoad: GraphqlHandler = async (request, reply) => {
    const answered = await long(request, reply)
    const { accept = '' } = request.headers
    const type = reply.getHeader('content-type')
    if (reply.statusCode === 200 && accept.length <= LONGEST_ACCEPT && typeof type === 'string' && JSON_TYPE.test(type))
      contentTypes.set(accept, type)
    return answered
  }

  return (request, reply) => {
    const asked = plainOperation(request)
    const document = asked && find(asked.query)
    if (!document) return byLongRoad(request, reply)
    const contentType = contentTypes.get(request.headers.accept ?? '')
    if (contentType === undefined) return byLongRoad(request, reply)
    const answered = answer(asked, document, contextOf(request, reply))
    if (!answered) return byLongRoad(request, reply)
    return answered.then((text) => {
      if (text === null) return byLongRoad(request, reply)
      request.begun = null
      return reply.header('content-type', contentType).send(text)
    })
  }
}

/** Each client has one. */
const MOST_ACCEPTS = 100
const LONGEST_ACCEPT = 256
const JSON_TYPE = /^application\/(?:graphql-response\+)?json\b/

/** Null for a request that says anything else, or says it in a way that only Apollo Server should judge. */
function plainOperation({ method, url, body }: FastifyRequest): PlainOperation | null {
  if (method !== 'POST' || typeof body !== 'object' || body === null || url.includes('?')) return null
  for (const member in body) if (!MEMBERS.has(member)) return null
  const { query, operationName = null, variables = null } = body as Readonly<Record<string, unknown>>
  if (typeof query !== 'string') return null
  if (operationName !== null && typeof operationName !== 'string') return null
  if (typeof variables !== 'object' || Array.isArray(variables)) return null
  return {
    query,
    operationName: operationName ?? undefined,
    variables: (variables as PlainOperation['variables'] | null) ?? undefined,
  }
}

const MEMBERS: ReadonlySet<string> = new Set(['query', 'operationName', 'variables'])
