import { ProviderError } from '../../errors.js'
import { describeRequest } from '../describe-request.js'
import type { HttpRequest } from '../http.js'
import { isUtf8Text } from './is-text.js'

const CHARSET = /;\s*charset\s*=\s*["']?([^"';,\s]+)/i
const UTF_8 = /^utf-?8$/i
const UTF_16 = /^utf-?16$/i

/**
 * Bytes as text, in the character set of their content type; UTF-8 where it names none (RFC 8259
 * §8.1). A byte order mark wins over the label, as in the Encoding Standard's "decode". A label that
 * nobody knows is passed over where the bytes are UTF-8.
 *
 * @throws ProviderError `PROVIDER_BAD_RESPONSE`, `CHARSET`.
 */
export function decodeText(body: Buffer, contentType: string, request: HttpRequest): string {
  const declared = CHARSET.exec(contentType)?.[1] ?? ''
  const label = utf16Of(body, declared) ?? declared
  if (label === '' || UTF_8.test(label) || hasUtf8Mark(body)) return body.toString('utf8')
  const decoder = decoderOf(label)
  if (decoder) return decoder.decode(body)
  if (isUtf8Text(body)) return body.toString('utf8')
  throw new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${describeRequest(request)} answered in a character set that is not known here, and not in UTF-8`,
    { reason: 'CHARSET' },
  )
}

/**
 * The byte order of UTF-16, also where it is called UTF-8; null for anything else. JSON begins with an ASCII character, so without
 * a mark the zero of the first two bytes says which comes first (RFC 4627 §3).
 */
function utf16Of(body: Buffer, declared: string): string | null {
  // Not taken apart as a list: that goes through an iterator.
  const first = body[0]
  const second = body[1]
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (declared !== '' && !UTF_16.test(declared) && !UTF_8.test(declared)) return null
  if (first === 0 && second !== 0) return 'utf-16be'
  return second === 0 && first !== 0 ? 'utf-16le' : null
}

const hasUtf8Mark = (body: Buffer): boolean => body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf

function decoderOf(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label)
  } catch {
    return null
  }
}
