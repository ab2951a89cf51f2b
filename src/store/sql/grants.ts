import { sql, type Selectable } from 'kysely'

import { Secret } from '../../secret.js'
import type { Keyring } from '../keyring.js'
import { count, isOrphan, numberOrNull, rowSeal, whole } from './rows.js'
import type { SqlDialect } from './dialect.js'
import type { GrantTable } from './tables.js'
import { linkOf, type StoredGrant, type TokenStore } from '../token-store.js'

/** Logins and their leases. */
export function sqlGrants(
  { db, now }: SqlDialect,
  keys: Keyring,
): Pick<TokenStore, 'read' | 'write' | 'intend' | 'remove' | 'lease' | 'prolong' | 'release'> {
  return {
    async read(key) {
      const row = await db.selectFrom('grants').selectAll().where('key', '=', key).executeTakeFirst()
      return row ? openGrant(row, keys) : null
    },
    async write(key, expected, next) {
      const row = sealGrant(key, next, keys)
      if (expected > 0) {
        const update = db.updateTable('grants').set(row).where('key', '=', key).where('generation', '=', expected)
        return count(await update.executeTakeFirst()) === 1
      }
      const insert = db
        .insertInto('grants')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doNothing())
      return insert.executeTakeFirst().then(
        (result) => count(result) === 1,
        (error: unknown) => {
          if (isOrphan(error)) return false
          throw error
        },
      )
    },
    async intend(key, read, intent) {
      const result = await db
        .updateTable('grants')
        .set({ intent: JSON.stringify(intent) })
        .where('key', '=', key)
        .where('generation', '=', read.generation)
        .where('intent', read.intent ? '=' : 'is', read.intent && JSON.stringify(read.intent))
        .executeTakeFirst()
      return count(result) === 1
    },
    async remove(key, generation) {
      const result = await db
        .deleteFrom('grants')
        .where('key', '=', key)
        .where('generation', '=', generation)
        .executeTakeFirst()
      return count(result) === 1
    },
    async lease(key, owner, milliseconds) {
      const until = sql<number>`${now} + ${milliseconds}`
      const result = await db
        .insertInto('leases')
        .values({ key, owner, until })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({ owner, until })
            .where((row) =>
              row.or([
                row('leases.owner', '=', owner),
                row('leases.until', '<=', now),
                // Longer than any lease lasts: the clock was set back.
                row('leases.until', '>', sql<number>`${now} + ${2 * milliseconds}`),
              ]),
            ),
        )
        .executeTakeFirst()
      return count(result) === 1
    },
    async prolong(key, owner, milliseconds) {
      const result = await db
        .updateTable('leases')
        .set({ until: sql<number>`${now} + ${milliseconds}` })
        .where('key', '=', key)
        .where('owner', '=', owner)
        .executeTakeFirst()
      return count(result) === 1
    },
    async release(key, owner) {
      await db.deleteFrom('leases').where('key', '=', key).where('owner', '=', owner).execute()
    },
  }
}

export function sealGrant(key: string, grant: StoredGrant, keys: Keyring): Selectable<GrantTable> {
  const { seal, sealOrNull } = rowSeal(keys, 'grants', key)
  return {
    key,
    link: linkOf(key),
    generation: grant.generation,
    status: grant.status,
    access_token: sealOrNull('access_token', grant.accessToken),
    refresh_token: sealOrNull('refresh_token', grant.refreshToken),
    received_at: whole(grant.receivedAt),
    lifetime_seconds: grant.lifetimeSeconds,
    refresh_expires_at: whole(grant.refreshExpiresAt),
    scopes: JSON.stringify(grant.scopes),
    identity: JSON.stringify(grant.identity),
    configured_with: seal('configured_with', new Secret(grant.configuredWith)),
    intent: grant.intent && JSON.stringify(grant.intent),
    last_error: grant.lastError && JSON.stringify(grant.lastError),
  }
}

/** @throws SealBroken */
export function openGrant(row: Selectable<GrantTable>, keys: Keyring): StoredGrant {
  const { open, openOrNull } = rowSeal(keys, 'grants', row.key)
  return {
    generation: Number(row.generation),
    status: row.status as StoredGrant['status'],
    accessToken: openOrNull('access_token', row.access_token),
    refreshToken: openOrNull('refresh_token', row.refresh_token),
    receivedAt: numberOrNull(row.received_at),
    lifetimeSeconds: row.lifetime_seconds,
    refreshExpiresAt: numberOrNull(row.refresh_expires_at),
    scopes: JSON.parse(row.scopes) as string[],
    identity: JSON.parse(row.identity) as Record<string, string>,
    configuredWith: open('configured_with', row.configured_with).reveal(),
    intent: row.intent === null ? null : (JSON.parse(row.intent) as StoredGrant['intent']),
    lastError: row.last_error === null ? null : (JSON.parse(row.last_error) as StoredGrant['lastError']),
  }
}
