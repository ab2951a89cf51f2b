import type { Covered } from '../archive/archive-state.js'
import type { ErrorCode } from '../errors.js'
import type { CallCriteria } from '../loaders/calls/demand.js'
import type { LogPosition } from '../loaders/calls/order.js'
import type { BoundExtension } from '../loaders/loaders.js'
import type { StoredExport } from '../store/export-store.js'
import type { Format } from './formats/format.js'
import type { Member } from './formats/members.js'

/** An export as it is stored, for rooms that have no store. */
export type { StoredExport }

/** What is asked for. */
export interface ExportRequest {
  readonly filter: CallCriteria
  readonly format: Format
  readonly members: readonly Member[]
  readonly timeZone: string | null
  /** Whether providers are asked for what no archive has. */
  readonly fromProvider: boolean
  readonly includeManifest: boolean
  /** The only extension whose calls are given; null: all are. */
  readonly own: BoundExtension | null
}

/** Where the calls of one account come from; decided once, when the export begins. */
export interface PlannedAccount {
  readonly key: string
  readonly from: 'ARCHIVE' | 'PROVIDER' | 'NOTHING'
  /** Of an archive: the newest first. */
  readonly covered: readonly Covered[]
  /** Of an archive: how long ago it had last looked at the newest calls; null: never. */
  readonly staleSeconds: number | null
}

/** A part of one account's calls that is not in the file. */
export interface ExportGap {
  readonly account: string
  /** Strictly between these, newest first; null is an end. */
  readonly start: LogPosition | null
  readonly end: LogPosition | null
  /** Null where nothing failed. */
  readonly code: ErrorCode | null
  readonly message: string
}

/** What is known of one account besides. */
export interface ExportTally {
  readonly requests: number
  readonly unreadable: number
  readonly staleSeconds: number | null
  /** Calls whose detail could not be read: what only that has is null. */
  readonly withoutDetail: number
}

/** The file that is done. */
export interface FinishedFile {
  /** ISO UTC. */
  readonly completedAt: string
  readonly bytes: number
  /** SHA-256 of all bytes, base64. */
  readonly sha256: string
  /** Null where the file is not in a ZIP. */
  readonly manifest: string | null
}

/** All that is stored of an export. */
export interface ExportState {
  readonly request: ExportRequest
  /** What the caller said, as canonical JSON: another one with its idempotency key must say the same. */
  readonly said: string
  /** Null until it begins. */
  readonly plan: readonly PlannedAccount[] | null
  /** The last call that is in a stored chunk. */
  readonly reached: LogPosition | null
  /** By account: where its provider said that the next call may be found. */
  readonly hints: Readonly<Record<string, string>>
  readonly gaps: readonly ExportGap[]
  /** Keys of accounts that are given up. */
  readonly failed: readonly string[]
  readonly tallies: Readonly<Record<string, ExportTally>>
  readonly records: number
  /** Of the chunks. */
  readonly bytes: number
  readonly packedBytes: number
  readonly chunks: number
  /** CRC-32 of the chunks. */
  readonly crc: number
  readonly file: FinishedFile | null
  /** Why it failed. */
  readonly error: ErrorCode | null
}

export const beginning = (request: ExportRequest, said: string): ExportState => ({
  request,
  said,
  plan: null,
  reached: null,
  hints: {},
  gaps: [],
  failed: [],
  tallies: {},
  records: 0,
  bytes: 0,
  packedBytes: 0,
  chunks: 0,
  crc: 0,
  file: null,
  error: null,
})

export const NO_TALLY: ExportTally = { requests: 0, unreadable: 0, staleSeconds: null, withoutDetail: 0 }

export const stateOf = ({ state }: Pick<StoredExport, 'state'>): ExportState => JSON.parse(state) as ExportState
