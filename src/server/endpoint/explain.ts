import type { ApolloServerPlugin } from '@apollo/server'

import type { ErrorSource } from '../../errors.js'
import type { PrefetchDecision } from '../../graphql/context.js'
import type { ReadJournal, ReadRecord } from '../../http/account/reading.js'
import type { Operation } from '../../operation.js'
import type { EndpointContext } from './graphql-endpoint.js'

/** What a context may hold besides, for those who explain. */
export interface ExplainedContext extends EndpointContext {
  /** Which collections were begun ahead of their fields, and why, or why not. */
  readonly prefetch?: readonly PrefetchDecision[]
}

/** `extensions.explain` of an answer whose request carried `X-Dialgraph-Explain: 1`. Times in milliseconds. */
export interface Explanation {
  readonly totals: {
    /** Requests that were sent to providers for this operation. */
    readonly requests: number
    /** Of these, those that asked once more. */
    readonly retries: number
    readonly tokenRequests: number
    readonly reads: number
    /** Reads that needed no request, by where their answer came from. */
    readonly cached: number
    readonly stale: number
    readonly shared: number
    /** Reads that asked, and were told that nothing had changed. */
    readonly revalidated: number
  }
  readonly phases: Phases
  readonly reads: readonly ExplainedRead[]
  readonly tokenRequests: readonly { readonly account: string; readonly provider: string; readonly requests: number }[]
  readonly prefetch: readonly PrefetchDecision[]
}

/** Null for a phase that was not needed: what was parsed and validated once is remembered. */
interface Phases {
  parseMs: number | null
  validateMs: number | null
  executeMs: number | null
  totalMs: number
}

interface ExplainedRead extends Omit<ReadRecord, 'source' | 'status'> {
  /** Global id. */
  readonly account: string
  readonly provider: string
  readonly retries: number
  /** `2xx`, `3xx`, …; null when there was no answer. */
  readonly status: string | null
}

/**
 * Tells, of an operation that asks for it, what it cost: each read and the requests it took, and the time of each phase. Also tells, of
 * every operation, which accounts could only give something stale. Without the header nothing is measured.
 */
export function explanations<Context extends ExplainedContext>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue: { operation } }) {
      const { journal } = operation
      const tellStaleness = { willSendResponse: async ({ response }: Responding) => noteStaleness(response, operation) }
      if (!journal) return tellStaleness
      const beganAt = performance.now()
      const phases: Phases = { parseMs: null, validateMs: null, executeMs: null, totalMs: 0 }
      const timed = (phase: 'parseMs' | 'validateMs' | 'executeMs') => {
        const phaseBeganAt = performance.now()
        return async () => void (phases[phase] = rounded(performance.now() - phaseBeganAt))
      }
      return {
        parsingDidStart: async () => timed('parseMs'),
        validationDidStart: async () => timed('validateMs'),
        executionDidStart: async () => ({ executionDidEnd: timed('executeMs') }),
        async willSendResponse({ response, contextValue: { prefetch = [] } }) {
          // What nobody waited for is told as well; it ends with the operation at the latest.
          await Promise.all(journal.pending)
          phases.totalMs = rounded(performance.now() - beganAt)
          noteStaleness(response, operation)
          note(response, { explain: explained(journal, phases, prefetch) })
        },
      }
    },
  }
}

interface Responding {
  readonly response: {
    readonly body:
      | { readonly kind: 'single'; readonly singleResult: { extensions?: Record<string, unknown> } }
      | { readonly kind: 'incremental' }
  }
}

/** `extensions.stale`: most fields have no place for it, and none of them may be old without saying so. */
function noteStaleness(response: Responding['response'], { stale }: Operation): void {
  if (!stale || stale.size === 0) return
  note(response, { stale: [...stale].map(([accountId, ageSeconds]) => ({ accountId, ageSeconds })) })
}

function note({ body }: Responding['response'], extensions: Record<string, unknown>): void {
  if (body.kind !== 'single') return
  body.singleResult.extensions = { ...body.singleResult.extensions, ...extensions }
}

function explained(journal: ReadJournal, phases: Phases, prefetch: readonly PrefetchDecision[]): Explanation {
  const reads = journal.reads.map(explainedRead)
  const tokenRequests = journal.tokenRequests.map(({ source, requests }) => ({ ...named(source), requests }))
  const from = (where: ReadRecord['from']) => reads.filter((read) => read.from === where).length
  return {
    totals: {
      requests: sum(reads.map(({ requests }) => requests)),
      retries: sum(reads.map(({ retries }) => retries)),
      tokenRequests: sum(tokenRequests.map(({ requests }) => requests)),
      reads: reads.length,
      cached: from('CACHE'),
      stale: from('STALE'),
      shared: from('OTHER_OPERATION'),
      revalidated: from('REVALIDATED'),
    },
    phases,
    reads,
    tokenRequests,
    prefetch,
  }
}

function explainedRead({ source, status, ...read }: ReadRecord): ExplainedRead {
  return {
    ...named(source),
    ...read,
    waitedMs: rounded(read.waitedMs),
    durationMs: rounded(read.durationMs),
    retries: Math.max(0, read.requests - 1),
    status: status === null ? null : `${Math.floor(status / 100)}xx`,
  }
}

const named = ({ accountId, provider }: ErrorSource) => ({ account: accountId, provider })
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const rounded = (milliseconds: number) => Math.round(milliseconds * 100) / 100
