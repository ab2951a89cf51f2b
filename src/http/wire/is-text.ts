import { isUtf8 } from 'node:buffer'

/** How many bytes are looked at to tell a file from a text, WHATWG MIME Sniffing §7. */
export const BEGINNING_BYTES = 512
/** A text has words: sound without a header may be one or two values for a while. */
const LEAST_VALUES = 4

/**
 * Whether the beginning of a body is a text, and so no file of sound: it has no "binary data byte"
 * of WHATWG MIME Sniffing, and is markup, JSON, or UTF-8 of more than a few values. Sound without a
 * header (µ-law, A-law) has no such bytes either, but is no UTF-8 for long.
 */
export function isText(bytes: Buffer): boolean {
  const beginning = bytes.subarray(0, BEGINNING_BYTES)
  if (beginning.some(isBinary)) return false
  // Pages in older charsets are texts, too.
  if (/^(\u00ef\u00bb\u00bf)?\s*[<{[]/.test(beginning.toString('latin1'))) return true
  return beginning.length < LEAST_VALUES || (new Set(beginning).size >= LEAST_VALUES && isUtf8Beginning(beginning))
}

/** Whether a whole body is a text in UTF-8: nothing that is packed looks like one. */
export const isUtf8Text = (bytes: Buffer): boolean =>
  isUtf8(bytes) && !bytes.subarray(0, BEGINNING_BYTES).some(isBinary)

const isBinary = (byte: number): boolean =>
  byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1f && byte !== 0x1b)

/** The last character may be cut off. */
function isUtf8Beginning(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
