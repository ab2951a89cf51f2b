import type { Clock } from '../../clock.js'
import type { ApiKeyStore } from '../../store/api-key-store.js'
import type { CallersConfig } from '../config/callers.js'
import type { Caller, Recognition } from './caller.js'
import { configuredKeys } from './configured-keys.js'
import { jsonWebTokens } from './json-web-tokens.js'
import { storedKeys } from './stored-keys.js'

/** Everyone the configuration lets in: keys that stand in it, keys made by command, and tokens of the login service it names. */
export function recognitionOf(
  { apiKeys, jwt }: CallersConfig,
  store: Pick<ApiKeyStore, 'apiKey'>,
  clock: Clock,
): Recognition {
  const ways = [configuredKeys(apiKeys), storedKeys(store, clock), ...(jwt ? [jsonWebTokens(jwt, { clock })] : [])]
  return {
    recall(credential) {
      for (const way of ways) {
        const caller = way.recall(credential)
        if (caller) return caller
      }
      return null
    },
    async find(credential) {
      for (const way of ways) {
        const caller: Caller | null = await way.find(credential)
        if (caller) return caller
      }
      return null
    },
    isWelcome: (identity) => ways.map((way) => way.isWelcome(identity)).find((answer) => answer !== null) ?? false,
  }
}

/**
 * Whether whoever was given something, such as a link, is still welcome. What was given while anyone could ask is good for nobody once
 * there are callers, and the other way round.
 */
export function welcome(recognition: Recognition | null): (holder: Caller['identity']) => boolean | Promise<boolean> {
  return (holder) => {
    if (recognition === null || holder === null) return recognition === null && holder === null
    return recognition.isWelcome(holder) ?? false
  }
}
