import { hash, timingSafeEqual } from 'node:crypto'

/** SHA-256, base64url: what is stored of a secret that cannot be guessed. */
export const digestOf = (text: string): string => hash('sha256', text, 'base64url')

/** Compares in constant time. */
export function isDigestOf(digest: string, text: string): boolean {
  const [stored, presented] = [Buffer.from(digest), Buffer.from(digestOf(text))]
  return stored.length === presented.length && timingSafeEqual(stored, presented)
}
