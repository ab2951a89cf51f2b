import type { FastifyInstance, FastifyReply } from 'fastify'

/** Routes and hooks of one topic, to be added to the server. */
export interface Routes {
  register(app: FastifyInstance): void
}

/**
 * Adds routes with hooks and parsers of their own. Without a name Fastify would look for the plugin
 * among all modules that are loaded.
 */
export function registerApart(app: FastifyInstance, name: string, routes: (within: FastifyInstance) => Promise<void>) {
  void app.register(Object.assign(routes, { [Symbol.for('fastify.display-name')]: name }))
}

/**
 * Status in logs and metrics of a response whose client closed the connection early, as nginx has
 * it.
 */
export const CLIENT_GONE = 499

/** Status of a request that a WebSocket was opened with. */
export const SWITCHING_PROTOCOLS = 101

/** The status in logs and metrics of a response that is over. */
export const endedStatus = ({ raw, statusCode }: FastifyReply): number =>
  raw.writableFinished || statusCode === SWITCHING_PROTOCOLS ? statusCode : CLIENT_GONE
