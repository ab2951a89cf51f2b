import type { Dispatcher } from 'undici'

import type { HttpRequest } from '../http.js'
import { tooLarge, type BodyLimits } from './body-limits.js'
import { bodyText } from './body-text.js'

/**
 * The whole body of a response as text, decoded, and never more of it than the limits allow.
 *
 * @throws ProviderError `PROVIDER_BAD_RESPONSE` (`TOO_LARGE`, `ENCODING`, `CHARSET`); the connection's error.
 */
export async function readBody(
  { headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>,
  request: HttpRequest,
  limits: BodyLimits,
): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limits.responseBytes) throw tooLarge(request, limits)
    chunks.push(chunk)
  }
  return bodyText(Buffer.concat(chunks), headers, request, limits)
}
