import type { Selectable } from 'kysely'

import { Secret } from '../../secret.js'
import type { ApiKeyStore, StoredApiKey } from '../api-key-store.js'
import { SealBroken, type Keyring } from '../keyring.js'
import { count, numberOrNull, rowSeal } from './rows.js'
import type { SqlDialect } from './dialect.js'
import type { ApiKeyTable } from './tables.js'

/**
 * API keys. Digest and permissions are sealed: write access to the database is not enough to create
 * a key or to extend one.
 */
export function sqlApiKeys({ db }: SqlDialect, keys: Keyring): ApiKeyStore {
  return {
    async keepApiKey(key) {
      await db.insertInto('api_keys').values(sealApiKey(key, keys)).execute()
    },
    async apiKey(id) {
      const row = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? openApiKey(row, keys) : null
    },
    async apiKeys(onUnreadable = () => {}) {
      const rows = await db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute()
      return rows.flatMap((row) => {
        const key = openApiKey(row, keys)
        if (!key) onUnreadable(row.id)
        return key ?? []
      })
    },
    async revokeApiKey(id, at) {
      const result = await db
        .updateTable('api_keys')
        .set({ revoked_at: Math.round(at) })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return count(result) === 1
    },
  }
}

type Allowed = Pick<StoredApiKey, 'digest' | 'workspace' | 'scopes' | 'extension'>

function sealApiKey({ id, name, createdAt, revokedAt, ...key }: StoredApiKey, keys: Keyring): Selectable<ApiKeyTable> {
  const allowed: Allowed = key
  return {
    id,
    name,
    allowed: rowSeal(keys, 'api_keys', id).seal('allowed', new Secret(JSON.stringify(allowed))),
    created_at: Math.round(createdAt),
    revoked_at: revokedAt,
  }
}

function openApiKey(row: Selectable<ApiKeyTable>, keys: Keyring): StoredApiKey | null {
  try {
    const allowed = JSON.parse(rowSeal(keys, 'api_keys', row.id).open('allowed', row.allowed).reveal()) as Allowed
    return {
      id: row.id,
      name: row.name,
      ...allowed,
      createdAt: Number(row.created_at),
      revokedAt: numberOrNull(row.revoked_at),
    }
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
}
