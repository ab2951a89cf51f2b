import { createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

const KEY_BYTES = 32

/** Signs values that clients hold and send back, such as links and cursors. Signed, not encrypted: anyone can read them. */
export interface SignedText {
  /** `scope`: what must be the same when the text comes back; it is signed but not contained. JSON values, both. */
  write(value: unknown, scope?: unknown): string
  /** Undefined for a text that was altered, is too long, was made for another scope, or was never signed here. */
  read(text: string, scope?: unknown): unknown
}

export interface SignedTextOptions {
  /** Longest text that is read. */
  readonly maximumLength: number
  /** The first bytes of the HMAC that are kept, RFC 2104 §5; default all 32. */
  readonly signatureBytes?: number
}

/** The first signs, all are accepted: a text outlives the rotation of its key. */
export type SigningKeys = readonly [Buffer, ...Buffer[]]

/** base64url of an HMAC-SHA-256 (RFC 2104) followed by JSON. */
export function signedText(keys: SigningKeys, { maximumLength, signatureBytes = 32 }: SignedTextOptions): SignedText {
  const signature = (key: Buffer, payload: Buffer | string, scope: Buffer | null) => {
    const hmac = createHmac('sha256', key)
    if (scope) hmac.update(scope)
    return hmac.update(payload).digest().subarray(0, signatureBytes)
  }
  return {
    write(value, scope) {
      const payload = JSON.stringify(value)
      const signed = [signature(keys[0], payload, digestOf(scope)), Buffer.from(payload, 'utf8')]
      return Buffer.concat(signed).toString('base64url')
    },
    read(text, scope) {
      if (text.length > maximumLength) return undefined
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length <= signatureBytes || bytes.toString('base64url') !== text) return undefined
      const payload = bytes.subarray(signatureBytes)
      const presented = bytes.subarray(0, signatureBytes)
      const digest = digestOf(scope)
      const isOurs = keys.some((key) => timingSafeEqual(presented, signature(key, payload, digest)))
      return isOurs ? (JSON.parse(payload.toString('utf8')) as unknown) : undefined
    },
  }
}

/** Of a fixed length, so that the end of a scope cannot pass for the beginning of a payload. */
const digestOf = (scope: unknown): Buffer | null =>
  scope === undefined ? null : hash('sha256', JSON.stringify(scope), 'buffer')

/**
 * Keys for one purpose, derived from the configured ones (HKDF, RFC 5869), so that replicas with the same
 * configuration accept each other's texts. Without any, one random key for this process.
 */
export function keysFor(purpose: string, configured: readonly Buffer[]): SigningKeys {
  const [first = randomBytes(KEY_BYTES), ...older] = configured.map((key) =>
    Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES)),
  )
  return [first, ...older]
}
