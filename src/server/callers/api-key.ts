import { randomBytes } from 'node:crypto'

import { Secret } from '../../secret.js'
import { digestOf } from '../digest.js'

/**
 * Form of our API keys: a prefix that secret scanners can recognise, the key's public id, and 256
 * random bits. That many bits cannot be guessed from a digest, so no slow password hash is needed.
 */
const FORM = /^dialgraph_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/
const ID_BYTES = 8
const SECRET_BYTES = 32

export interface NewApiKey {
  readonly id: string
  /** Shown once, to the person who makes it. */
  readonly key: Secret
  readonly digest: string
}

export function makeApiKey(): NewApiKey {
  const id = randomBytes(ID_BYTES).toString('hex')
  const key = `dialgraph_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
  return { id, key: new Secret(key), digest: digestOf(key) }
}

/** The id in a key of this form; null for anything else. */
export const idIn = (key: string): string | null => FORM.exec(key)?.[1] ?? null
