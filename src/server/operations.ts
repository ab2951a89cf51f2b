import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { ServerResponse } from 'node:http'

import { endsWithin } from '../http/deadline.js'
import type { Operation } from '../providers/account.js'

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
  response.once('close', () => {
    clearTimeout(deadline)
    if (!response.writableFinished) controller.abort(new DOMException('The client has gone', 'AbortError'))
  })
  const operation = { ...reading, requestId, signal: controller.signal }
  operations.set(response, operation)
  responses.set(controller.signal, response)
  return operation
}

/** The operation that a response answers, if it answers one. */
export const operationOf = (response: ServerResponse): Operation | null => operations.get(response) ?? null

/** The response that ends an operation's signal. */
export const responseOf = (signal: AbortSignal): ServerResponse | null => responses.get(signal) ?? null

const operations = new WeakMap<ServerResponse, Operation>()
const responses = new WeakMap<AbortSignal, ServerResponse>()
