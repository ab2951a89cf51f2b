import { timingSafeEqual } from 'node:crypto'

import type { ConfiguredKey } from '../config/callers.js'
import { digestOf } from '../digest.js'
import type { Authenticator, Caller } from './caller.js'

const KIND = 'configured:'

/**
 * API keys of the configuration. All are compared, each in constant time: the time taken tells
 * nothing about any.
 */
export function configuredKeys(keys: readonly ConfiguredKey[]): Authenticator {
  const entries = keys.map(({ name, key, workspace, scopes, extension }) => {
    const digest = Buffer.from(digestOf(key.reveal()))
    const viewer = { name, workspace, scopes: new Set(scopes), extension }
    return { digest, caller: { identity: `${KIND}${key.fingerprint()}`, viewer, expiresAt: null } satisfies Caller }
  })
  return {
    authenticateLocally(credential) {
      const presented = Buffer.from(digestOf(credential))
      return entries.filter(({ digest }) => timingSafeEqual(digest, presented))[0]?.caller ?? null
    },
    authenticate: async () => null,
    isStillAuthorized: (identity) =>
      identity.startsWith(KIND) ? entries.some(({ caller }) => caller.identity === identity) : null,
  }
}
