import { sql, type Selectable, type Transaction } from 'kysely'

import { ABANDONED_FOR_MS, LONG_OVER_MS, type AccountStore, type StoredAccount } from '../account-store.js'
import { SealBroken, type Keyring } from '../keyring.js'
import { openGrant, sealGrant } from './grants.js'
import { sealRevocation } from './revocations.js'
import { count, numberOrNull, rowSeal, whole } from './rows.js'
import type { SqlDialect } from './dialect.js'
import type { AccountTable, GrantTable, Tables } from './tables.js'
import type { StoredGrant } from '../token-store.js'

const VERSION = 'accounts-version'

type Accounts = Pick<AccountStore, 'accountsVersion' | 'accounts' | 'link' | 'confirm' | 'relabel' | 'unlink' | 'sweep'>

/**
 * The linked accounts. Deleting one deletes its logins, by a foreign key. `onUnlinked` is called
 * with the key of each that was unlinked.
 */
export function sqlAccounts(
  { db, now }: SqlDialect,
  keys: Keyring,
  onUnlinked: (key: string) => Promise<void>,
): Accounts {
  const change = (link: string, columns: Partial<Selectable<AccountTable>>) =>
    db.transaction().execute(async (within) => {
      const result = await within.updateTable('accounts').set(columns).where('link', '=', link).executeTakeFirst()
      await noteChange(within)
      return count(result) === 1
    })

  return {
    async accountsVersion() {
      const row = await db.selectFrom('settings').select('value').where('name', '=', VERSION).executeTakeFirst()
      return row?.value ?? '0'
    },
    async accounts(onUnreadable = () => {}) {
      const rows = await db.selectFrom('accounts').selectAll().orderBy('linked_at').orderBy('link').execute()
      return rows.flatMap((row) => {
        try {
          return [openAccount(row, keys)]
        } catch (error) {
          if (!(error instanceof SealBroken)) throw error
          onUnreadable(row.key)
          return []
        }
      })
    },
    link: (account, logins, atMost, at) =>
      db.transaction().execute(async (within) => {
        await within.deleteFrom('accounts').where('pending_until', '<=', at).execute()
        await within
          .deleteFrom('accounts')
          .where('key', '=', account.key)
          .where('workspace', '=', account.workspace)
          .where('pending_until', 'is not', null)
          .execute()
        const insert = await within
          .insertInto('accounts')
          .values({ ...sealAccount(account, keys), linked_at: now })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .executeTakeFirst()
        if (count(insert) === 0) return false
        for (const [key, grant] of logins)
          await within
            .insertInto('grants')
            .values(sealGrant(key, grant, keys))
            .execute()
        await deletePendingBeyond(within, account.workspace, atMost)
        await noteChange(within)
        return true
      }),
    confirm: (link) => change(link, { pending_until: null }),
    relabel: (link, label) => change(link, { label }),
    async unlink(link, toRevoke) {
      const unlinked = await db.transaction().execute(async (within) => {
        const rows = await within.deleteFrom('grants').where('link', '=', link).returningAll().execute()
        const gone = await within.deleteFrom('accounts').where('link', '=', link).returning('key').executeTakeFirst()
        if (!gone) return null
        for (const revocation of toRevoke(rows.flatMap((row) => openable(row, keys)))) {
          await within.insertInto('revocations').values(sealRevocation(revocation, keys)).execute()
        }
        await noteChange(within)
        return gone
      })
      if (!unlinked) return false
      // Too many for the same transaction. What is left is of the old workspace, and grows old.
      await onUnlinked(unlinked.key).catch(() => {})
      return true
    },
    async sweep(at) {
      const { numDeletedRows } = await db.deleteFrom('accounts').where('pending_until', '<=', at).executeTakeFirst()
      if (numDeletedRows > 0n) await db.transaction().execute(noteChange)
      await db
        .deleteFrom('transactions')
        .where('expires_at', '<=', at - ABANDONED_FOR_MS)
        .execute()
      await db
        .deleteFrom('revocations')
        .where('give_up_at', '<=', at - LONG_OVER_MS)
        .execute()
    },
  }
}

function openable(row: Selectable<GrantTable>, keys: Keyring): StoredGrant[] {
  try {
    return [openGrant(row, keys)]
  } catch {
    return []
  }
}

/** Lets every replica read the accounts again. */
const noteChange = (within: Transaction<Tables>) =>
  within
    .insertInto('settings')
    .values({ name: VERSION, value: '1' })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ value: sql<string>`cast(cast(settings.value as bigint) + 1 as text)` }),
    )
    .execute()

async function deletePendingBeyond(within: Transaction<Tables>, workspace: string, atMost: number): Promise<void> {
  const old = await within
    .selectFrom('accounts')
    .select('link')
    .where('workspace', '=', workspace)
    .where('pending_until', 'is not', null)
    .orderBy('pending_until', 'desc')
    .offset(atMost)
    .limit(1_000)
    .execute()
  const links = old.map(({ link }) => link)
  if (links.length > 0) await within.deleteFrom('accounts').where('link', 'in', links).execute()
}

/** Settings that were moved to another workspace, key or provider do not open. */
const settingsSeal = (
  { link, key, workspace, provider }: Pick<AccountTable, 'link' | 'key' | 'workspace' | 'provider'>,
  keys: Keyring,
) => rowSeal(keys, 'accounts', link, key, workspace, provider)

const sealAccount = (account: StoredAccount, keys: Keyring): Omit<Selectable<AccountTable>, 'linked_at'> => ({
  link: account.link,
  key: account.key,
  workspace: account.workspace,
  provider: account.provider,
  label: account.label,
  settings: settingsSeal(account, keys).seal('settings', account.settings),
  pending_until: whole(account.pendingUntil),
})

const openAccount = (row: Selectable<AccountTable>, keys: Keyring): StoredAccount => ({
  link: row.link,
  key: row.key,
  workspace: row.workspace,
  provider: row.provider,
  label: row.label,
  settings: settingsSeal(row, keys).open('settings', row.settings),
  pendingUntil: numberOrNull(row.pending_until),
})
