/** Where texts are encoded, one after the other: an answer has hundreds, and a buffer for each would be garbage. */
const SCRATCH = Buffer.allocUnsafeSlow(4096)
/** A character takes three bytes of UTF-8 at most; half of a surrogate pair counts for one. */
const LONGEST = Math.floor(SCRATCH.length / 3)

/** Base64url of a text as UTF-8, without padding (RFC 4648 §5). */
export function base64url(text: string): string {
  if (text.length > LONGEST) return Buffer.from(text, 'utf8').toString('base64url')
  return SCRATCH.toString('base64url', 0, SCRATCH.write(text, 0, 'utf8'))
}
