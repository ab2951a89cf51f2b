import type { FastifyReply, FastifyRequest } from 'fastify'

import { AppError, type ErrorCode } from '../../errors.js'
import { formatError } from '../../graphql/format-error.js'
import type { Log } from '../observing/log.js'
import { sendErrors } from './failure.js'

/** HTTP status of each error code. */
export interface ErrorStatuses {
  readonly byCode: Readonly<Partial<Record<ErrorCode, number>>>
  /** Of every other code. A defect is always 500. */
  readonly otherwise: number
}

/** The code that clients and logs are given; a defect's is INTERNAL_SERVER_ERROR. */
export const errorCodeOf = (error: unknown): ErrorCode =>
  error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR'

/**
 * Answers a request with the error that kept it from being served, formatted as in a GraphQL
 * response.
 */
export function respondWithError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  { statuses, log }: { readonly statuses: ErrorStatuses; readonly log: Pick<Log, 'defect'> },
): FastifyReply {
  const code = errorCodeOf(error)
  const retryAfterMs = error instanceof AppError ? error.details['retryAfterMs'] : null
  // RFC 9110 §15.5.2: a 401 names the scheme that would do.
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Bearer')
  if (typeof retryAfterMs === 'number') void reply.header('retry-after', Math.ceil(retryAfterMs / 1000))
  const onDefect = (defect: unknown) => log.defect(request.id, defect)
  const status = error instanceof AppError ? (statuses.byCode[code] ?? statuses.otherwise) : 500
  return sendErrors(reply, status, [formatError(error, { requestId: request.id, onDefect })])
}
