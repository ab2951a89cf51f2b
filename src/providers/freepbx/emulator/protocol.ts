import { GraphQLError, type ExecutionResult } from 'graphql'

import { json, type EmulatedResponse } from '../../../emulator/serve.js'
import { isSeventeen, type FreepbxKnobs } from './knobs.js'
import type { Refusal } from './tokens.js'

/** How each protocol wraps what happened; the wire contract has them as tables. */
export interface Protocol {
  /** No token, or a dead one. */
  unauthorized(refusal: Refusal | 'missing'): EmulatedResponse
  /** A result of the GraphQL executor. */
  result(result: ExecutionResult): EmulatedResponse
  /** A body that is no request. */
  malformed(): EmulatedResponse
  methodNotAllowed(): EmulatedResponse
}

const DENIED = 'The resource owner or authorization server denied the request.'

const HINTS: Readonly<Record<Refusal | 'missing', string>> = {
  missing: 'Missing "Authorization" header',
  unreadable: 'Error while decoding to JSON',
  expired: 'Access token is invalid',
  revoked: 'Access token has been revoked',
}

/** The protocol of a profile. */
export function protocolOf(knobs: FreepbxKnobs): Protocol {
  return isSeventeen(knobs) ? seventeen : sixteen
}

const sixteen: Protocol = {
  unauthorized: (refusal) =>
    json({ error: 'access_denied', message: DENIED, hint: HINTS[refusal] }, 401, {
      'content-type': 'application/json',
    }),
  result(result) {
    const [first] = result.errors ?? []
    // The first error alone, and all data is lost.
    if (first) return json({ errors: [{ message: first.message, status: false }] }, 400)
    return refusedByRoot(result) ?? json({ data: result.data })
  },
  malformed: () => html(500, 'Slim Application Error'),
  methodNotAllowed: () => html(405, 'Method not allowed'),
}

const seventeen: Protocol = {
  // An exception that nobody catches.
  unauthorized: () => exception('League\\OAuth2\\Server\\Exception\\OAuthServerException', DENIED, 9),
  result(result) {
    if (result.errors?.length) {
      const errors = result.errors.map((error) => error.toJSON())
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=UTF-8' },
        body: JSON.stringify({ errors, ...(result.data !== undefined && { data: result.data }) }),
      }
    }
    return refusedByRoot(result) ?? json({ data: result.data })
  },
  malformed: () => exception('GraphQL\\Server\\RequestError', 'Invalid HTTP method or body', 0),
  methodNotAllowed: () => exception('Slim\\Exception\\HttpMethodNotAllowedException', 'Method not allowed.', 405),
}

/**
 * Only the first root field decides, by a `status` under its own name; its message is told as far as it
 * was asked for.
 */
function refusedByRoot({ data }: ExecutionResult): EmulatedResponse | null {
  const [first] = Object.values(data ?? {})
  if (typeof first !== 'object' || first === null) return null
  const { status, message } = first as { status?: unknown; message?: unknown }
  if (status !== false) return null
  return json({ errors: [{ ...(message !== undefined && { message }), status: false }] }, 400)
}

/** What the framework makes of an exception that reached it. */
export const exception = (type: string, message: string, code: number): EmulatedResponse =>
  json({ error: { type, message, code, file: '/var/www/html/admin/modules/api/vendor/lib.php', line: 117 } }, 500)

/** A page of the framework. */
export const html = (status: number, title: string): EmulatedResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
})

/** What a resolver that threw says: nothing. */
export const internalError = (): GraphQLError => new GraphQLError('Internal server error')
