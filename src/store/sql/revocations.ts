import type { Selectable } from 'kysely'

import type { AccountStore, PendingRevocation } from '../account-store.js'
import { SealBroken, type Keyring } from '../keyring.js'
import { count, numberOrNull, rowSeal, whole } from './rows.js'
import type { SqlDialect } from './dialect.js'
import type { RevocationTable } from './tables.js'

type Revocations = Pick<AccountStore, 'keepRevocation' | 'dueRevocations' | 'claimRevocation' | 'dropRevocation'>

/** How many one process takes on at a time. */
const AT_ONCE = 100

/** Tokens that are still to be revoked at their providers. */
export function sqlRevocations({ db }: SqlDialect, keys: Keyring): Revocations {
  return {
    async keepRevocation(revocation) {
      const row = sealRevocation(revocation, keys)
      await db
        .insertInto('revocations')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
    async dueRevocations(now) {
      const rows = await db
        .selectFrom('revocations')
        .selectAll()
        .where('next_attempt_at', '<=', now)
        .orderBy('next_attempt_at')
        .limit(AT_ONCE)
        .execute()
      return rows.flatMap((row) => {
        try {
          return [openRevocation(row, keys)]
        } catch (error) {
          if (error instanceof SealBroken) return []
          throw error
        }
      })
    },
    async claimRevocation({ id, nextAttemptAt }, next) {
      const result = await db
        .updateTable('revocations')
        .set({ next_attempt_at: Math.round(next) })
        .where('id', '=', id)
        .where('next_attempt_at', '=', Math.round(nextAttemptAt))
        .executeTakeFirst()
      return count(result) === 1
    },
    async dropRevocation(id) {
      await db.deleteFrom('revocations').where('id', '=', id).execute()
    },
  }
}

export function sealRevocation(revocation: PendingRevocation, keys: Keyring): Selectable<RevocationTable> {
  const { seal, sealOrNull } = rowSeal(keys, 'revocations', revocation.id, revocation.account, revocation.provider)
  return {
    id: revocation.id,
    account: revocation.account,
    provider: revocation.provider,
    settings: seal('settings', revocation.settings),
    access_token: sealOrNull('access_token', revocation.accessToken),
    refresh_token: sealOrNull('refresh_token', revocation.refreshToken),
    access_expires_at: whole(revocation.accessExpiresAt),
    attempts: revocation.attempts,
    next_attempt_at: Math.round(revocation.nextAttemptAt),
    give_up_at: Math.round(revocation.giveUpAt),
  }
}

function openRevocation(row: Selectable<RevocationTable>, keys: Keyring): PendingRevocation {
  const { open, openOrNull } = rowSeal(keys, 'revocations', row.id, row.account, row.provider)
  return {
    id: row.id,
    account: row.account,
    provider: row.provider,
    settings: open('settings', row.settings),
    accessToken: openOrNull('access_token', row.access_token),
    refreshToken: openOrNull('refresh_token', row.refresh_token),
    accessExpiresAt: numberOrNull(row.access_expires_at),
    attempts: row.attempts,
    nextAttemptAt: Number(row.next_attempt_at),
    giveUpAt: Number(row.give_up_at),
  }
}
