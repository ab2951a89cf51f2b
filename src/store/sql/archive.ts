import type { ArchiveStore } from '../archive-store.js'
import type { SqlDialect } from './dialect.js'

/** The archives in SQL. */
export function sqlArchive(_dialect: SqlDialect): ArchiveStore {
  const missing = async (): Promise<never> => {
    throw new Error('not built')
  }
  return {
    archivedCalls: missing,
    archivedCall: missing,
    archivedCallsOf: missing,
    countArchivedCalls: missing,
    archiveFigures: missing,
    archiveChanges: missing,
    forgetArchivedCalls: missing,
    removeArchive: missing,
  }
}
