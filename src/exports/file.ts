import { createHash } from 'node:crypto'

import type { ExportChunk, ExportStore, StoredExport } from '../store/export-store.js'
import { unpackChunks } from './chunks.js'
import { FORMATS } from './formats/format.js'
import { stateOf, type ExportState } from './state.js'
import { zipAround } from './zip.js'

/** A file that is done, or a part of it. */
export interface ExportFile {
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
  /** SHA-256 of all bytes, base64. */
  readonly sha256: string
  /** The bytes from `first` to `last`, both inclusive; throws where the file is removed meanwhile. */
  read(first: number, last: number): AsyncIterable<Buffer>
}

type Chunks = Pick<ExportStore, 'exportChunks' | 'exportChunk'>

/** A stretch of a file: bytes, or what gives them. */
interface Segment {
  readonly start: number
  readonly length: number
  readonly bytes: () => Promise<Buffer> | Buffer
}

/** The file of an export; null while there is none. */
export function exportFile(stored: StoredExport, store: Chunks): ExportFile | null {
  const state = stateOf(stored)
  const { file, request } = state
  const hasFile = stored.status === 'COMPLETED' || stored.status === 'COMPLETED_WITH_GAPS'
  if (!file || !hasFile) return null
  const { mediaType } = FORMATS[request.format]
  return {
    name: file.manifest === null ? fileName(stored) : archiveName(stored),
    mediaType: file.manifest === null ? mediaType : 'application/zip',
    bytes: file.bytes,
    sha256: file.sha256,
    async *read(first, last) {
      const chunks = await store.exportChunks(stored.id)
      if (file.manifest === null) yield* inflated(chunks, first, last)
      else yield* partOf(zipped(chunks, stored, state, file.manifest), first, last)
    },
  }

  /** By one engine for all chunks: one for each would keep memory until all garbage is collected. */
  async function* inflated(chunks: readonly ExportChunk[], first: number, last: number): AsyncIterable<Buffer> {
    const wanted = chunks.filter(({ start, length }) => start + length > first && start <= last)
    let at = wanted[0]?.start ?? 0
    for await (const bytes of unpackChunks(packed(wanted))) {
      const part = bytes.subarray(Math.max(0, first - at), Math.max(0, last + 1 - at))
      at += bytes.length
      if (part.length > 0) yield part
    }
    if (at <= last) throw new Error('The file of this export is shorter than was said')
  }

  async function* packed(chunks: readonly ExportChunk[]): AsyncIterable<Buffer> {
    for (const { position } of chunks) yield await chunkOf(store, stored.id, position)
  }

  function zipped(
    chunks: readonly ExportChunk[],
    of: StoredExport,
    whole: ExportState,
    manifest: string,
  ): readonly Segment[] {
    const { before, after } = around(of, whole, manifest)
    return [
      { start: 0, length: before.length, bytes: () => before },
      ...chunks.map(({ position, packedStart, packedLength }) => ({
        ...{ start: before.length + packedStart, length: packedLength },
        bytes: () => chunkOf(store, of.id, position),
      })),
      { start: before.length + whole.packedBytes, length: after.length, bytes: () => after },
    ]
  }
}

async function* partOf(segments: readonly Segment[], first: number, last: number): AsyncIterable<Buffer> {
  for (const { start, length, bytes } of segments) {
    if (start + length <= first || start > last) continue
    yield (await bytes()).subarray(Math.max(0, first - start), Math.min(length, last + 1 - start))
  }
}

/** How long the ZIP of an export is, and its checksum. */
export async function measureZip(
  stored: StoredExport,
  state: ExportState,
  manifest: string,
  store: Chunks,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { before, after } = around(stored, state, manifest)
  const digest = createHash('sha256').update(before)
  for (let position = 0; position < state.chunks; position++) digest.update(await chunkOf(store, stored.id, position))
  const sha256 = digest.update(after).digest('base64')
  return { bytes: before.length + state.packedBytes + after.length, sha256 }
}

/** What the file is called, by the day on which it was asked for. */
export const fileName = (stored: StoredExport): string =>
  `${baseName(stored)}.${FORMATS[stateOf(stored).request.format].ending}`

const archiveName = (stored: StoredExport) => `${baseName(stored)}.zip`
const baseName = ({ createdAt, id }: StoredExport) =>
  `calls-${new Date(createdAt).toISOString().slice(0, 10)}-${id.slice(0, 8)}`

function around(stored: StoredExport, { bytes, packedBytes, crc }: ExportState, manifest: string) {
  const entry = { name: fileName(stored), bytes, packedBytes, crc }
  return zipAround(entry, { name: 'manifest.json', text: manifest }, new Date(stored.createdAt))
}

/** @throws Error where the file was removed while it was read */
export async function chunkOf(store: Chunks, id: string, position: number): Promise<Buffer> {
  const packed = await store.exportChunk(id, position)
  if (!packed) throw new Error('The file of this export was removed while it was read')
  return packed
}
