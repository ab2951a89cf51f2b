import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { ServerResponse } from 'node:http'

import type { Operation } from '../providers/account.js'

/** A request id of the caller's is taken over when it is one: short, and nothing that could break a log line or a header. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/

export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

/** Begins an operation that ends with its answer, with its client's connection, or at its deadline, whichever is first. */
export function beginOperation(requestId: string, response: ServerResponse, timeoutMs: number): Operation {
  const controller = new AbortController()
  // One listener for each request to a provider that waits: their number is bounded by the operation's own limit.
  setMaxListeners(0, controller.signal)
  // Plain reasons: each account makes an error of its own of them, which then names that account.
  const deadline = setTimeout(
    () => controller.abort(new DOMException(`The operation did not end within ${timeoutMs} ms`, 'TimeoutError')),
    timeoutMs,
  )
  response.once('close', () => {
    clearTimeout(deadline)
    if (!response.writableFinished) controller.abort(new DOMException('The client has gone', 'AbortError'))
  })
  return { requestId, signal: controller.signal }
}
