import type { FastifyReply, FastifyRequest } from 'fastify'

import { failure } from './failure.js'
import './request-state.js'

/**
 * Headers of GraphQL clients. A page of another origin can set none of them unless a preflight
 * allows it, and no proxy adds them by itself, as it may `X-Request-Id`, `Via` or `traceparent`:
 * hence this list in place of "any header that is not safelisted".
 */
const PREFLIGHTED_HEADERS = [
  'apollo-require-preflight',
  'graphql-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'x-dialgraph-explain',
] as const

/** RFC 6750 §2.1. A browser adds Basic, Digest and Negotiate by itself, but never Bearer. */
const BEARER = /^Bearer +\S/i

const JSON_TYPE = /^application\/json[ \t]*(?:;|$)/i

/**
 * Refuses a GET that a page of another site could have made a browser send (CSRF, XS-Search):
 * nothing in it needed a preflight, and the browser does not say that it comes from a page that may
 * ask.
 */
export function refuseForgedGet(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (request.method === 'POST' || isFromAllowedPage(request) || wasPreflighted(request)) return done()
  void failure(
    request,
    reply,
    400,
    'CSRF_PREVENTED',
    'A page of another site could make a browser send this GET. Send `authorization: Bearer …`, `content-type: application/json` or `apollo-require-preflight: 1` with it, or use POST.',
  )
}

const isFromAllowedPage = ({ originStanding }: FastifyRequest): boolean =>
  originStanding === 'listed' || originStanding === 'same'

const wasPreflighted = ({ headers }: FastifyRequest): boolean =>
  BEARER.test(headers.authorization ?? '') ||
  JSON_TYPE.test(headers['content-type'] ?? '') ||
  PREFLIGHTED_HEADERS.some((name) => Boolean(headers[name]))
