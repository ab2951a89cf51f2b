import type { Dispatcher } from 'undici'

import { tooLarge, type BodyLimits } from './body-limits.js'
import { bodyText } from './body-text.js'
import type { RawHeaders } from './content-codings.js'

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher
  readonly request: Pick<Dispatcher.DispatchOptions, 'origin' | 'path' | 'method' | 'headers' | 'body'>
  /** Method, host and path, for errors. */
  readonly described: string
  readonly limits: BodyLimits
  readonly signal: AbortSignal
  /** Called right before the first byte is sent, over a connection that stands. */
  readonly onStart: () => void
  /** Called when the head is here, before the body. */
  readonly onHead: (status: number, headers: RawHeaders) => void
}

/**
 * One request and the text of its response: decoded, and never more of it than the limits allow.
 * The bytes are taken from the connection as they come: a stream for each response, and iterating
 * over it, costs more than the exchange itself.
 *
 * @throws ProviderError `PROVIDER_BAD_RESPONSE` (`TOO_LARGE`, `ENCODING`, `CHARSET`), the signal's reason,
 * and whatever the connection says.
 */
export async function exchange(options: ExchangeOptions): Promise<string> {
  const { body, headers } = await collect(options)
  return bodyText(body, headers, options.described, options.limits)
}

const REQUEST_TIMEOUT = 408
const NOTHING = Buffer.alloc(0)

interface Collected {
  readonly body: Buffer
  readonly headers: RawHeaders
}

function collect(options: ExchangeOptions): Promise<Collected> {
  const { dispatcher, request, described, limits, signal, onStart, onHead } = options
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let head: RawHeaders = {}
    let connection: Dispatcher.DispatchController | null = null
    const settle = () => signal.removeEventListener('abort', stop)
    const fail = (error: unknown) => {
      settle()
      reject(error as Error)
      connection?.abort(error as Error)
    }
    const stop = () => fail(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        connection = controller
        if (signal.aborted) controller.abort(signal.reason as Error)
        else onStart()
      },
      onResponseStart(controller, status, headers) {
        // 1xx announces the response and is none.
        if (status < 200) return
        head = headers
        onHead(status, headers)
        // The server is done with this connection, whether it says so or not (RFC 9110 §15.5.9).
        if (status !== REQUEST_TIMEOUT || /\bclose\b/i.test(String(headers['connection'] ?? ''))) return
        settle()
        resolve({ body: NOTHING, headers })
        controller.abort(new Error('the server has given this connection up'))
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
        size += chunk.length
        if (size > limits.responseBytes) fail(tooLarge(described, limits))
      },
      onResponseEnd() {
        settle()
        resolve({ body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), headers: head })
      },
      onResponseError(_controller, error) {
        settle()
        reject(error)
      },
    })
  })
}
