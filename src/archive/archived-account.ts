import type { LiveAccount } from '../live/live-account.js'

/** How the calls of one account are archived, as its configuration says. */
export interface ArchiveSettings {
  /** How far back calls are fetched, ms before now. */
  readonly sinceMs: number
  /** Pause between two looks at the newest calls, seconds. */
  readonly everySeconds: number
  /** Calls that began within this many ms are read again each hour. */
  readonly recheckMs: number
  /** Calls that began earlier than this many ms before now are removed. */
  readonly retentionMs: number
  /** Whether numbers, names and raw values are unreadable in the database. */
  readonly sealed: boolean
}

/** An account that may have an archive. */
export interface ArchivedAccount extends LiveAccount {
  /** Null: it has none. */
  readonly archive: ArchiveSettings | null
}
