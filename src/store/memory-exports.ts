import { ExportTooLarge, type ExportChange, type ExportStore, type StoredExport } from './export-store.js'

/** Of all files in memory, deflated: about a million calls. */
export const MOST_MEMORY_BYTES = 128 * 1024 * 1024

type Chunk = NonNullable<ExportChange['chunk']>

/** Exports in memory; their files share a bound. */
export function memoryExports(mostBytes = MOST_MEMORY_BYTES): ExportStore {
  const exports = new Map<string, StoredExport>()
  const files = new Map<string, Chunk[]>()
  const remove = (id: string) => void (exports.delete(id), files.delete(id))
  const ofRequest = (requestKey: string) => [...exports.values()].find((one) => one.requestKey === requestKey) ?? null
  const bytes = () => [...files.values()].flat().reduce((sum, { packed }) => sum + packed.length, 0)

  return {
    async createExport(created) {
      const { id, requestKey } = created
      const standing = requestKey === null ? null : ofRequest(requestKey)
      if (standing) return standing
      exports.set(id, created)
      return null
    },
    exportOfRequest: async (requestKey) => ofRequest(requestKey),
    storedExport: async (id) => exports.get(id) ?? null,
    runningExports: async () => [...exports.values()].filter(isRunning).sort((a, b) => a.createdAt - b.createdAt),
    countExports: async (workspace) =>
      [...exports.values()].filter((one) => one.workspace === workspace && (isRunning(one) || isWhole(one.status)))
        .length,
    async changeExport(id, revision, { chunk, ...change }) {
      const stored = exports.get(id)
      if (!stored || !isRunning(stored) || stored.revision !== revision) return false
      if (chunk) {
        if (bytes() + chunk.packed.length > mostBytes) throw new ExportTooLarge('The exports in memory are too large')
        files.set(id, [...(files.get(id) ?? []), chunk])
      }
      exports.set(id, { ...stored, ...change, revision: revision + 1 })
      if (hasNoFile(change.status)) files.delete(id)
      return true
    },
    exportChunks: async (id) => (files.get(id) ?? []).map(({ packed: _, ...chunk }) => chunk),
    exportChunk: async (id, position) => files.get(id)?.[position]?.packed ?? null,
    async expireExports(now) {
      for (const one of exports.values()) {
        if (one.endsAt === null || one.endsAt > now || isRunning(one)) continue
        files.delete(one.id)
        if (isWhole(one.status)) exports.set(one.id, { ...one, status: 'EXPIRED', revision: one.revision + 1 })
      }
    },
    async forgetExports(before) {
      for (const { id, endsAt } of exports.values()) if (endsAt !== null && endsAt < before) remove(id)
    },
    async forgetAccountExports(account) {
      for (const { id, accounts } of exports.values()) if (accounts.includes(account)) remove(id)
    },
  }
}

const isRunning = ({ status }: Pick<StoredExport, 'status'>) => status === 'RUNNING'
const isWhole = (status: StoredExport['status']) => status === 'COMPLETED' || status === 'COMPLETED_WITH_GAPS'

/** Whether an export of this status has lost its file. */
export const hasNoFile = (status: StoredExport['status']): boolean => status !== 'RUNNING' && !isWhole(status)
