import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Config } from '../config/config.js'
import { failure } from './failure.js'
import { originPolicy } from './origin-policy.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Methods by which pages of listed origins may call this route, as `GET, HEAD`. Absent: pages
     * of other origins cannot read what it answers.
     */
    crossOrigin?: string
    /**
     * Its own hook judges who may send what: its address is the credential, which no page of
     * another origin has unless it was given to it.
     */
    judgesItself?: boolean
  }
}

/** What a page may read besides the headers that the Fetch standard lets it. */
const EXPOSED = 'X-Request-Id, Retry-After, Accept-Ranges, Content-Range, Content-Length'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * CORS, before anything else can answer: every answer of a route that pages may call can be read by
 * pages of listed origins, errors included. Whatever may change something is refused to pages of
 * other origins, on every path.
 */
export function guardOrigins(app: FastifyInstance, server: Config['server']): void {
  const standingOf = originPolicy(server)
  const maxAge = String(server.cors.maxAgeSeconds)
  // Not async: a promise for every request would cost more than all that is done here.
  app.addHook('onRequest', (request, reply, done) => {
    const standing = (request.originStanding = standingOf(request.headers))
    // A path that is none has no configuration.
    const { crossOrigin: methods, judgesItself = false } = request.routeOptions.config ?? {}
    if (judgesItself) return done()
    const preflight = methods !== undefined && isPreflight(request)
    if (methods !== undefined) void reply.header('vary', preflight ? VARY_OF_PREFLIGHT : 'Origin')
    if (standing === 'foreign' && (preflight || mayChangeState(request))) return void refuse(request, reply)
    if (standing !== 'listed' || methods === undefined) return done()
    void reply.headers({
      'access-control-allow-origin': request.headers.origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': EXPOSED,
    })
    if (!preflight) return done()
    // Every header that is asked for: a listed origin may send what any program may send, and a
    // fixed list would break an app on the day it begins to send a header for tracing.
    const headers = request.headers['access-control-request-headers']
    if (headers !== undefined) void reply.header('access-control-allow-headers', headers)
    void reply.code(204).headers({ 'access-control-allow-methods': methods, 'access-control-max-age': maxAge }).send()
  })
}

const VARY_OF_PREFLIGHT = 'Origin, Access-Control-Request-Headers'

/** Fetch standard, CORS-preflight request. Any other OPTIONS is left to the route. */
const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined

/** An upgrade opens a connection that may ask anything, so it counts as such a request. */
const mayChangeState = ({ method, headers }: FastifyRequest): boolean =>
  !SAFE_METHODS.has(method) || headers.upgrade !== undefined

const refuse = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  failure(request, reply, 403, 'CSRF_PREVENTED', refusal(request.headers.origin ?? ''))

function refusal(origin: string): string {
  if (origin === 'null') {
    return 'A page without an origin of its own, as in a sandboxed frame, may not send this, and cannot be listed.'
  }
  const page = SHOWABLE.test(origin) ? origin : 'this origin'
  return `Pages of ${page} may not send this. If they should, add it to \`server.cors.origins\` in the configuration of this server.`
}

/** One origin, and not a text of any kind that wants to be in an error. */
const SHOWABLE = /^[a-z][a-z0-9+.-]{0,30}:\/\/[\w.:[\]-]{1,260}$/i
