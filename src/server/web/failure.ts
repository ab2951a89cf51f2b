import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'

import './request-state.js'

/** A failure outside GraphQL's own; it looks like one of its. `code` is one of the public error codes. */
export function failure(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
): FastifyReply {
  return sendErrors(reply, status, [{ message, extensions: { code, requestId: request.id } }])
}

/** Errors made for the client already, each with its code. */
export function sendErrors(
  reply: FastifyReply,
  status: number,
  errors: readonly Pick<GraphQLFormattedError, 'message' | 'extensions'>[],
): FastifyReply {
  reply.failureCodes = errors.map(({ extensions }) => String(extensions?.['code']))
  return reply.code(status).type('application/json; charset=utf-8').send({ errors })
}
