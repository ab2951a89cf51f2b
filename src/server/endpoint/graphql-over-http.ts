import type { IncomingHttpHeaders } from 'node:http'

import { HeaderMap, type ApolloServer } from '@apollo/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ExecutionResult } from 'graphql'

import { addVary } from '../web/encodings.js'
import type { EndpointContext } from './endpoint-context.js'
import { searchOf } from './operation-id.js'
import { ANSWER_DEPENDS_ON, entityTag, isKnown, REVALIDATED } from './validators.js'

export type GraphqlHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** A request for Apollo Server. */
export interface GraphqlRequest {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** The query of the address. */
  readonly search: string
  readonly body: unknown
}

/** Its answer, and the text of it. */
export interface GraphqlAnswer {
  readonly status: number
  readonly headers: HeaderMap
  /** JSON. */
  readonly text: string
}

/** Hands a request to Apollo Server as it arrived; the same for every way to ask. */
export async function askApollo<Context extends EndpointContext>(
  apollo: ApolloServer<Context>,
  { method, headers, search, body }: GraphqlRequest,
  contextValue: Context,
): Promise<GraphqlAnswer> {
  const answer = await apollo.executeHTTPGraphQLRequest({
    // Of a HEAD only the head is sent, which is that of a GET (RFC 9110 §9.3.2).
    httpGraphQLRequest: { method: method === 'HEAD' ? 'GET' : method, headers: headerMap(headers), search, body },
    context: async () => contextValue,
  })
  // Nothing here is answered in parts: the schema has no @defer.
  if (answer.body.kind !== 'complete') throw new Error('An answer in parts was not expected')
  const { status = 200, body: complete } = answer
  const { requestId } = contextValue.operation
  const text = status < BAD_REQUEST ? complete.string : withRequestId(complete.string, requestId)
  return { status, headers: answer.headers, text }
}

/** Answers requests with what Apollo Server answers. */
export function graphqlHandler<Context extends EndpointContext>(
  apollo: ApolloServer<Context>,
  contextOf: (request: FastifyRequest, reply: FastifyReply) => Context,
): GraphqlHandler {
  return async (request, reply) => {
    const { method, headers, url, body } = request
    const asked = { method, headers, search: searchOf(url), body }
    return sendAnswer(request, reply, await askApollo(apollo, asked, contextOf(request, reply)))
  }
}

export function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, headers, text }: GraphqlAnswer,
): FastifyReply {
  // Apollo Server lets the answer to an unknown id be kept, too.
  const isRevalidated = headers.get('cache-control') === REVALIDATED
  if (!isRevalidated) headers.delete('cache-control')
  for (const [name, value] of headers) void reply.header(name, value)
  if (!isRevalidated) return reply.code(status).send(text)
  const tag = entityTag(text)
  addVary(reply.header('etag', tag), ...ANSWER_DEPENDS_ON)
  return isKnown(tag, request.headers['if-none-match']) ? unchanged(reply) : reply.send(text)
}

/** RFC 9110 §15.4.5: with the headers that a 200 would have had, and none that describe a body. */
function unchanged(reply: FastifyReply): FastifyReply {
  addVary(reply.removeHeader('content-type'), 'Accept-Encoding')
  return reply.code(304).send()
}

const BAD_REQUEST = 400

/** Apollo Server does not say which request an error belongs to that kept it from being executed, or answered. */
function withRequestId(text: string, requestId: string): string {
  const { errors, ...rest } = JSON.parse(text) as ExecutionResult
  const named = errors?.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }))
  return JSON.stringify({ ...(named && { errors: named }), ...rest })
}

function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap()
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return map
}
