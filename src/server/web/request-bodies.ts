import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { MOST_LEVELS } from '../../graphql/limits/nesting.js'
import { failure } from './failure.js'

/** The charset parameter of a Content-Type, quoted or not. */
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i
const UTF_8 = /^utf-?8$/i

/** Levels of the variables, and of the object around them. */
const MOST_LEVELS_OF_A_BODY = MOST_LEVELS + 2

/**
 * Refuses compressed bodies and other charsets than UTF-8 (RFC 8259 §8.1) before they are read: a
 * small body may decompress to a large one, and a filter in front of this server must not see other
 * text than it does. Bodies nested too deeply are refused before they are parsed, which would take
 * the most time and memory of all.
 */
export function refuseUnreadableBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (isDeep(text)) done(Object.assign(new Error('The request body has too many levels'), { statusCode: 400 }))
    else void parse(request, text, done)
  })
  app.addHook('onRequest', (request, reply, done) => {
    const message = request.routeOptions.config?.judgesItself ? null : unreadableBody(request, reply)
    if (message === null) return done()
    void failure(request, reply, 415, 'BAD_USER_INPUT', message)
  })
}

/** Why a body that is announced so is not read; null where it is. */
export function unreadableBody({ headers }: FastifyRequest, reply: FastifyReply): string | null {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers
  if (encoding.trim().toLowerCase() !== 'identity') {
    // RFC 9110 §15.5.16: a 415 names the encodings that are accepted.
    void reply.header('accept-encoding', 'identity')
    return 'The request body must be sent as it is, not compressed'
  }
  const [, charset] = CHARSET.exec(type) ?? []
  return charset === undefined || UTF_8.test(charset) ? null : 'The request body must be in UTF-8'
}

/**
 * Whether more objects and arrays are open at once than any body needs. Invalid JSON is left to the
 * parser.
 */
export function isDeep(text: string): boolean {
  let open = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) isQuoted = !isQuoted
    else if (isQuoted) at += code === BACKSLASH ? 1 : 0
    else if (code === BRACKET || code === BRACE) open += 1
    else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) open -= 1
    if (open > MOST_LEVELS_OF_A_BODY) return true
  }
  return false
}

const [QUOTE, BACKSLASH, BRACKET, CLOSING_BRACKET, BRACE, CLOSING_BRACE] = [...'"\\[]{}'].map((one) =>
  one.charCodeAt(0),
)
