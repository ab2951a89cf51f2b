import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'

import './request-state.js'

/** Answers with one error in the form of a GraphQL response; `code` is a public error code. */
export function failure(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
): FastifyReply {
  return sendErrors(reply, status, [{ message, extensions: { code, requestId: request.id } }])
}

/** The same answer for every address that leads nowhere, and for those that nobody should find. */
export const nothingHere = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  failure(request, reply, 404, 'NOT_FOUND', 'There is nothing at this address')

/** Answers with formatted errors, each with its code. */
export function sendErrors(
  reply: FastifyReply,
  status: number,
  errors: readonly Pick<GraphQLFormattedError, 'message' | 'extensions'>[],
): FastifyReply {
  reply.failureCodes = errors.map(({ extensions }) => String(extensions?.['code']))
  return reply.code(status).type('application/json; charset=utf-8').send({ errors })
}
