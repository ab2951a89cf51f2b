import { LRUCache } from 'lru-cache'

import type { Clock } from '../../clock.js'
import { ServiceUnavailable } from '../../errors.js'
import { isScope } from '../../graphql/scope.js'
import type { ApiKeyStore, StoredApiKey } from '../../store/api-key-store.js'
import { boundExtension } from '../config/bound-extension.js'
import { isDigestOf } from '../digest.js'
import { idIn } from './api-key.js'
import type { Authenticator, Caller } from './caller.js'

/** After this, a cached key is still accepted but read again in the background. */
const FRESH_MS = 10_000
/**
 * After this, it is read again before it is accepted: a revoked key is refused by every replica
 * within a minute.
 */
const TRUSTED_MS = 45_000
const MAXIMUM_CACHED = 10_000

const KIND = 'key:'

interface CachedKey {
  readonly key: StoredApiKey
  /** Monotonic ms at which the read began: a later revocation may not be in it. */
  readonly since: number
}

/** API keys made by `dialgraph keys create`: looked up by id, compared by digest. */
export function storedKeys(store: Pick<ApiKeyStore, 'apiKey'>, clock: Pick<Clock, 'monotonic'>): Authenticator {
  const cache = new LRUCache<string, CachedKey>({ max: MAXIMUM_CACHED })
  const reads = new Map<string, Promise<StoredApiKey | null>>()

  function read(id: string): Promise<StoredApiKey | null> {
    const pending = reads.get(id)
    if (pending) return pending
    const since = clock.monotonic()
    const reading = store
      .apiKey(id)
      .then((key) => {
        if (key) cache.set(id, { key, since })
        else cache.delete(id)
        return key
      })
      .finally(() => reads.delete(id))
    reads.set(id, reading)
    return reading
  }

  function cached(id: string): StoredApiKey | null {
    const entry = cache.get(id)
    if (!entry) return null
    const age = clock.monotonic() - entry.since
    if (age >= TRUSTED_MS) return null
    // A failing store is reported once the cached key is no longer trusted.
    if (age >= FRESH_MS) read(id).catch(() => {})
    return entry.key
  }

  async function cachedOrRead(id: string): Promise<StoredApiKey | null> {
    try {
      return cached(id) ?? (await read(id))
    } catch {
      throw new ServiceUnavailable('API keys cannot be looked up now. Try again later.')
    }
  }

  return {
    authenticateLocally(credential) {
      const id = idIn(credential)
      return id === null ? null : callerOf(cached(id), credential)
    },
    async authenticate(credential) {
      const id = idIn(credential)
      return id === null ? null : callerOf(await cachedOrRead(id), credential)
    },
    isStillAuthorized: (identity) =>
      identity.startsWith(KIND)
        ? cachedOrRead(identity.slice(KIND.length)).then((key) => key?.revokedAt === null)
        : null,
  }
}

function callerOf(key: StoredApiKey | null, credential: string): Caller | null {
  if (!key || key.revokedAt !== null || !isDigestOf(key.digest, credential)) return null
  const { id, name, workspace, scopes, extension } = key
  return {
    identity: `${KIND}${id}`,
    viewer: { name, workspace, scopes: new Set(scopes.filter(isScope)), extension: boundExtension(extension) },
    expiresAt: null,
  }
}
