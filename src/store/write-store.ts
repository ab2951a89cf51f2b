/** What became of a write; UNKNOWN while it is under way, and where nobody can tell. */
export type ChangeOutcome = 'DONE' | 'REFUSED' | 'UNKNOWN'

/** A write at a provider: who changed what. Names of fields, never their values. */
export interface StoredChange {
  /** A UUID. */
  readonly id: string
  readonly workspace: string
  /** Key of the account; the record stays when that is unlinked. */
  readonly account: string
  /** The mutation's name. */
  readonly operation: string
  /** Global id of what was changed; null for what has none, or none yet. */
  readonly targetId: string | null
  /** Who asked for it: the name of an API key, or the subject of a token. */
  readonly actor: string
  readonly requestId: string
  /** Wall-clock ms at which it began. */
  readonly at: number
  readonly fields: readonly string[]
  readonly outcome: ChangeOutcome
  /** Why it was refused, or is not known; null otherwise. */
  readonly code: string | null
}

/** A mutation with an idempotency key. */
export interface WriteRequest {
  /** Names caller, mutation and key; holds none of them readably. */
  readonly id: string
  /** Which run of it is at work. */
  readonly owner: string
  /** What it asks for: a later one with the same id must ask for the same. */
  readonly input: string
  /** The change it has sent, or may have; null: nothing was sent. */
  readonly changeId: string | null
  /** JSON; null while it is under way. */
  readonly answer: string | null
  /** Wall-clock ms. */
  readonly expiresAt: number
}

/** Which changes are asked for. */
export interface ChangeQuery {
  readonly workspace: string
  /** Keys; none: no changes. */
  readonly accounts: readonly string[]
}

/** A place in the order of changes. */
export type ChangePosition = Pick<StoredChange, 'at' | 'id'>

/**
 * The record of writes at providers, and the requests that must be sent once: what lets a repeated
 * mutation be answered by whichever replica it meets.
 */
export interface WriteStore {
  /**
   * Null where the request is its owner's now; otherwise the one that stands. One that has expired
   * (`expiresAt` not after `now`) is replaced. Atomic over replicas.
   * @throws SealBroken when the one that stands does not open: it may have been sent
   */
  claimWrite(
    request: Pick<WriteRequest, 'id' | 'owner' | 'input' | 'expiresAt'>,
    now: number,
  ): Promise<WriteRequest | null>
  /**
   * Null when there is none; one that has expired may still be there.
   * @throws SealBroken
   */
  writeRequest(id: string): Promise<WriteRequest | null>
  /**
   * Takes a request over from an owner that is gone; false where that owner has it no more, or it
   * has its answer.
   */
  takeOverWrite(id: string, from: string, to: string): Promise<boolean>
  /**
   * Gives up a request of which nothing was sent; does nothing where it is another owner's, or
   * something was sent.
   */
  dropWrite(id: string, owner: string): Promise<void>
  /**
   * Right before sending, in one transaction: stores the change (UNKNOWN) and that the request sends
   * it. False, and nothing stored, where the request is gone or another owner's now, or has sent one.
   */
  beginChange(change: StoredChange, request: { readonly id: string; readonly owner: string } | null): Promise<boolean>
  /**
   * In one transaction: what became of a change, unless that is known already (an outcome other than
   * UNKNOWN stays; the target is added where it has none), and the answer of the request that sent
   * it, unless it has one. `answer` null: nothing can have reached the provider, so the request is
   * given up and may be made again.
   */
  endChange(
    id: string,
    end: Pick<StoredChange, 'outcome' | 'code' | 'targetId'>,
    answered: { readonly request: string; readonly answer: string | null } | null,
  ): Promise<void>
  /** Newest first (`at`, then `id`, both descending), those after `before` in that order. */
  changes(
    query: ChangeQuery & { readonly before: ChangePosition | null; readonly atMost: number },
  ): Promise<readonly StoredChange[]>
  countChanges(query: ChangeQuery): Promise<number>
  /** Null when there is none, or it is forgotten. */
  change(id: string): Promise<StoredChange | null>
  /**
   * Deletes changes that began before `before`, and requests that have expired at `now`; both
   * wall-clock ms. In parts, so that nobody waits long for it.
   */
  forgetChanges(before: number, now: number): Promise<void>
}
