/** What an export is, as far as a store knows; RUNNING ones wait for whoever makes their file. */
export type StoredExportStatus = 'RUNNING' | 'COMPLETED' | 'COMPLETED_WITH_GAPS' | 'FAILED' | 'CANCELLED' | 'EXPIRED'

/** An export of call records, as it is stored. */
export interface StoredExport {
  /** A UUID. */
  readonly id: string
  readonly workspace: string
  /** Keys of the accounts whose calls may be in it: it is removed with any of them. */
  readonly accounts: readonly string[]
  /** A digest of its caller and idempotency key; null without one. No two exports have the same. */
  readonly requestKey: string | null
  readonly status: StoredExportStatus
  /** JSON: what was asked for, and how far it is. Holds numbers of people. */
  readonly state: string
  /** Increases by one with every change. The first has 1. */
  readonly revision: number
  /** Wall-clock ms. */
  readonly createdAt: number
  /** Wall-clock ms at which its file is removed; null while it runs. */
  readonly endsAt: number | null
}

/** A part of an export's file: it is kept deflated (RFC 1951), and ends on a byte. */
export interface ExportChunk {
  /** From 0, without holes. */
  readonly position: number
  /** Where its first byte is in the file. */
  readonly start: number
  readonly length: number
  /** The same of the deflated parts, in a row. */
  readonly packedStart: number
  readonly packedLength: number
}

/** What becomes of an export. */
export interface ExportChange extends Pick<StoredExport, 'status' | 'state' | 'endsAt'> {
  /** The next part of its file, deflated. */
  readonly chunk?: ExportChunk & { readonly packed: Buffer }
}

/** Exports and their files, so that every replica serves them and any goes on with them. */
export interface ExportStore {
  /** Null where it is stored; otherwise the one that has its request key. */
  createExport(created: StoredExport): Promise<StoredExport | null>
  /** The export with a request key; null when there is none. @throws SealBroken */
  exportOfRequest(requestKey: string): Promise<StoredExport | null>
  /** Null when there is none. @throws SealBroken */
  storedExport(id: string): Promise<StoredExport | null>
  /** The running ones, the oldest first, without what they are about. */
  runningExports(): Promise<readonly Pick<StoredExport, 'id' | 'workspace'>[]>
  /** How many of a workspace have not ended or have their file still. */
  countExports(workspace: string): Promise<number>
  /**
   * Changes a running export that still is at a revision, with its next chunk or not at all; false
   * where it has ended, is gone, or somebody else has changed it. The chunks of one that is
   * cancelled or has failed are removed.
   * @throws ExportTooLarge where the store has no room for the chunk
   */
  changeExport(id: string, revision: number, change: ExportChange): Promise<boolean>
  /** In their order. */
  exportChunks(id: string): Promise<readonly ExportChunk[]>
  /** Null when it is gone. @throws SealBroken */
  exportChunk(id: string, position: number): Promise<Buffer | null>
  /** Marks those that have ended as EXPIRED and removes their files; wall-clock ms. */
  expireExports(now: number): Promise<void>
  /** Removes those that ended before a time whole; wall-clock ms. */
  forgetExports(before: number): Promise<void>
  /** Removes what may hold calls of an account; `unlink` calls it. */
  forgetAccountExports(account: string): Promise<void>
}

/** A file is larger than the store can hold. */
export class ExportTooLarge extends Error {}
