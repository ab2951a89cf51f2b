import { LRUCache } from 'lru-cache'

import type { Clock } from '../../clock.js'
import { ServiceUnavailable } from '../../errors.js'
import { isScope } from '../../graphql/scope.js'
import type { ApiKeyStore, StoredApiKey } from '../../store/api-key-store.js'
import { idIn, isDigestOf } from './api-key.js'
import type { Caller, Recognition } from './caller.js'

/** A key that was read longer ago is read again, beside the requests it lets in. */
const FRESH_MS = 10_000
/** A key that was read longer ago lets nobody in before it is read again: what was revoked anywhere is refused everywhere within a minute. */
const TRUSTED_MS = 45_000
const REMEMBERED = 10_000

const KIND = 'key:'

interface Known {
  readonly key: StoredApiKey
  /** When it was asked for, monotonic ms: what happened after that may not be known. */
  readonly since: number
}

/** Callers with a key made by `dialgraph keys create`. Looked up by id, compared by digest, remembered for as long as a revocation may take. */
export function storedKeys(store: Pick<ApiKeyStore, 'apiKey'>, clock: Pick<Clock, 'monotonic'>): Recognition {
  const known = new LRUCache<string, Known>({ max: REMEMBERED })
  const readings = new Map<string, Promise<StoredApiKey | null>>()

  function read(id: string): Promise<StoredApiKey | null> {
    const under = readings.get(id)
    if (under) return under
    const since = clock.monotonic()
    const reading = store
      .apiKey(id)
      .then((key) => {
        if (key) known.set(id, { key, since })
        else known.delete(id)
        return key
      })
      .finally(() => readings.delete(id))
    readings.set(id, reading)
    return reading
  }

  /** As it was read last, if that was not too long ago. */
  function remembered(id: string): StoredApiKey | null {
    const entry = known.get(id)
    if (!entry) return null
    const age = clock.monotonic() - entry.since
    if (age >= TRUSTED_MS) return null
    // A store that is gone is told of once nothing is known any more.
    if (age >= FRESH_MS) read(id).catch(() => {})
    return entry.key
  }

  async function found(id: string): Promise<StoredApiKey | null> {
    try {
      return remembered(id) ?? (await read(id))
    } catch {
      throw new ServiceUnavailable('API keys cannot be looked up now. Try again later.')
    }
  }

  return {
    recall(credential) {
      const id = idIn(credential)
      return id === null ? null : callerOf(remembered(id), credential)
    },
    async find(credential) {
      const id = idIn(credential)
      return id === null ? null : callerOf(await found(id), credential)
    },
    isWelcome: (identity) =>
      identity.startsWith(KIND) ? found(identity.slice(KIND.length)).then((key) => key?.revokedAt === null) : null,
  }
}

function callerOf(key: StoredApiKey | null, credential: string): Caller | null {
  if (!key || key.revokedAt !== null || !isDigestOf(key.digest, credential)) return null
  const { id, name, workspace, scopes } = key
  return {
    identity: `${KIND}${id}`,
    viewer: { name, workspace, scopes: new Set(scopes.filter(isScope)) },
    expiresAt: null,
  }
}
