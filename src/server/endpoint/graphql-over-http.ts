import { HeaderMap, type ApolloServer, type BaseContext } from '@apollo/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ExecutionResult } from 'graphql'

export type GraphqlHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Hands a request to Apollo Server as it arrived, and its answer back. */
export function graphqlHandler<Context extends BaseContext>(
  apollo: ApolloServer<Context>,
  contextOf: (request: FastifyRequest, reply: FastifyReply) => Context,
): GraphqlHandler {
  return async (request, reply) => {
    const { method, url, body } = request
    const {
      status = 200,
      headers,
      body: answer,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: headerMap(request.headers), search: searchOf(url), body },
      context: async () => contextOf(request, reply),
    })
    for (const [name, value] of headers) void reply.header(name, value)
    // Nothing here is answered in parts: the schema has no @defer.
    if (answer.kind !== 'complete') throw new Error('An answer in parts was not expected')
    const text = status < BAD_REQUEST ? answer.string : withRequestId(answer.string, request.id)
    return reply.code(status).send(text)
  }
}

const BAD_REQUEST = 400

/** Apollo Server does not say which request an error belongs to that kept it from being executed, or answered. */
function withRequestId(text: string, requestId: string): string {
  const { errors, ...rest } = JSON.parse(text) as ExecutionResult
  const named = errors?.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }))
  return JSON.stringify({ ...(named && { errors: named }), ...rest })
}

function headerMap(headers: FastifyRequest['headers']): HeaderMap {
  const map = new HeaderMap()
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return map
}

/** The query of an address, with its question mark; empty when it has none. */
function searchOf(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}
