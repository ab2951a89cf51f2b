import { ABANDONED_FOR_MS, LONG_OVER_MS, type PendingRevocation, type StoredAccount } from './account-store.js'
import type { StoredApiKey } from './api-key-store.js'
import { memoryEvents } from './memory-events.js'
import { memoryExports } from './memory-exports.js'
import { memoryWrites } from './memory-writes.js'
import type { Store } from './store.js'
import {
  linkOf,
  OPEN_BROWSERS,
  REMEMBERED_TRANSACTIONS,
  type AuthorizationTransaction,
  type StoredGrant,
} from './token-store.js'

/**
 * Keeps everything for as long as the process lives: for the sandbox and tests, and as the readable
 * definition of the contract. `begin`: the position before that of its first event.
 */
export function memoryStore(monotonic: () => number = () => performance.now(), begin = 0): Store {
  const rows = new Map<string, StoredGrant>()
  const leases = new Map<string, { owner: string; until: number }>()
  /** In the order they began. */
  const transactions = new Map<string, { transaction: AuthorizationTransaction; taken: boolean }>()
  /** By link, in the order of linking. */
  const accounts = new Map<string, StoredAccount>()
  const revocations = new Map<string, PendingRevocation>()
  /** In the order of creation. */
  const apiKeys = new Map<string, StoredApiKey>()
  const { close, ...eventLog } = memoryEvents(begin)
  const exports = memoryExports()
  let version = 0

  const mayWrite = (key: string) => {
    const link = linkOf(key)
    return link === null || accounts.has(link)
  }

  function forget(link: string): boolean {
    const ofLink = (key: string) => linkOf(key) === link
    for (const key of rows.keys()) if (ofLink(key)) rows.delete(key)
    for (const [digest, { transaction }] of transactions) if (ofLink(transaction.login)) transactions.delete(digest)
    version += 1
    return accounts.delete(link)
  }

  const pending = () => [...accounts.values()].filter(({ pendingUntil }) => pendingUntil !== null)

  function forgetPending(now: number): void {
    for (const { link, pendingUntil } of pending()) if (pendingUntil! <= now) forget(link)
  }

  return {
    read: async (key) => rows.get(key) ?? null,
    async write(key, expected, next) {
      if ((rows.get(key)?.generation ?? 0) !== expected || !mayWrite(key)) return false
      rows.set(key, next)
      return true
    },
    async intend(key, read, intent) {
      const row = rows.get(key)
      if (row?.generation !== read.generation || JSON.stringify(row.intent) !== JSON.stringify(read.intent))
        return false
      rows.set(key, { ...row, intent })
      return true
    },
    remove: async (key, generation) => rows.get(key)?.generation === generation && rows.delete(key),
    async lease(key, owner, milliseconds) {
      const held = leases.get(key)
      if (held && held.owner !== owner && held.until > monotonic()) return false
      leases.set(key, { owner, until: monotonic() + milliseconds })
      return true
    },
    async prolong(key, owner, milliseconds) {
      if (leases.get(key)?.owner !== owner) return false
      leases.set(key, { owner, until: monotonic() + milliseconds })
      return true
    },
    async release(key, owner) {
      if (leases.get(key)?.owner === owner) leases.delete(key)
    },
    async begin(transaction, atMost, now) {
      transactions.set(transaction.stateDigest, { transaction, taken: false })
      for (const [digest, { transaction: other }] of transactions) {
        if (other.expiresAt <= now) transactions.delete(digest)
      }
      const same = [...transactions].filter(([, entry]) => entry.transaction.login === transaction.login).reverse()
      const open = same.filter(([, { taken }]) => !taken)
      const taken = same.filter((entry) => entry[1].taken)
      const thisBrowser = new Set([transaction.browserDigest])
      const sameBrowser = open.filter((entry) => thisBrowser.has(entry[1].transaction.browserDigest))
      const tooMany = [
        sameBrowser.slice(atMost),
        open.slice(OPEN_BROWSERS * atMost),
        taken.slice(REMEMBERED_TRANSACTIONS),
      ]
      for (const [digest] of tooMany.flat()) transactions.delete(digest)
    },
    async take(stateDigest) {
      const entry = transactions.get(stateDigest)
      if (!entry) return null
      const { taken } = entry
      entry.taken = true
      return { transaction: entry.transaction, taken }
    },

    accountsVersion: async () => String(version),
    accounts: async () => [...accounts.values()],
    async link(account, logins, atMost, now) {
      forgetPending(now)
      const previous = [...accounts.values()].find(({ key }) => key === account.key)
      if (previous && (previous.pendingUntil === null || previous.workspace !== account.workspace)) return false
      if (previous) forget(previous.link)
      accounts.set(account.link, account)
      for (const [key, grant] of logins) rows.set(key, grant)
      const open = pending().filter(({ workspace }) => workspace === account.workspace)
      for (const { link } of open.slice(0, Math.max(0, open.length - atMost))) forget(link)
      version += 1
      return true
    },
    confirm: async (link) => change(link, { pendingUntil: null }),
    relabel: async (link, label) => change(link, { label }),
    async unlink(link, toRevoke) {
      const logins = [...rows].filter(([key]) => linkOf(key) === link).map(([, grant]) => grant)
      const account = accounts.get(link)
      if (!account) return false
      forget(link)
      await exports.forgetAccountExports(account.key)
      await eventLog.forgetAccountEvents(account.key)
      for (const revocation of toRevoke(logins)) revocations.set(revocation.id, revocation)
      return true
    },
    async sweep(now) {
      forgetPending(now)
      for (const [digest, { transaction }] of transactions)
        if (transaction.expiresAt <= now - ABANDONED_FOR_MS) transactions.delete(digest)
      for (const { id, giveUpAt } of revocations.values()) if (giveUpAt <= now - LONG_OVER_MS) revocations.delete(id)
    },
    keepRevocation: async (revocation) => void revocations.set(revocation.id, revocation),
    dueRevocations: async (now) => [...revocations.values()].filter(({ nextAttemptAt }) => nextAttemptAt <= now),
    async claimRevocation({ id, nextAttemptAt }, next) {
      const stored = revocations.get(id)
      if (stored?.nextAttemptAt !== nextAttemptAt) return false
      revocations.set(id, { ...stored, nextAttemptAt: next })
      return true
    },
    dropRevocation: async (id) => void revocations.delete(id),

    async keepApiKey(key) {
      if (apiKeys.has(key.id)) throw new Error(`There is an API key ${key.id} already`)
      apiKeys.set(key.id, key)
    },
    apiKey: async (id) => apiKeys.get(id) ?? null,
    apiKeys: async () => [...apiKeys.values()],
    async revokeApiKey(id, at) {
      const key = apiKeys.get(id)
      if (!key || key.revokedAt !== null) return false
      apiKeys.set(id, { ...key, revokedAt: at })
      return true
    },

    ...eventLog,
    ...memoryWrites(),
    ...exports,
    claimServing: async () => true,
    close: async () => close(),
  }

  function change(link: string, what: Partial<StoredAccount>): boolean {
    const account = accounts.get(link)
    if (!account) return false
    accounts.set(link, { ...account, ...what })
    version += 1
    return true
  }
}
