import type { ChangePosition, StoredChange, WriteRequest, WriteStore } from './write-store.js'

/** The record of writes in memory. */
export function memoryWrites(): WriteStore {
  const requests = new Map<string, WriteRequest>()
  const changes = new Map<string, StoredChange>()
  const matching = (workspace: string, accounts: readonly string[]) =>
    [...changes.values()].filter((change) => change.workspace === workspace && accounts.includes(change.account))

  return {
    async claimWrite({ id, owner, input, expiresAt }, now) {
      const standing = requests.get(id)
      if (standing && standing.expiresAt > now) return standing
      requests.set(id, { id, owner, input, expiresAt, changeId: null, answer: null })
      return null
    },
    writeRequest: async (id) => requests.get(id) ?? null,
    async takeOverWrite(id, from, to) {
      const request = requests.get(id)
      if (request?.owner !== from || request.answer !== null) return false
      requests.set(id, { ...request, owner: to })
      return true
    },
    async dropWrite(id, owner) {
      const request = requests.get(id)
      if (request?.owner === owner && request.changeId === null) requests.delete(id)
    },
    async beginChange(change, of) {
      if (changes.has(change.id)) throw new Error(`There is a change ${change.id} already`)
      const request = of && requests.get(of.id)
      if (of && (request?.owner !== of.owner || request.changeId !== null)) return false
      if (request) requests.set(request.id, { ...request, changeId: change.id })
      changes.set(change.id, { ...change, outcome: 'UNKNOWN' })
      return true
    },
    async endChange(id, { outcome, code, targetId }, answered) {
      const change = changes.get(id)
      if (change) {
        const end = change.outcome === 'UNKNOWN' ? { outcome, code } : {}
        changes.set(id, { ...change, ...end, targetId: change.targetId ?? targetId })
      }
      const request = answered && requests.get(answered.request)
      if (request?.changeId !== id || request.answer !== null) return
      if (answered!.answer === null) requests.delete(request.id)
      else requests.set(request.id, { ...request, answer: answered!.answer })
    },
    changes: async ({ workspace, accounts, before, atMost }) =>
      matching(workspace, accounts)
        .filter((change) => !before || newestFirst(before, change) < 0)
        .sort(newestFirst)
        .slice(0, atMost),
    countChanges: async ({ workspace, accounts }) => matching(workspace, accounts).length,
    change: async (id) => changes.get(id) ?? null,
    async forgetChanges(before, now) {
      for (const { id, at } of changes.values()) if (at < before) changes.delete(id)
      for (const { id, expiresAt } of requests.values()) if (expiresAt <= now) requests.delete(id)
    },
  }
}

const newestFirst = (one: ChangePosition, other: ChangePosition): number =>
  other.at - one.at || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0)
