import type { AuthorizationTransaction, StoredGrant, TokenStore } from './token-store.js'

/** Keeps logins as long as the process lives: for the sandbox and for tests, and the readable meaning of the contract. */
export function memoryStore(monotonic: () => number = () => performance.now()): TokenStore {
  const rows = new Map<string, StoredGrant>()
  const leases = new Map<string, { owner: string; until: number }>()
  /** In the order they were begun. */
  const transactions = new Map<string, { transaction: AuthorizationTransaction; taken: boolean }>()

  return {
    read: async (key) => rows.get(key) ?? null,
    async write(key, expected, next) {
      if ((rows.get(key)?.generation ?? 0) !== expected) return false
      rows.set(key, next)
      return true
    },
    async intend(key, generation, intent) {
      const row = rows.get(key)
      if (row?.generation !== generation) return false
      rows.set(key, { ...row, intent })
      return true
    },
    remove: async (key) => void rows.delete(key),
    async lease(key, owner, milliseconds) {
      const held = leases.get(key)
      if (held && held.owner !== owner && held.until > monotonic()) return false
      leases.set(key, { owner, until: monotonic() + milliseconds })
      return true
    },
    async release(key, owner) {
      if (leases.get(key)?.owner === owner) leases.delete(key)
    },
    async begin(transaction, atMost, now) {
      transactions.set(transaction.stateDigest, { transaction, taken: false })
      for (const [digest, { transaction: other }] of transactions) if (other.expiresAt <= now) transactions.delete(digest)
      const open = [...transactions].filter(([, entry]) => entry.transaction.account === transaction.account && !entry.taken)
      for (const [digest] of open.slice(0, Math.max(0, open.length - atMost))) transactions.delete(digest)
    },
    async take(stateDigest) {
      const entry = transactions.get(stateDigest)
      if (!entry) return null
      const { taken } = entry
      entry.taken = true
      return { transaction: entry.transaction, taken }
    },
    close: async () => {},
  }
}
