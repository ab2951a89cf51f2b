import type { FastifyReply, FastifyRequest } from 'fastify'

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

export const sendErrors = (reply: FastifyReply, status: number, errors: readonly object[]): FastifyReply =>
  reply.code(status).type('application/json; charset=utf-8').send({ errors })
