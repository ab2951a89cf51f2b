import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'

const KEY_BYTES = 32
const SALT_BYTES = 16
const IV_BYTES = 12
const TAG_BYTES = 16

/** A stored value cannot be decrypted: another key, a changed byte, or moved from its place. */
export class SealBroken extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SealBroken'
  }
}

/** Encrypts (seals) values with the first key; decrypts (opens) with the key that sealed each. */
export interface Keyring {
  /** Id of the sealing key: 8 hex characters of a digest, so it may be stored and shown. */
  readonly sealingKeyId: string
  /** `place` names row and column; the value opens nowhere else. */
  seal(plain: string, place: string): string
  /** @throws SealBroken rather than return wrong plaintext */
  open(sealed: string, place: string): string
  /** As `seal`, of bytes that need not be text. */
  sealBytes(plain: Buffer, place: string): string
  /** @throws SealBroken rather than return wrong bytes */
  openBytes(sealed: string, place: string): Buffer
  /** Id of the key that sealed this value. */
  keyIdOf(sealed: string): string
}

/**
 * AES-256-GCM with a random 96-bit IV (NIST SP 800-38D §8.2.2); place and key id are associated
 * data. Each value has a key of its own, derived from ours and a random salt (HKDF, RFC 5869): none
 * comes near the 2^32 values at which §8.3 requires another key. Keys are 32 bytes in base64.
 * @throws RangeError naming the position of a key that is not
 */
export function keyring(keys: readonly string[]): Keyring {
  const byId = new Map<string, Buffer>()
  keys.forEach((text, position) => {
    const key = Buffer.from(text, 'base64')
    if (key.length !== KEY_BYTES)
      throw new RangeError(`store.encryptionKeys.${position} must be ${KEY_BYTES} bytes in base64`)
    byId.set(keyId(key), key)
  })
  const [first] = byId
  if (!first) throw new RangeError('store.encryptionKeys must have at least one key')
  const [sealingKeyId, sealingKey] = first

  const ring: Pick<Keyring, 'sealBytes' | 'openBytes'> = {
    sealBytes(plain, place) {
      const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(IV_BYTES)]
      const cipher = createCipheriv('aes-256-gcm', dataKey(sealingKey, salt), iv)
      cipher.setAAD(associated(place, sealingKeyId))
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
      return `${sealingKeyId}.${Buffer.concat([salt, iv, sealed, cipher.getAuthTag()]).toString('base64url')}`
    },
    openBytes(sealed, place) {
      const [id = '', text = ''] = sealed.split('.')
      const key = byId.get(id)
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
        return Buffer.concat([decipher.update(sealedText), decipher.final()])
      } catch (cause) {
        throw new SealBroken('A stored value was changed or moved and does not open', { cause })
      }
    },
  }
  return {
    ...ring,
    sealingKeyId,
    seal: (plain, place) => ring.sealBytes(Buffer.from(plain, 'utf8'), place),
    open: (sealed, place) => ring.openBytes(sealed, place).toString('utf8'),
    keyIdOf: (sealed) => sealed.split('.')[0] ?? '',
  }
}

const dataKey = (key: Buffer, salt: Buffer) =>
  Buffer.from(hkdfSync('sha256', key, salt, 'dialgraph stored value', KEY_BYTES))

const keyId = (key: Buffer) => hash('sha256', Buffer.concat([Buffer.from('dialgraph key id'), key])).slice(0, 8)

/** With their lengths, so that no two pairs give the same text. */
const associated = (place: string, id: string) => Buffer.from(`${id.length}:${id}${place.length}:${place}`, 'utf8')
