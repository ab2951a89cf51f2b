import type { HttpRequest } from '../http.js'
import type { BodyLimits } from './body-limits.js'
import { decodeText } from './character-set.js'
import { codingsOf, unpack, type RawHeaders } from './content-codings.js'

/**
 * The text of a body: unpacked no further than the limits allow, and read in the character set it
 * declares. An empty body is empty text, whatever its labels say (RFC 9110 §8.4: they are those of
 * the representation, which a 304 or the answer to a HEAD only describes).
 *
 * @throws ProviderError `PROVIDER_BAD_RESPONSE` (`TOO_LARGE`, `ENCODING`, `CHARSET`), also as a
 * rejection.
 */
export function bodyText(
  body: Buffer,
  headers: RawHeaders,
  request: HttpRequest,
  limits: BodyLimits,
): string | Promise<string> {
  if (body.length === 0) return ''
  const contentType = String(headers['content-type'] ?? '')
  const codings = codingsOf(headers, body)
  if (codings.length === 0) return decodeText(body, contentType, request)
  return unpack(body, codings, request, limits).then((unpacked) => decodeText(unpacked, contentType, request))
}
