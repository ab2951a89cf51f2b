import { timingSafeEqual } from 'node:crypto'

import type { ConfiguredKey } from '../config/callers.js'
import { digestOf } from './api-key.js'
import type { Caller, Recognition } from './caller.js'

const KIND = 'configured:'

/** Callers with a key from the configuration file. There are a few, so each is compared with, to the end: no time tells which was near. */
export function configuredKeys(keys: readonly ConfiguredKey[]): Recognition {
  const known = keys.map(({ name, key, workspace, scopes }) => {
    const digest = Buffer.from(digestOf(key.reveal()))
    const viewer = { name, workspace, scopes: new Set(scopes) }
    return { digest, caller: { identity: `${KIND}${key.fingerprint()}`, viewer, expiresAt: null } satisfies Caller }
  })
  return {
    recall(credential) {
      const given = Buffer.from(digestOf(credential))
      return known.filter(({ digest }) => timingSafeEqual(digest, given))[0]?.caller ?? null
    },
    find: async () => null,
    isWelcome: (identity) =>
      identity.startsWith(KIND) ? known.some(({ caller }) => caller.identity === identity) : null,
  }
}
