import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

import type { Dispatcher } from 'undici'

import { ProviderError } from '../../errors.js'
import { RATIO_COUNTS_FROM_BYTES } from './exchange.js'
import type { HttpRequest } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { describeRequest } from '../describe-request.js'

/** The whole body as text: decoded, and never more of it than the limits allow. */
export async function readBody(
  { headers, body }: Dispatcher.ResponseData,
  request: HttpRequest,
  limits: HttpLimits,
  signal: AbortSignal,
): Promise<string> {
  let compressed = 0
  const decoded = decode(
    Readable.from(
      (async function* () {
        for await (const chunk of body) {
          compressed += (chunk as Buffer).length
          yield chunk as Buffer
        }
      })(),
    ),
    String(headers['content-encoding'] ?? ''),
    request,
  )
  const chunks: Buffer[] = []
  let size = 0
  const stop = () => decoded.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of decoded) {
      size += (chunk as Buffer).length
      const inflated =
        decoded.isDecoder && size > RATIO_COUNTS_FROM_BYTES && size > compressed * limits.compressionRatio
      if (size > limits.responseBytes || inflated) {
        throw new ProviderError(
          'PROVIDER_BAD_RESPONSE',
          `${describeRequest(request)} answered more than ${limits.responseBytes} bytes, or more than it may unpack to`,
          { reason: 'TOO_LARGE' },
        )
      }
      chunks.push(chunk as Buffer)
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function decode(source: Readable, encoding: string, request: HttpRequest): Readable & { isDecoder?: boolean } {
  const decoder = { gzip: createGunzip, 'x-gzip': createGunzip, br: createBrotliDecompress, deflate: createInflate }[
    encoding.trim().toLowerCase()
  ]
  if (decoder) {
    const stream = decoder()
    source.on('error', (error) => stream.destroy(error))
    return Object.assign(source.pipe(stream), { isDecoder: true })
  }
  if (encoding === '' || encoding === 'identity') return source
  throw new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${describeRequest(request)} answered in an encoding we did not ask for`,
    {
      reason: 'ENCODING',
    },
  )
}
