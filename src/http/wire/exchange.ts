import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

import type { Dispatcher } from 'undici'

import { ProviderError } from '../../errors.js'
import type { HttpLimits } from '../limits.js'

/** A small answer may be all zeros without being an attack: the ratio counts only beyond this many decoded bytes. */
export const RATIO_COUNTS_FROM_BYTES = 1024 * 1024

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher
  readonly request: Pick<Dispatcher.DispatchOptions, 'origin' | 'path' | 'method' | 'headers' | 'body'>
  /** Method, host and path, for errors. */
  readonly told: string
  readonly limits: Pick<HttpLimits, 'responseBytes' | 'compressionRatio'>
  readonly signal: AbortSignal
  /** Called when the head is here, before the body. */
  readonly onHead: (status: number, headers: RawHeaders) => void
}

export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * One request and the text of its answer: decoded, and never more of it than the limits allow. The bytes are taken from the connection as
 * they come: a stream for each answer, and iterating over it, costs more than the exchange itself. Throws PROVIDER_BAD_RESPONSE (`TOO_LARGE`,
 * `ENCODING`), the signal's reason, and whatever the connection says.
 */
export async function exchange(options: ExchangeOptions): Promise<string> {
  const { body, encoding } = await collect(options)
  const decode = DECODERS[encoding]
  if (!decode) return body.toString('utf8')
  const { responseBytes, compressionRatio } = options.limits
  const unpacked = Math.max(RATIO_COUNTS_FROM_BYTES, body.length * compressionRatio)
  try {
    return (await decode(body, { maxOutputLength: Math.min(responseBytes, unpacked) })).toString('utf8')
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(options) : error
  }
}

interface Collected {
  readonly body: Buffer
  readonly encoding: string
}

function collect(options: ExchangeOptions): Promise<Collected> {
  const { dispatcher, request, limits, signal, onHead } = options
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let encoding = ''
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
      },
      onResponseStart(_controller, status, headers) {
        // 1xx announces the answer and is none.
        if (status < 200) return
        encoding = encodingOf(headers)
        onHead(status, headers)
        if (encoding !== '' && !DECODERS[encoding]) fail(unknownEncoding(options))
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
        size += chunk.length
        if (size > limits.responseBytes) fail(tooLarge(options))
      },
      onResponseEnd() {
        settle()
        resolve({ body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), encoding })
      },
      onResponseError(_controller, error) {
        settle()
        reject(error)
      },
    })
  })
}

type Decode = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: promisify<Buffer, object, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, object, Buffer>(gunzip),
  br: promisify<Buffer, object, Buffer>(brotliDecompress),
  deflate: promisify<Buffer, object, Buffer>(inflate),
}

function encodingOf({ 'content-encoding': encoding }: RawHeaders): string {
  const name = String(encoding ?? '')
    .trim()
    .toLowerCase()
  return name === 'identity' ? '' : name
}

const tooLarge = ({ told, limits }: ExchangeOptions): ProviderError =>
  new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${told} answered more than ${limits.responseBytes} bytes, or more than it may unpack to`,
    { reason: 'TOO_LARGE' },
  )

const unknownEncoding = ({ told }: ExchangeOptions): ProviderError =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `${told} answered in an encoding we did not ask for`, {
    reason: 'ENCODING',
  })
