import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

const SIGNATURE_BYTES = 32

/** Writes values that come back through strangers' hands, and knows its own again. What is written can be read by anyone. */
export interface SignedText {
  write(value: unknown): string
  /** Null for a text that was changed, is longer than any that is written, or was never written here. */
  read(text: string): unknown
}

/**
 * base64url of an HMAC-SHA-256 (RFC 2104) and JSON. The first key writes and every key is read, so that a text outlives the day on which a
 * new key is put first.
 */
export function signedText([first, ...older]: readonly [Buffer, ...Buffer[]], maximumLength: number): SignedText {
  const signature = (key: Buffer, payload: Buffer) => createHmac('sha256', key).update(payload).digest()
  return {
    write(value) {
      const payload = Buffer.from(JSON.stringify(value), 'utf8')
      return Buffer.concat([signature(first, payload), payload]).toString('base64url')
    },
    read(text) {
      if (text.length > maximumLength) return null
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length <= SIGNATURE_BYTES || bytes.toString('base64url') !== text) return null
      const payload = bytes.subarray(SIGNATURE_BYTES)
      const given = bytes.subarray(0, SIGNATURE_BYTES)
      const isOurs = [first, ...older].some((key) => timingSafeEqual(given, signature(key, payload)))
      return isOurs ? (JSON.parse(payload.toString('utf8')) as unknown) : null
    },
  }
}

/**
 * Keys of one purpose alone, made of the configured ones (HKDF, RFC 5869): the same on every replica that has the same. Where none is
 * configured, one that only this process knows.
 */
export function keysFor(purpose: string, configured: readonly Buffer[]): readonly [Buffer, ...Buffer[]] {
  const [first = randomBytes(SIGNATURE_BYTES), ...older] = configured.map((key) =>
    Buffer.from(hkdfSync('sha256', key, '', purpose, SIGNATURE_BYTES)),
  )
  return [first, ...older]
}
