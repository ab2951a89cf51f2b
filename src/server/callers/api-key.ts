import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

import { Secret } from '../../secret.js'

/**
 * What keys look like that are made here: a prefix that searchers for leaked secrets can know, the id that names the key everywhere, and 256
 * random bits. So many bits cannot be guessed from a digest, and no slow hash is needed to keep them.
 */
const FORM = /^dialgraph_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/
const ID_BYTES = 8
const SECRET_BYTES = 32

export interface MadeApiKey {
  readonly id: string
  /** Shown once, to whoever makes it. */
  readonly key: Secret
  readonly digest: string
}

export function makeApiKey(): MadeApiKey {
  const id = randomBytes(ID_BYTES).toString('hex')
  const key = `dialgraph_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
  return { id, key: new Secret(key), digest: digestOf(key) }
}

/** The id in a key of this form; null for anything else. */
export const idIn = (key: string): string | null => FORM.exec(key)?.[1] ?? null

/** SHA-256, base64url: what is kept of a key. */
export const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url')

/** Takes as long wherever the two differ. */
export function isDigestOf(digest: string, key: string): boolean {
  const [kept, given] = [Buffer.from(digest), Buffer.from(digestOf(key))]
  return kept.length === given.length && timingSafeEqual(kept, given)
}
