import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { ServerResponse } from 'node:http'

import { attached } from '../../attached.js'
import { endsWithin } from '../../http/wire/deadline.js'
import type { Operation } from '../../providers/account.js'

/** A request id of the caller's is taken over when it is one: short, and nothing that could break a log line or a header. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/

export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

/** Begins an operation that ends with its answer, with its client's connection, or at its deadline, whichever is first. */
export function beginOperation(
  requestId: string,
  response: ServerResponse,
  timeoutMs: number,
  reading: Omit<Operation, 'requestId' | 'signal'> = {},
): Operation {
  const controller = new AbortController()
  // One listener for each request to a provider that waits: their number is bounded by the operation's own limit.
  setMaxListeners(0, controller.signal)
  endsWithin(controller.signal, timeoutMs)
  // Plain reasons: each account makes an error of its own of them, which then names that account.
  const deadline = setTimeout(
    () => controller.abort(new DOMException(`The operation did not end within ${timeoutMs} ms`, 'TimeoutError')),
    timeoutMs,
  )
  const origin: Origin = { requestId, response }
  response.once('close', () => {
    clearTimeout(deadline)
    if (!response.writableFinished) controller.abort(new DOMException('The client has gone', 'AbortError'))
    // Node's signals outlive the collections of young objects, and all of the operation would with them: what was cut off has been told by then.
    setImmediate(() => (origin.response = null))
  })
  const operation = { requestId, signal: controller.signal, ...reading }
  operations.set(response, operation)
  origins.set(controller.signal, origin)
  return operation
}

/** The operation that a response answers, if it answers one. */
export const operationOf = (response: ServerResponse): Operation | null => operations.get(response) ?? null

/** What an operation's signal belongs to. */
export interface Origin {
  readonly requestId: string
  /** Null once it is over. */
  response: ServerResponse | null
}

/** Null for a signal of no operation. */
export const originOf = (signal: AbortSignal): Readonly<Origin> | null => origins.get(signal) ?? null

const operations = attached<ServerResponse, Operation>()
const origins = attached<AbortSignal, Origin>()
