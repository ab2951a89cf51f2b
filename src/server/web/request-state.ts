import type { FastifyInstance } from 'fastify'

import type { Operation } from '../../operation.js'
import type { Caller } from '../callers/caller.js'
import type { OriginStanding } from './origin-policy.js'
import './when-closed.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever was admitted; null before that, and on routes that admit everybody. */
    caller: Caller | null
    /** Whose page sent the request; `none` until the hook of all requests has judged it. */
    originStanding: OriginStanding
    /** The operation that the request is answered with, once it has begun. */
    operation: Operation | null
    /** The context of that operation, where a second one may answer it; its route alone knows what it is. */
    begun: unknown
    /** The span of the request; tracing alone knows what it is. */
    trace: unknown
  }
  interface FastifyReply {
    /** Codes of the errors in a response made outside GraphQL; null where there are none. */
    failureCodes: readonly string[] | null
  }
}

/** Makes room on requests and replies for what belongs to each of them. */
export function decorateRequests(app: FastifyInstance): void {
  app.decorateRequest('caller', null)
  app.decorateRequest('originStanding', 'none')
  app.decorateRequest('operation', null)
  app.decorateRequest('begun', null)
  app.decorateRequest('trace', null)
  app.decorateReply('failureCodes', null)
  app.decorateReply('closeListeners', null)
}
