import type { FastifyInstance } from 'fastify'

/** Routes and hooks of one topic, to be added to the server. */
export interface Routes {
  register(app: FastifyInstance): void
}

/**
 * Status in logs and metrics of a response whose client closed the connection early, as nginx has
 * it.
 */
export const CLIENT_GONE = 499
