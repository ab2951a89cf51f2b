import { hash } from 'node:crypto'

import { Secret } from '../../secret.js'

/**
 * Changes when any of the configured credentials changes; a digest, so it may be stored and shown.
 */
export function fingerprint(...parts: readonly (string | Secret | undefined)[]): string {
  const texts = parts.map((part) => (part instanceof Secret ? part.reveal() : (part ?? '')))
  // With their lengths, so that no two lists of parts give the same text.
  return hash('sha256', texts.map((text) => `${text.length}:${text}`).join(''), 'hex').slice(0, 32)
}
