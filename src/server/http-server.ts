import fastify, { type FastifyError } from 'fastify'

import type { Config } from './config/config.js'
import type { Log } from './observing/log.js'
import { compressAnswers } from './web/compression.js'
import { watchConnections } from './web/connections.js'
import { guardOrigins } from './web/cross-origin.js'
import { failure, nothingHere } from './web/failure.js'
import { requestIdOf } from './web/operation.js'
import { readiness } from './web/readiness.js'
import { refuseUnreadableBodies } from './web/request-bodies.js'
import { decorateRequests } from './web/request-state.js'
import type { Routes } from './web/routes.js'
import { encodeLargeAnswers } from './web/large-answers.js'
import { closeSlowReaders } from './web/slow-readers.js'

export interface HttpServerOptions {
  readonly config: Pick<Config, 'server' | 'limits'>
  /** Rejects when the server could not serve now. */
  readonly assertReady: () => Promise<void>
  /** Observes every request, before anything can refuse it. */
  readonly observed?: Routes
  /** Everything that is served besides health checks, in the order of registration. */
  readonly routes: readonly Routes[]
  readonly log: Log
}

export interface HttpServer {
  /**
   * Gives `http://host:port`.
   * @throws the socket's error, such as `EADDRINUSE`.
   */
  listen(): Promise<string>
  /**
   * Starts the shutdown: running requests finish within `drainTimeoutMs`; false when some were cut
   * off.
   */
  drain(): Promise<boolean>
}

/** Joins the routes of all topics in one HTTP server. Errors are JSON, on every path. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { config, log } = options
  const { limits, server } = config
  const app = fastify({
    bodyLimit: limits.requestBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Node's default of 30 s is longer than the time-outs it enforces.
    http: { headersTimeout: limits.headersTimeoutMs, connectionsCheckingInterval: 1_000 },
    trustProxy: server.trustProxy === false ? false : [...server.trustProxy],
    forceCloseConnections: false,
    // Requests that still arrive during a shutdown are answered.
    return503OnClosing: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
  })
  decorateRequests(app)
  app.server.maxConnections = limits.connections
  // Node would drop what comes after 2,000 headers in silence, a second Authorization among them. Their
  // size stays bounded.
  app.server.maxHeadersCount = 0
  const connections = watchConnections(app.server)
  const ready = readiness(options.assertReady)
  options.observed?.register(app)

  // Only JSON bodies: a page of another site may send text/plain without a CORS preflight.
  app.removeContentTypeParser('text/plain')
  // None of these hooks is async: each promise of a hook is made for every request.
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store')
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer')
    done()
  })
  guardOrigins(app, server)
  // Clients ask the same host again and again.
  let goodHost = ''
  app.addHook('onRequest', (request, reply, done) => {
    const { host = '' } = request.headers
    if (host !== goodHost) {
      if (!URL.canParse(`http://${host}`))
        return void failure(request, reply, 400, 'BAD_USER_INPUT', 'The Host header is not a host')
      goodHost = host
    }
    done()
  })
  refuseUnreadableBodies(app)
  // In this order: what waits to be read is counted as it is sent.
  compressAnswers(app)
  encodeLargeAnswers(app)
  closeSlowReaders(app, limits)
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // Keeps clients from sending their next request into a closing connection.
    if (ready.isDraining) void reply.header('connection', 'close')
    done()
  })
  app.setNotFoundHandler(nothingHere)
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return failure(request, reply, status, 'BAD_USER_INPUT', messageOf(error))
    log.defect(request.id, error)
    return failure(request, reply, 500, 'INTERNAL_SERVER_ERROR', 'Internal server error')
  })

  // With what a link carries for GraphiQL.
  app.get('/', async (request, reply) => reply.redirect(request.url.replace(/^[^?]*/, '/graphql')))
  ready.register(app)
  for (const routes of options.routes) routes.register(app)

  return {
    listen: () => app.listen({ host: server.host, port: server.port }),
    async drain() {
      let wasCut = false
      const deadline = setTimeout(() => (wasCut = connections.closeAll()), limits.drainTimeoutMs)
      await ready.giveNotice(Math.min(limits.drainNoticeMs, limits.drainTimeoutMs))
      const closed = app.close()
      connections.closeUnused()
      await closed
      clearTimeout(deadline)
      return !wasCut
    },
  }
}

/** Fastify's own messages may quote the request, so they are replaced. */
function messageOf({ code, statusCode }: FastifyError): string {
  if (statusCode === 413) return 'The request body is too large'
  if (statusCode === 415) return 'The request body must be JSON, sent as application/json'
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'The request body is empty'
  return 'The request body is not readable as JSON'
}
