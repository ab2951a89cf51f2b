import { timingSafeEqual } from 'node:crypto'

import type { Scope } from '../../graphql/scope.js'
import type { Secret } from '../../secret.js'
import { digestOf } from './api-key.js'
import type { Caller, Recognition } from './caller.js'

/** One of `callers.apiKeys`. */
export interface ConfiguredKey {
  readonly name: string
  readonly key: Secret
  readonly workspace: string
  readonly scopes: readonly Scope[]
}

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
