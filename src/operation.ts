import type { ExecutionResult, ResponsePath } from 'graphql'

import type { EndSignal } from './ending.js'
import type { ErrorCode } from './errors.js'
import type { AccountClient } from './http/account/account-client.js'
import type { OperationReads } from './http/account/operation-reads.js'
import { NO_DEMAND, type ReadingOperation } from './http/account/reading.js'

/** What an operation was and how it went, for the log, figures and traces of its request. */
export interface OperationSummary {
  /** Null for a document that never became an operation. */
  readonly kind: 'query' | 'mutation' | 'subscription' | null
  readonly operation: string | null
  readonly codes: readonly string[]
}

/** An account that a list of the answer lacks, wholly or in part. */
export interface LackingSource {
  /** Global id. */
  readonly accountId: string
  readonly accountKey: string
  readonly code: ErrorCode
  /** Where it cannot be otherwise: that, and why. Absent for what failed. */
  readonly state?: 'UNSUPPORTED'
  readonly message?: string
}

/** A list of the answer. */
export interface AnsweredList {
  readonly path: ResponsePath
  /** Called once the operation is over: some lists are read on until then. */
  readonly lacking: () => readonly LackingSource[] | Promise<readonly LackingSource[]>
}

/** Where a transport that streams waits for a subscription in place of an answer. */
export interface SubscriptionSlot {
  /** The subscription, once it can begin; its engine alone knows what it is. */
  prepared: unknown
}

/** Parts that are not there may be written as undefined: a literal without a spread costs less (docs/performance.md). */
export interface OperationOptions extends Pick<ReadingOperation, 'requestId' | 'signal'> {
  readonly endsAt?: number
  readonly demand?: ReadingOperation['demand'] | undefined
  readonly journal?: ReadingOperation['journal'] | undefined
  readonly trace?: unknown
}

/**
 * One operation of a client, from its request to its answer. What belongs to one operation alone is
 * a field of it.
 */
export class Operation implements ReadingOperation {
  readonly requestId: string
  readonly signal: EndSignal
  readonly endsAt: number
  readonly demand: ReadingOperation['demand']
  readonly journal: ReadingOperation['journal']
  readonly stale = new Map<string, number>()
  /** Its lists that may lack something. */
  readonly lists: AnsweredList[] = []
  /** What it has read, by the client of the account. */
  readonly reads = new Map<AccountClient, OperationReads>()
  /** The span its requests to providers belong to; tracing alone knows what it is. */
  readonly trace: unknown
  /** Null where its transport cannot stream. */
  subscription: SubscriptionSlot | null = null
  /** Its execution, once that has begun. */
  execution: Promise<ExecutionResult> | null = null
  /** Null until its answer is made, and for what is no GraphQL operation. */
  summary: OperationSummary | null = null

  constructor({ requestId, signal, endsAt = 0, demand = NO_DEMAND, journal = null, trace = null }: OperationOptions) {
    this.requestId = requestId
    this.signal = signal
    this.endsAt = endsAt
    this.demand = demand
    this.journal = journal
    this.trace = trace
  }

  /**
   * Lets go of what its answer was made of, once that is text: a client may take long to read it, and
   * what V8 still finds when it collects young objects it copies.
   */
  release(): void {
    for (const reads of this.reads.values()) reads.clear()
    this.reads.clear()
    this.lists.length = 0
    this.execution = null
  }
}
