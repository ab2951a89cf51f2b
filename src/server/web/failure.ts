import type { ServerResponse } from 'node:http'

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'

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
  failures.set(
    reply.raw,
    errors.map(({ extensions }) => String(extensions?.['code'])),
  )
  return reply.code(status).type('application/json; charset=utf-8').send({ errors })
}

/** Codes of the errors a response was made of here, for logs and figures. */
export const failureCodes = (response: ServerResponse): readonly string[] => failures.get(response) ?? []

const failures = new WeakMap<ServerResponse, readonly string[]>()
