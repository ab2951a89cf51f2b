import type { FastifyReply, FastifyRequest } from 'fastify'

import { seesOwnOnly } from '../../graphql/scope.js'
import type { Operation } from '../../operation.js'
import type { Admission } from '../callers/admission.js'
import type { Caller } from '../callers/caller.js'
import type { Config } from '../config/config.js'
import type { Log } from '../observing/log.js'
import type { BuiltPage } from '../web/built-page.js'
import { wantsPage } from '../web/explorer.js'
import { failure } from '../web/failure.js'
import { refuseForgedGet } from '../web/forged-get.js'
import { beginOperation } from '../web/operation.js'
import { endedStatus, type Routes } from '../web/routes.js'
import { whenClosed } from '../web/when-closed.js'
import type { EndpointContext } from './endpoint-context.js'
import type { Endpoint } from './graphql-endpoint.js'
import { graphqlHandler, type GraphqlHandler } from './graphql-over-http.js'
import { shortRoadFirst } from './plain-request.js'
import { readingDemand } from './reading-demand.js'

/** WebSockets at the same address. */
export interface Upgrades {
  /** Whether a request wants to become one. */
  isUpgrade(request: FastifyRequest): boolean
  accept(request: FastifyRequest, reply: FastifyReply): FastifyReply
}

export interface GraphqlRouteOptions<Context extends EndpointContext> {
  readonly config: Pick<Config, 'server' | 'limits'>
  readonly endpoint: Endpoint<Context>
  /** Authenticates a request by its head, before its body is read. */
  readonly admission: Pick<Admission, 'admit' | 'callerOf'> & Partial<Pick<Admission, 'admitConnection'>>
  /** Default: there are no WebSockets. */
  readonly upgrades?: Upgrades
  /** Makes the context of one operation. */
  readonly createContext: (operation: Operation, caller: Caller) => Context
  /** Answers operations, subscriptions among them. Default: those that need no stream. */
  readonly answering?: (contextOf: (request: FastifyRequest, reply: FastifyReply) => Context) => GraphqlHandler
  /** Whether Apollo Server is left out where that makes no difference. Default: true. */
  readonly shortRoad?: boolean | undefined
  /** GraphiQL; null when the package was built without it. */
  readonly explorer: BuiltPage | null
  /** Answers a request that this server does not take, once its body is read. */
  readonly refuse?: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
  readonly log: Log
}

/** `/graphql`: operations by GET and POST, and GraphiQL for a browser that asks for a page. */
export function graphqlRoute<Context extends EndpointContext>(options: GraphqlRouteOptions<Context>): Routes {
  const { endpoint, admission, createContext, explorer, config, log } = options
  const answering = options.answering ?? ((contextOf) => graphqlHandler(endpoint.apollo, contextOf))
  const begin = (request: FastifyRequest, reply: FastifyReply): Context => {
    const caller = admission.callerOf(request)
    const { demand, journal } = readingDemand(request.headers)
    // What was read to find out whose an object is would tell that it is there.
    const reading = { demand, journal: seesOwnOnly(caller.viewer.scopes) ? null : journal }
    const operation = beginOperation(request, reply, config.limits.operationTimeoutMs, reading)
    return createContext(operation, caller)
  }
  const shared = (request: FastifyRequest, reply: FastifyReply) => (request.begun ??= begin(request, reply)) as Context
  const long = answering((request, reply) => (request.begun as Context | null) ?? begin(request, reply))
  const execute = options.shortRoad === false ? long : shortRoadFirst(endpoint.direct, shared, long)
  // The page itself shows nothing of any account, so it is served without a credential.
  const isUpgrade = (request: FastifyRequest) => options.upgrades?.isUpgrade(request) ?? false
  const isForPage = (request: FastifyRequest) =>
    !isUpgrade(request) && request.method !== 'POST' && config.server.explore && wantsPage(request)
  const admit = (request: FastifyRequest, reply: FastifyReply) =>
    isUpgrade(request) && admission.admitConnection
      ? admission.admitConnection(request, reply)
      : admission.admit(request, reply)
  const admitted = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => {
    const isAdmitted = isForPage(request) || admit(request, reply)
    if (isAdmitted instanceof Promise) isAdmitted.then((admitted) => admitted && done(), done)
    else if (isAdmitted) done()
  }
  const logged = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const beganAt = performance.now()
    whenClosed(reply, () => {
      const summary = request.operation?.summary
      log.operation({
        requestId: request.id,
        method: request.method,
        status: endedStatus(reply),
        durationMs: Math.round(performance.now() - beganAt),
        operation: summary?.operation ?? null,
        codes: summary?.codes ?? reply.failureCodes ?? [],
      })
    })
    done()
  }
  const unforged = (request: FastifyRequest, reply: FastifyReply, done: () => void) =>
    // Pages cannot open a WebSocket without saying whose they are, which is judged for all requests.
    isForPage(request) || isUpgrade(request) ? done() : refuseForgedGet(request, reply, done)
  const hooks = {
    config: PAGES,
    onRequest: [logged, admitted, unforged],
    preHandler: options.refuse ? [options.refuse] : [],
  }
  return {
    register(app) {
      app.post('/graphql', hooks, execute)
      app.get('/graphql', hooks, (request, reply) => {
        if (isUpgrade(request)) return options.upgrades!.accept(request, reply)
        if (!isForPage(request)) return execute(request, reply)
        if (explorer) return explorer.page(request, reply)
        return failure(request, reply, 404, 'NOT_FOUND', 'GraphiQL is not part of this build; `npm run build` makes it')
      })
      app.route({ method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS'], url: '/graphql', config: PAGES, handler: wrongMethod })
    },
  }
}

const METHODS = 'GET, HEAD, POST'
const PAGES = { crossOrigin: METHODS }

const wrongMethod = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  failure(request, reply.header('allow', METHODS), 405, 'BAD_USER_INPUT', 'GraphQL is asked with GET or POST')
