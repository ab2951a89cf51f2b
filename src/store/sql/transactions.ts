import type { Selectable } from 'kysely'

import type { Keyring } from '../keyring.js'
import { count, isOrphan, rowSeal } from './rows.js'
import type { SqlDialect } from './dialect.js'
import type { TransactionTable } from './tables.js'
import {
  linkOf,
  OPEN_BROWSERS,
  REMEMBERED_TRANSACTIONS,
  type AuthorizationTransaction,
  type TokenStore,
} from '../token-store.js'

/** Logins that were begun in a browser, RFC 6749 §4.1. */
export function sqlTransactions({ db }: SqlDialect, keys: Keyring): Pick<TokenStore, 'begin' | 'take'> {
  /** Deletes all but the newest `atMost` of one login, or of one login and browser. */
  async function deleteBeyond(login: string, taken: 0 | 1, atMost: number, browser?: string): Promise<void> {
    const old = await db
      .selectFrom('transactions')
      .select('state_digest')
      .where('login', '=', login)
      .where('taken', '=', taken)
      .$if(browser !== undefined, (query) => query.where('browser_digest', '=', browser!))
      .orderBy('expires_at', 'desc')
      .offset(atMost)
      .limit(1_000)
      .execute()
    const digests = old.map(({ state_digest }) => state_digest)
    if (digests.length > 0) await db.deleteFrom('transactions').where('state_digest', 'in', digests).execute()
  }

  return {
    async begin(transaction, atMost, now) {
      await db
        .insertInto('transactions')
        .values(sealTransaction(transaction, keys))
        .execute()
        // The account was unlinked meanwhile: the callback finds no transaction.
        .catch((error: unknown) => {
          if (!isOrphan(error)) throw error
        })
      await db.deleteFrom('transactions').where('expires_at', '<=', now).execute()
      await deleteBeyond(transaction.login, 0, atMost, transaction.browserDigest)
      await deleteBeyond(transaction.login, 0, OPEN_BROWSERS * atMost)
      await deleteBeyond(transaction.login, 1, REMEMBERED_TRANSACTIONS)
    },
    async take(stateDigest) {
      const result = await db
        .updateTable('transactions')
        .set({ taken: 1 })
        .where('state_digest', '=', stateDigest)
        .where('taken', '=', 0)
        .executeTakeFirst()
      const row = await db
        .selectFrom('transactions')
        .selectAll()
        .where('state_digest', '=', stateDigest)
        .executeTakeFirst()
      return row ? { transaction: openTransaction(row, keys), taken: count(result) === 0 } : null
    },
  }
}

const sealTransaction = (transaction: AuthorizationTransaction, keys: Keyring): Selectable<TransactionTable> => ({
  state_digest: transaction.stateDigest,
  login: transaction.login,
  link: linkOf(transaction.login),
  provider: transaction.provider,
  browser_digest: transaction.browserDigest,
  code_verifier: rowSeal(keys, 'transactions', transaction.stateDigest, transaction.login, transaction.provider).seal(
    'code_verifier',
    transaction.codeVerifier,
  ),
  redirect_uri: transaction.redirectUri,
  expires_at: Math.round(transaction.expiresAt),
  taken: 0,
})

const openTransaction = (row: Selectable<TransactionTable>, keys: Keyring): AuthorizationTransaction => ({
  stateDigest: row.state_digest,
  login: row.login,
  provider: row.provider,
  browserDigest: row.browser_digest,
  codeVerifier: rowSeal(keys, 'transactions', row.state_digest, row.login, row.provider).open(
    'code_verifier',
    row.code_verifier,
  ),
  redirectUri: row.redirect_uri,
  expiresAt: Number(row.expires_at),
})
