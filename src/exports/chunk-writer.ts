import { createHash, type Hash } from 'node:crypto'

import type { LogPosition } from '../loaders/calls/order.js'
import type { ExportChange, ExportStore, StoredExport } from '../store/export-store.js'
import { chunkOf } from './file.js'
import { CHUNK_BYTES, crc32, packChunk, unpackChunk } from './chunks.js'
import type { ExportState } from './state.js'

/** Somebody else goes on with this export, or it was cancelled, or is gone. */
export class NotOurs extends Error {}

/** A file is larger than the operator allows. */
export class FileTooLarge extends Error {}

type Reached = Pick<ExportState, 'hints' | 'tallies' | 'gaps' | 'failed'> & { readonly reached: LogPosition | null }

export interface ChunkWriterOptions {
  readonly stored: StoredExport
  readonly state: ExportState
  readonly store: ExportStore
  /** Deflated bytes of one file. */
  readonly mostBytes: number
  readonly onWritten: (records: number, bytes: number) => void
}

/** Room for what is written in one go after a chunk is almost full. */
const SPARE = 1.5
/** UTF-8 of one UTF-16 code unit. */
const MOST_BYTES_OF_A_UNIT = 3

/** Writes an export's file, chunk by chunk: each is stored with the place from which to go on. */
export class ChunkWriter {
  readonly #options: ChunkWriterOptions
  readonly #digest: Hash = createHash('sha256')
  #state: ExportState
  #revision: number
  /** Text is encoded as it is written, into memory that is used again: as strings it would live long enough to be taken for old. */
  #filling = Buffer.allocUnsafeSlow(CHUNK_BYTES * SPARE)
  #length = 0
  /** The memory of the chunk that is being stored, while the next one is filled. */
  #other = Buffer.allocUnsafeSlow(CHUNK_BYTES * SPARE)
  #records = 0
  #storing: Promise<void> = Promise.resolve()

  private constructor(options: ChunkWriterOptions) {
    this.#options = options
    this.#state = options.state
    this.#revision = options.stored.revision
  }

  /** Goes on where the stored chunks end. */
  static async open(options: ChunkWriterOptions): Promise<ChunkWriter> {
    const writer = new ChunkWriter(options)
    for (let position = 0; position < options.state.chunks; position++)
      writer.#digest.update(await unpackChunk(await chunkOf(options.store, options.stored.id, position)))
    return writer
  }

  get state(): ExportState {
    return this.#state
  }

  /** Whether it is time to store what was written. */
  get isFull(): boolean {
    return this.#length >= CHUNK_BYTES
  }

  write(text: string, records: number): void {
    const most = text.length * MOST_BYTES_OF_A_UNIT
    if (this.#length + most > this.#filling.length) this.#makeRoom(most)
    this.#length += this.#filling.write(text, this.#length, 'utf8')
    this.#records += records
  }

  /** Stores what was written so far; resolves when the chunk before is stored. */
  async store(reached: Reached): Promise<void> {
    await this.#storing
    const bytes = this.#filling.subarray(0, this.#length)
    const records = this.#records
    ;[this.#filling, this.#other] = [this.#other, this.#filling]
    this.#length = 0
    this.#records = 0
    this.#storing = this.#store(bytes, records, reached)
    // Whoever stores the next one, or settles, is told.
    this.#storing.catch(() => {})
  }

  /** Resolves when all is stored. */
  settle(): Promise<void> {
    return this.#storing
  }

  /** SHA-256 of all that was stored, base64. */
  digest(): string {
    return this.#digest.copy().digest('base64')
  }

  /** Changes the export without another chunk. */
  async change(change: Omit<ExportChange, 'state' | 'chunk'>, state: ExportState): Promise<void> {
    await this.settle()
    await this.#change({ ...change, state: JSON.stringify(state) })
    this.#state = state
  }

  #makeRoom(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + bytes))
    this.#filling.copy(larger, 0, 0, this.#length)
    this.#filling = larger
  }

  async #store(bytes: Buffer, records: number, reached: Reached): Promise<void> {
    const state = this.#state
    if (bytes.length === 0) {
      const next = { ...state, ...reached }
      await this.#change({ status: 'RUNNING', state: JSON.stringify(next), endsAt: null })
      this.#state = next
      return
    }
    const packed = await packChunk(bytes)
    const next: ExportState = {
      ...state,
      ...reached,
      records: state.records + records,
      bytes: state.bytes + bytes.length,
      packedBytes: state.packedBytes + packed.length,
      chunks: state.chunks + 1,
      crc: state.request.includeManifest ? crc32(bytes, state.crc) : 0,
    }
    if (next.packedBytes > this.#options.mostBytes)
      throw new FileTooLarge('The file is larger than `limits.exports.bytes`')
    await this.#change({
      ...{ status: 'RUNNING', state: JSON.stringify(next), endsAt: null },
      chunk: {
        ...{ position: state.chunks, start: state.bytes, length: bytes.length },
        ...{ packedStart: state.packedBytes, packedLength: packed.length, packed },
      },
    })
    this.#digest.update(bytes)
    this.#state = next
    this.#options.onWritten(records, bytes.length)
  }

  /** @throws NotOurs */
  async #change(change: ExportChange): Promise<void> {
    const { store, stored } = this.#options
    if (!(await store.changeExport(stored.id, this.#revision, change))) throw new NotOurs('It is not ours any more')
    this.#revision += 1
  }
}
