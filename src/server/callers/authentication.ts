import type { Clock } from '../../clock.js'
import type { Send } from '../../http/http.js'
import type { ApiKeyStore } from '../../store/api-key-store.js'
import type { CallersConfig } from '../config/callers.js'
import type { Authenticator, Caller } from './caller.js'
import { configuredKeys } from './configured-keys.js'
import { jsonWebTokens } from './json-web-tokens.js'
import { storedKeys } from './stored-keys.js'

export interface AuthenticationOptions {
  readonly store: Pick<ApiKeyStore, 'apiKey'>
  readonly clock: Clock
  /** Reads the keys of the login service. */
  readonly send: Send
}

/**
 * Every configured kind of credential: keys of the configuration, keys made by command, and JSON
 * Web Tokens.
 */
export function authenticatorOf(
  { apiKeys, jwt }: CallersConfig,
  { store, clock, send }: AuthenticationOptions,
): Authenticator {
  const kinds = [
    configuredKeys(apiKeys),
    storedKeys(store, clock),
    ...(jwt ? [jsonWebTokens(jwt, { clock, send })] : []),
  ]
  return {
    authenticateLocally(credential) {
      for (const kind of kinds) {
        const caller = kind.authenticateLocally(credential)
        if (caller) return caller
      }
      return null
    },
    async authenticate(credential) {
      for (const kind of kinds) {
        const caller: Caller | null = await kind.authenticate(credential)
        if (caller) return caller
      }
      return null
    },
    isStillAuthorized: (identity) =>
      kinds.map((kind) => kind.isStillAuthorized(identity)).find((answer) => answer !== null) ?? false,
  }
}

/** Whether the caller who was given a signed link may still use it. */
export type IsStillAuthorized = (holder: Caller['identity']) => boolean | Promise<boolean>

/**
 * Null: a server without `callers`. A link made with callers is refused on a server without, and
 * the other way round.
 */
export function isStillAuthorizedBy(authenticator: Authenticator | null): IsStillAuthorized {
  return (holder) => {
    if (authenticator === null || holder === null) return authenticator === null && holder === null
    return authenticator.isStillAuthorized(holder) ?? false
  }
}
