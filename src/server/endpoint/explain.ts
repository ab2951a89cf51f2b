import type { ApolloServerPlugin } from '@apollo/server'

import type { ErrorSource } from '../../errors.js'
import type { Context, PrefetchDecision } from '../../graphql/context.js'
import type { ReadJournal, ReadRecord } from '../../http/account/reading.js'
import type { EndpointContext } from './endpoint-context.js'
import { addExtensions } from './response-extensions.js'

/** What a context holds for an operation that is explained. */
export interface ExplainedContext extends EndpointContext {
  /** Which lists were prefetched, and why, or why not. */
  readonly prefetch?: readonly PrefetchDecision[]
  readonly statisticsWork?: Context['statisticsWork']
}

/**
 * `extensions.explain` of a response to a request with `X-Dialgraph-Explain: 1`. Times in
 * milliseconds.
 */
export interface Explanation {
  readonly totals: {
    /** Requests sent to providers for this operation. */
    readonly requests: number
    /** Of these, those that repeated an earlier one. */
    readonly retries: number
    readonly tokenRequests: number
    readonly reads: number
    /** Reads that needed no request, by the source of their response. */
    readonly cached: number
    readonly stale: number
    readonly shared: number
    /** Conditional requests answered with 304. */
    readonly revalidated: number
  }
  readonly phases: Phases
  readonly reads: readonly ExplainedRead[]
  readonly tokenRequests: readonly { readonly account: string; readonly provider: string; readonly requests: number }[]
  readonly prefetch: readonly PrefetchDecision[]
  /** What statistics have read of archives; absent where there are none in the operation. */
  readonly statistics?: Context['statisticsWork']
}

/** Null for a phase that was skipped: parsed and validated documents are cached. */
export interface Phases {
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
  /** `2xx`, `3xx`, …; null without a response. */
  readonly status: string | null
}

/**
 * Adds `extensions.explain` where the request asks for it: each read with its requests, and the
 * time of each phase. Without the header nothing is measured.
 */
export function explainPlugin<Context extends ExplainedContext>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue: { operation } }) {
      const { journal } = operation
      if (!journal) return
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
        async willSendResponse({ response, contextValue: { prefetch = [], statisticsWork = [] } }) {
          // Includes reads that no field waited for; they end with the operation at the latest.
          await Promise.all(journal.pending)
          phases.totalMs = rounded(performance.now() - beganAt)
          const explain = explained(journal, phases, prefetch)
          addExtensions(response, {
            explain: statisticsWork.length > 0 ? { ...explain, statistics: statisticsWork } : explain,
          })
        },
      }
    },
  }
}

/** What a journal tells, once all it is about is over. */
export function explained(journal: ReadJournal, phases: Phases, prefetch: readonly PrefetchDecision[]): Explanation {
  const reads = journal.reads.map(explainedRead)
  const tokenRequests = journal.tokenRequests.map(({ source, requests }) => ({ ...accountOf(source), requests }))
  const countFrom = (origin: ReadRecord['from']) => reads.filter((read) => read.from === origin).length
  return {
    totals: {
      requests: sum(reads.map(({ requests }) => requests)),
      retries: sum(reads.map(({ retries }) => retries)),
      tokenRequests: sum(tokenRequests.map(({ requests }) => requests)),
      reads: reads.length,
      cached: countFrom('CACHE'),
      stale: countFrom('STALE'),
      shared: countFrom('OTHER_OPERATION'),
      revalidated: countFrom('REVALIDATED'),
    },
    phases,
    reads,
    tokenRequests,
    prefetch,
  }
}

function explainedRead({ source, status, ...read }: ReadRecord): ExplainedRead {
  return {
    ...accountOf(source),
    ...read,
    waitedMs: rounded(read.waitedMs),
    durationMs: rounded(read.durationMs),
    retries: Math.max(0, read.requests - 1),
    status: status === null ? null : `${Math.floor(status / 100)}xx`,
  }
}

const accountOf = ({ accountId, provider }: ErrorSource) => ({ account: accountId, provider })
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const rounded = (milliseconds: number) => Math.round(milliseconds * 100) / 100
