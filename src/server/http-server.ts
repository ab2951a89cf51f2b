import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { attached } from '../attached.js'
import type { Operation } from '../providers/account.js'
import type { Config } from './config/config.js'
import { watchConnections } from './web/connections.js'
import type { Admission } from './callers/admission.js'
import type { Caller } from './callers/caller.js'
import { wantsPage, type Explorer } from './web/explorer.js'
import { failure, failureCodes } from './web/failure.js'
import type { Endpoint, EndpointContext } from './endpoint/graphql-endpoint.js'
import { graphqlHandler } from './endpoint/graphql-over-http.js'
import type { Log } from './observing/log.js'
import { beginOperation, requestIdOf } from './web/operation.js'
import { readiness } from './web/readiness.js'
import { readingOf } from './endpoint/reading-demand.js'
import type { RecordingRoute } from './recordings/route.js'
import { refuseUnreadableBodies } from './web/request-bodies.js'
import { CLIENT_GONE } from './observing/request-observation.js'
import { closeSlowReaders } from './web/slow-readers.js'

export interface HttpServerOptions<Context extends EndpointContext> {
  readonly config: Pick<Config, 'server' | 'limits'>
  readonly endpoint: Endpoint<Context>
  /** Lets requests for GraphQL in, before more of them is read than their head. */
  readonly admission: Admission
  /** Makes the context of one request. */
  readonly createContext: (operation: Operation, caller: Caller) => Context
  /** Rejects when the server could not serve now. */
  readonly assertReady: () => Promise<void>
  readonly explorer: Explorer | null
  /** Answers a request for GraphQL that this server does not take, once its body is read. */
  readonly refuse?: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
  /** Hears of every request, before anything can be refused. */
  readonly observed?: Routes
  /** Routes of others: browser logins, figures. */
  readonly routes?: readonly Routes[]
  /** Absent where no recordings are served. */
  readonly recordings?: RecordingRoute
  readonly log: Log
}

/** Routes that are no business of GraphQL's. */
export interface Routes {
  register(app: FastifyInstance): void
}

export interface HttpServer {
  /** `http://host:port`, once it listens. Rejects with the socket's error, `EADDRINUSE` for one. */
  listen(): Promise<string>
  /** Not ready from now on; what runs may finish, within the drain limit. Resolves with false when something had to be cut off. */
  drain(): Promise<boolean>
}

/** The routes, over HTTP. Every answer that is not GraphiQL is JSON, whatever went wrong. */
export function createHttpServer<Context extends EndpointContext>(options: HttpServerOptions<Context>): HttpServer {
  const { config, log } = options
  const { limits, server } = config
  const app = fastify({
    bodyLimit: limits.requestBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Node looks for late clients every half minute unless told otherwise, which is longer than they have.
    http: { headersTimeout: limits.headersTimeoutMs, connectionsCheckingInterval: 1_000 },
    trustProxy: server.trustProxy === false ? false : [...server.trustProxy],
    forceCloseConnections: false,
    // What still comes over a connection that is about to close is answered like everything before it.
    return503OnClosing: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
  })
  app.server.maxConnections = limits.connections
  const connections = watchConnections(app.server)
  const ready = readiness(options.assertReady)
  options.observed?.register(app)

  // A body is JSON or it is refused: plain text is what a page of another site may send without being asked.
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store', ...FIXED_HEADERS })
    if (!URL.canParse(`http://${request.headers.host ?? ''}`)) {
      return failure(request, reply, 400, 'BAD_USER_INPUT', 'The Host header is not a host')
    }
  })
  refuseUnreadableBodies(app)
  closeSlowReaders(app, limits)
  app.addHook('onSend', async (_request, reply) => {
    // A client that would keep the connection must not send its next request into a closing socket.
    if (ready.isDraining) void reply.header('connection', 'close')
  })
  app.setNotFoundHandler((request, reply) =>
    failure(request, reply, 404, 'NOT_FOUND', 'There is nothing at this address'),
  )
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return failure(request, reply, status, 'BAD_USER_INPUT', told(error))
    log.defect(request.id, error)
    return failure(request, reply, 500, 'INTERNAL_SERVER_ERROR', 'Internal server error')
  })

  app.get('/', async (_request, reply) => reply.redirect('/graphql'))
  ready.register(app)
  registerGraphql(app, options)
  for (const routes of options.routes ?? []) routes.register(app)
  options.recordings?.register(app)
  options.explorer?.register(app)

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

function registerGraphql<Context extends EndpointContext>(
  app: FastifyInstance,
  options: HttpServerOptions<Context>,
): void {
  const { endpoint, admission, createContext, explorer, config, log } = options
  const operations = attached<FastifyRequest, Operation>()
  const execute = graphqlHandler(endpoint.apollo, (request, reply) => {
    const reading = readingOf(request.headers)
    const operation = beginOperation(request.id, reply.raw, config.limits.operationTimeoutMs, reading)
    operations.set(request, operation)
    return createContext(operation, admission.callerOf(request))
  })
  // GraphiQL shows nothing before it is told a key: the page itself is for everyone.
  const isForPage = (request: FastifyRequest) =>
    request.method !== 'POST' && config.server.explore && wantsPage(request)
  const admitted = async (request: FastifyRequest, reply: FastifyReply) =>
    isForPage(request) ? undefined : admission.admit(request, reply)
  // Not `onResponse`: that never comes for a client who has gone.
  const logged = {
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      const beganAt = performance.now()
      reply.raw.once('close', () => {
        const operation = operations.get(request)
        const summary = operation && endpoint.summaries.get(operation)
        log.operation({
          requestId: request.id,
          method: request.method,
          status: reply.raw.writableFinished ? reply.statusCode : CLIENT_GONE,
          durationMs: Math.round(performance.now() - beganAt),
          operation: summary?.operation ?? null,
          codes: summary?.codes ?? failureCodes(reply.raw),
        })
      })
    },
  }
  const hooks = { onRequest: [logged.onRequest, admitted], preHandler: options.refuse ? [options.refuse] : [] }
  app.post('/graphql', hooks, execute)
  app.get('/graphql', hooks, (request, reply) => {
    if (!isForPage(request)) return execute(request, reply)
    if (explorer) return explorer.page(request, reply)
    return failure(request, reply, 404, 'NOT_FOUND', 'GraphiQL is not part of this build; `npm run build` makes it')
  })
  app.route({
    method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/graphql',
    handler: (request, reply) =>
      failure(
        request,
        reply.header('allow', 'GET, HEAD, POST'),
        405,
        'BAD_USER_INPUT',
        'GraphQL is asked with GET or POST',
      ),
  })
}

const FIXED_HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

/** Fastify's own messages may quote the request; these are all there is to say. */
function told({ code, statusCode }: FastifyError): string {
  if (statusCode === 413) return 'The request body is too large'
  if (statusCode === 415) return 'The request body must be JSON, sent as application/json'
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'The request body is empty'
  return 'The request body is not readable as JSON'
}
