import type { StoredExport } from '../store/export-store.js'
import type { ChunkWriter } from './chunk-writer.js'
import type { ExportServices } from './export-services.js'
import { fileName, measureZip } from './file.js'
import { hasGaps, sourcesOf } from './sources.js'
import type { ExportState } from './state.js'

const HOUR_MS = 3_600_000

/** Completes an export whose chunks are all stored. */
export async function finish(
  stored: StoredExport,
  writer: ChunkWriter,
  { store, clock, limits, accountsOf, onEnd }: ExportServices,
): Promise<void> {
  const { state } = writer
  const { request, bytes } = state
  const completedAt = new Date(clock.now()).toISOString()
  const sources = sourcesOf({ ...stored, state: JSON.stringify(state) })
  const status = hasGaps(sources) ? 'COMPLETED_WITH_GAPS' : 'COMPLETED'
  const plain = { bytes, sha256: writer.digest() }
  const manifest = request.includeManifest ? manifestOf() : null
  const file = manifest === null ? plain : await measureZip(stored, state, manifest, store)
  const finished: ExportState = { ...state, file: { completedAt, ...file, manifest } }
  await writer.change({ status, endsAt: clock.now() + limits.keptHours * HOUR_MS }, finished)
  onEnd(request.format, status)

  function manifestOf(): string {
    const accounts = accountsOf(stored.workspace)
    const { filter, format, members, timeZone, fromProvider } = request
    return `${JSON.stringify(
      {
        ...{ id: stored.id, createdAt: new Date(stored.createdAt).toISOString(), completedAt, status },
        ...{ format, fields: members, timeZone, fromProvider, filter, recordCount: state.records },
        file: { name: fileName(stored), bytes, sha256: plain.sha256 },
        sources: sources.map(({ accountKey, gap, ...source }) => ({
          account: { key: accountKey, label: accounts.get(accountKey)?.label ?? null },
          ...source,
          gap: gap && { from: gap.end?.startedAt ?? null, until: gap.start?.startedAt ?? null },
        })),
      },
      null,
      2,
    )}\n`
  }
}
