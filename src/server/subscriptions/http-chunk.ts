import type { Framing } from './payload.js'

const AFTER = Buffer.from('\r\n')

/** What a framing makes, as one chunk of a body that is sent in chunks, RFC 9112 §7.1. */
export function asChunk(framing: Framing<Buffer>): Framing<Buffer> {
  return (texts) => {
    const bytes = framing(texts)
    return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, AFTER])
  }
}
