import type { Keyring } from '../../src/store/keyring.js'

const SALT_BYTES = 16
const IV_BYTES = 12

/** Seals the same value so often; returns how many nonces repeated, under any key. */
export function repeatedNonces(keys: Keyring, count: number): number {
  const seen = new Set<string>()
  for (let sealed = 0; sealed < count; sealed++) {
    const [, text = ''] = keys.seal('same', 'place').split('.')
    const bytes = Buffer.from(text, 'base64url')
    seen.add(bytes.subarray(SALT_BYTES, SALT_BYTES + IV_BYTES).toString('latin1'))
  }
  return count - seen.size
}
