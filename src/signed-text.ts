import { createCipheriv, createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

const KEY_BYTES = 32

/**
 * Signs values that clients hold and send back, such as links and cursors. Anyone can read them, unless they are
 * sealed.
 */
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
  /** Encrypts the value, so that only this server can read it. */
  readonly sealed?: boolean
}

/** The first signs, all are accepted: a text outlives the rotation of its key. */
export type SigningKeys = readonly [Buffer, ...Buffer[]]

/** base64url of an HMAC-SHA-256 (RFC 2104) followed by JSON. */
export function signedText(
  keys: SigningKeys,
  { maximumLength, signatureBytes = 32, sealed = false }: SignedTextOptions,
): SignedText {
  const covers = keys.map((key) => (sealed ? coverOf(key) : uncovered))
  const signature = (key: Buffer, payload: Buffer | string, scope: Buffer | null) => {
    const hmac = createHmac('sha256', key)
    if (scope) hmac.update(scope)
    return hmac.update(payload).digest().subarray(0, signatureBytes)
  }
  return {
    write(value, scope) {
      const payload = Buffer.from(JSON.stringify(value), 'utf8')
      const begin = signature(keys[0], payload, digestOf(scope))
      return Buffer.concat([begin, covers[0]!(payload, begin)]).toString('base64url')
    },
    read(text, scope) {
      if (text.length > maximumLength) return undefined
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length <= signatureBytes || bytes.toString('base64url') !== text) return undefined
      const covered = bytes.subarray(signatureBytes)
      const presented = bytes.subarray(0, signatureBytes)
      const digest = digestOf(scope)
      for (const [at, key] of keys.entries()) {
        const payload = covers[at]!(covered, presented)
        if (timingSafeEqual(presented, signature(key, payload, digest)))
          return JSON.parse(payload.toString('utf8')) as unknown
      }
      return undefined
    },
  }
}

type Cover = (bytes: Buffer, signature: Buffer) => Buffer

const uncovered: Cover = (bytes) => bytes

/**
 * Covers and uncovers: AES in counter mode from the signature on, as in SIV (RFC 5297 §2.6). The same value has the
 * same text, and no text is longer than unsealed.
 */
function coverOf(key: Buffer): Cover {
  const cipherKey = Buffer.from(hkdfSync('sha256', key, '', 'dialgraph sealed texts', KEY_BYTES))
  return (bytes, signature) => {
    const cipher = createCipheriv('aes-256-ctr', cipherKey, signature.subarray(0, INITIAL_BYTES))
    return Buffer.concat([cipher.update(bytes), cipher.final()])
  }
}

const INITIAL_BYTES = 16

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
