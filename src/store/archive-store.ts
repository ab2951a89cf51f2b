/** The topic of archives in the event log: one stream an account, its events the changes of its calls. */
export const ARCHIVE = 'archive'

/** A call as an archive keeps it. */
export interface ArchivedCall {
  /** Global id of the call. */
  readonly id: string
  /** ISO 8601 UTC with milliseconds. */
  readonly startedAt: string
  /** The call, JSON. */
  readonly record: string
  /** What calls are found and counted by. */
  readonly facts: ArchivedFacts
}

/** Of a call, what a database can select and add up. */
export interface ArchivedFacts {
  readonly kind: string
  readonly direction: string
  readonly disposition: string
  /** E.164; null where there is none. */
  readonly callerNumber: string | null
  readonly calleeNumber: string | null
  readonly durationSeconds: number | null
  readonly waitSeconds: number | null
  readonly talkSeconds: number | null
}

/** What a change of an archive's stream does to its calls, together with the stream or not at all. */
export interface ArchiveUpdate {
  /** Calls that are new or have changed; none twice. */
  readonly put: readonly ArchivedCall[]
  /** Global ids of calls that are there no more. */
  readonly remove: readonly string[]
  /** Whether numbers, names and raw values are to be unreadable in the database. */
  readonly sealed: boolean
}

/** A place in the order of one account's calls: time first, then the global id. */
export interface ArchivePosition {
  readonly startedAt: string
  readonly id: string
}

/** Which calls of one archive; every field narrows. */
export interface ArchiveSelection {
  readonly account: string
  /** ISO UTC, inclusive; null: from the first. */
  readonly from: string | null
  /** ISO UTC, exclusive; null: to the last. */
  readonly until: string | null
  readonly kinds?: readonly string[] | null
  readonly directions?: readonly string[] | null
  readonly dispositions?: readonly string[] | null
  /** E.164: of the caller or the callee. */
  readonly numbers?: readonly string[] | null
  readonly callerNumbers?: readonly string[] | null
  readonly calleeNumbers?: readonly string[] | null
  /** Inclusive; a call without a duration is in no range. */
  readonly minimumSeconds?: number | null
  readonly maximumSeconds?: number | null
}

export interface ArchiveQuery extends ArchiveSelection {
  readonly order: 'ASC' | 'DESC'
  /** Only calls strictly after this position, in `order`. */
  readonly after: ArchivePosition | null
  readonly atMost: number
}

/** What an archive holds. */
export interface ArchiveFigures {
  readonly calls: number
  /** ISO UTC; null while there are none. */
  readonly oldest: string | null
  readonly newest: string | null
}

/** A change of a call, as the event log has it. */
export interface ArchivedChange {
  /** As in the event log. */
  readonly position: number
  readonly workspace: string
  readonly account: string
  /** JSON. */
  readonly body: string
  /** Wall-clock ms at which it was seen. */
  readonly at: number
}

/**
 * The calls that archives keep. They are written with `EventLog.appendEvents`: the stream of the
 * account, its changes and its calls change together.
 */
export interface ArchiveStore {
  /** In their order. */
  archivedCalls(query: ArchiveQuery): Promise<readonly ArchivedCall[]>
  /** Null when there is none. */
  archivedCall(account: string, id: string): Promise<ArchivedCall | null>
  /** Those of these ids that there are, in any order; at most a thousand ids. */
  archivedCallsOf(account: string, ids: readonly string[]): Promise<readonly ArchivedCall[]>
  countArchivedCalls(selection: ArchiveSelection): Promise<number>
  archiveFigures(account: string): Promise<ArchiveFigures>
  /** The changes of these accounts' calls after a position, in their order. */
  archiveChanges(accounts: readonly string[], after: number, atMost: number): Promise<readonly ArchivedChange[]>
  /** Deletes the calls that began before a time, and the changes that were seen before it; wall-clock ms. */
  forgetArchivedCalls(account: string, before: number): Promise<void>
  /** Deletes an account's archive whole: its calls, its changes and its stream. */
  removeArchive(account: string): Promise<void>
}
