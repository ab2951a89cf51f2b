import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { OperationSummary } from '../../operation.js'
import { endedStatus, type Routes } from '../web/routes.js'
import { whenClosed } from '../web/when-closed.js'

/**
 * A request that is over. Holds neither its address nor anything its client wrote, but the name of
 * its operation.
 */
export interface EndedRequest {
  /** One of our methods, else `other`. */
  readonly method: string
  /** The pattern it matched, such as `/connect/:accountId`; `none` when it matched none. */
  readonly route: string
  /** 499 when the client had gone before its answer. */
  readonly status: number
  readonly durationMs: number
  /** Null for what never became a GraphQL operation. */
  readonly operation: OperationSummary | null
  /** Codes of its errors, each once. */
  readonly codes: readonly string[]
}

/** Called with a request as it arrives; the function it returns is called once with its end. */
export type RequestObserver = (request: FastifyRequest, reply: FastifyReply) => (ended: EndedRequest) => void

/** Calls the observers with every request. */
export function observedRequests(observers: readonly RequestObserver[]): Routes {
  return {
    register(app: FastifyInstance) {
      app.addHook('onRequest', (request, reply, done) => {
        // Fastify measures the time only for loggers of its own.
        const beganAt = performance.now()
        const over = observers.map((observe) => observe(request, reply))
        whenClosed(reply, () => {
          const operation = request.operation?.summary ?? null
          const ended = {
            method: METHODS.has(request.method) ? request.method : 'other',
            route: request.routeOptions.url ?? 'none',
            status: endedStatus(reply),
            durationMs: performance.now() - beganAt,
            operation,
            codes: operation?.codes ?? reply.failureCodes ?? [],
          }
          for (const end of over) end(ended)
        })
        done()
      })
    },
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
