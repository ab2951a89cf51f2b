import { randomUUID } from 'node:crypto'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { Ending } from '../../ending.js'
import { Operation, type OperationOptions } from '../../operation.js'
import './request-state.js'
import { whenClosed } from './when-closed.js'

/** The caller's own request id is used when it is short and can break no log line and no header. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/

export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID()
}

/** An operation with a deadline. */
export interface TimedOperation {
  readonly operation: Operation
  /** It is over: the deadline is no more. */
  end(): void
  /** Nobody waits for it any longer. */
  abandon(): void
}

type Parts = Omit<OperationOptions, 'signal' | 'endsAt'>

/** What aborts in so many ms, unless its timer is cleared. `endsAt`: monotonic ms. */
export function deadlineIn(timeoutMs: number) {
  const ending = new Ending()
  // Plain reasons: each account makes an error of its own of them, which then names that account.
  const timer = setTimeout(
    () => ending.abort(new DOMException(`The operation did not end within ${timeoutMs} ms`, 'TimeoutError')),
    timeoutMs,
  )
  return { ending, timer, endsAt: performance.now() + timeoutMs }
}

/** Begins an operation; it is aborted at its deadline, or when it is abandoned. */
export function timedOperation(timeoutMs: number, { requestId, trace, demand, journal }: Parts): TimedOperation {
  const { ending, timer, endsAt } = deadlineIn(timeoutMs)
  const end = () => clearTimeout(timer)
  return {
    operation: new Operation({ requestId, trace, demand, journal, signal: ending, endsAt }),
    end,
    abandon() {
      end()
      ending.abort(new DOMException('The client has gone', 'AbortError'))
    },
  }
}

/**
 * Begins the operation of a request. It ends with its answer, its client's connection, or its
 * deadline, whichever is first.
 */
export function beginOperation(
  request: FastifyRequest,
  reply: FastifyReply,
  timeoutMs: number,
  { demand, journal }: Pick<Parts, 'demand' | 'journal'> = {},
): Operation {
  const { id: requestId, trace } = request
  const { operation, end, abandon } = timedOperation(timeoutMs, { requestId, trace, demand, journal })
  whenClosed(reply, () => (reply.raw.writableFinished ? end() : abandon()))
  return (request.operation = operation)
}
