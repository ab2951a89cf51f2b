import type { FastifyInstance } from 'fastify'

import { failure } from './failure.js'

/** The parameter of a content type that says how its text is encoded, quoted or not. */
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i
const UTF_8 = /^utf-?8$/i

/**
 * Refuses bodies that are packed or not in UTF-8, before they are read: what is small here may be large unpacked, and the same bytes
 * must not mean one thing to a filter in front of this server and another to it. JSON is UTF-8 (RFC 8259 §8.1).
 */
export function refuseUnreadableBodies(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = request.headers
    if (encoding.trim().toLowerCase() !== 'identity') {
      // RFC 9110 §15.5.16: the answer says which encodings would do.
      void reply.header('accept-encoding', 'identity')
      return failure(request, reply, 415, 'BAD_USER_INPUT', 'The request body must be sent as it is, not compressed')
    }
    const [, charset] = CHARSET.exec(type) ?? []
    if (charset !== undefined && !UTF_8.test(charset)) {
      return failure(request, reply, 415, 'BAD_USER_INPUT', 'The request body must be in UTF-8')
    }
  })
}
