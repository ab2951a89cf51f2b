import { createHash } from 'node:crypto'

import { Secret } from '../../secret.js'

/** Changes when any of the configured credentials changes; made of a digest, so it may be stored and shown. */
export function fingerprint(...parts: readonly (string | Secret | undefined)[]): string {
  const digest = createHash('sha256')
  for (const part of parts) {
    const text = part instanceof Secret ? part.reveal() : (part ?? '')
    // Lengths part the pieces, so that no two lists of pieces read the same.
    digest.update(`${text.length}:${text}`)
  }
  return digest.digest('hex').slice(0, 32)
}
