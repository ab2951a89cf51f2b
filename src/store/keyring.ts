import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'

const KEY_BYTES = 32
const SALT_BYTES = 16
const IV_BYTES = 12
const TAG_BYTES = 16

/** Thrown when a stored value cannot be opened: another key, a changed byte, or a value moved from where it was put. */
export class SealBroken extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SealBroken'
  }
}

/** Seals values with the first key and opens them with whichever of its keys sealed them. */
export interface Keyring {
  /** Id of the key that seals, 8 hex characters; made of a digest, so it may be stored and shown. */
  readonly sealingKeyId: string
  /** `place` names row and column: a sealed value opens nowhere else. */
  seal(plain: string, place: string): string
  /** Throws SealBroken, never gives wrong plaintext. */
  open(sealed: string, place: string): string
  /** The key that sealed this value. */
  keyIdOf(sealed: string): string
}

/**
 * AES-256-GCM with a random 96-bit IV (NIST SP 800-38D §8.2.2); place and key id are associated data. Each value is sealed with a key
 * of its own, made of ours and of a random salt (HKDF, RFC 5869): no key comes near the 2^32 values after which §8.3 wants another.
 * Keys are 32 bytes in base64; throws RangeError naming the position of one that is not.
 */
export function keyring(keys: readonly string[]): Keyring {
  const known = new Map<string, Buffer>()
  keys.forEach((text, position) => {
    const key = Buffer.from(text, 'base64')
    if (key.length !== KEY_BYTES)
      throw new RangeError(`store.encryptionKeys.${position} must be ${KEY_BYTES} bytes in base64`)
    known.set(keyId(key), key)
  })
  const [first] = known
  if (!first) throw new RangeError('store.encryptionKeys must have at least one key')
  const [sealingKeyId, sealingKey] = first

  return {
    sealingKeyId,
    seal(plain, place) {
      const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(IV_BYTES)]
      const cipher = createCipheriv('aes-256-gcm', dataKey(sealingKey, salt), iv)
      cipher.setAAD(associated(place, sealingKeyId))
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return `${sealingKeyId}.${Buffer.concat([salt, iv, sealed, cipher.getAuthTag()]).toString('base64url')}`
    },
    open(sealed, place) {
      const [id = '', text = ''] = sealed.split('.')
      const key = known.get(id)
      if (!key)
        throw new SealBroken(
          `A stored value was sealed with key ${id.slice(0, 8)}, which is not among the configured keys`,
        )
      const bytes = Buffer.from(text, 'base64url')
      try {
        const iv = bytes.subarray(SALT_BYTES, SALT_BYTES + IV_BYTES)
        const decipher = createDecipheriv('aes-256-gcm', dataKey(key, bytes.subarray(0, SALT_BYTES)), iv, {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(associated(place, id)).setAuthTag(bytes.subarray(-TAG_BYTES))
        const sealedText = bytes.subarray(SALT_BYTES + IV_BYTES, -TAG_BYTES)
        return Buffer.concat([decipher.update(sealedText), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new SealBroken('A stored value was changed or moved and does not open', { cause })
      }
    },
    keyIdOf: (sealed) => sealed.split('.')[0] ?? '',
  }
}

const dataKey = (key: Buffer, salt: Buffer) =>
  Buffer.from(hkdfSync('sha256', key, salt, 'dialgraph stored value', KEY_BYTES))

const keyId = (key: Buffer) => hash('sha256', Buffer.concat([Buffer.from('dialgraph key id'), key])).slice(0, 8)

/** Lengths part the pieces, so that no two places read the same. */
const associated = (place: string, id: string) => Buffer.from(`${id.length}:${id}${place.length}:${place}`, 'utf8')
