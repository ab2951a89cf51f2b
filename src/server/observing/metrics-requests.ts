import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

import type { ErrorCode } from '../../errors.js'
import { ErrorCode as publicCodes } from '../../model/error-code.js'
import { tally } from './metrics-tally.js'
import type { EndedRequest, RequestObserver } from './request-observation.js'

/** A GraphQL operation that is over, over whichever transport it came. */
export type EndedOperation = Pick<EndedRequest, 'status' | 'durationMs' | 'operation' | 'codes'>

export interface RequestMetrics {
  readonly request: RequestObserver
  /** Counts an operation that was no request of its own. */
  operation(ended: EndedOperation): void
}

/** Metrics of clients' requests: count, duration and errors. */
export function requestMetrics(registers: Registry[]): RequestMetrics {
  let active = 0
  new Gauge({
    name: 'dialgraph_requests_active',
    help: 'Requests of clients that are being answered.',
    registers,
    collect() {
      this.set(active)
    },
  })
  const requests = tally({
    name: 'dialgraph_requests_total',
    help: 'Requests of clients that are over, by route, method and HTTP status; 499 when the client had gone.',
    labelNames: ['route', 'method', 'status'],
    registers,
  })
  const operations = tally({
    name: 'dialgraph_operations_total',
    help: 'GraphQL operations that are over, by kind and by whether their answer held errors; `none` never became one.',
    labelNames: ['kind', 'status', 'errors'],
    registers,
  })
  const durations = new Histogram({
    name: 'dialgraph_operation_duration_seconds',
    help: 'How long GraphQL operations took, by kind.',
    labelNames: ['kind'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const errors = new Counter({
    name: 'dialgraph_errors_total',
    help: 'Answers that held errors of this code, each answer once.',
    labelNames: ['code'],
    registers,
  })
  const limited = new Counter({
    name: 'dialgraph_rate_limited_total',
    help: 'Requests of clients that were refused because there had been too many of them, by route.',
    labelNames: ['route'],
    registers,
  })

  function countErrors(route: string, codes: readonly string[]): void {
    for (const code of codes) errors.inc({ code: KNOWN.has(code) ? code : 'other' })
    if (codes.includes('RATE_LIMITED')) limited.inc({ route })
  }

  function countOperation({ status, durationMs, operation, codes }: EndedOperation): void {
    const kind = operation?.kind ?? 'none'
    operations(kind, status, codes.length > 0 ? 'some' : 'none')
    // A stream goes on for as long as its client likes.
    if (kind !== 'subscription') durations.observe({ kind }, durationMs / 1_000)
  }

  return {
    request() {
      active += 1
      return (ended) => {
        const { method, route, status, codes } = ended
        active -= 1
        requests(route, method, status)
        countErrors(route, codes)
        if (isGraphql(route, method)) countOperation(ended)
      }
    },
    operation(ended) {
      countErrors(GRAPHQL, ended.codes)
      countOperation(ended)
    },
  }
}

const GRAPHQL = '/graphql'

const isGraphql = (route: string, method: string): boolean =>
  route === GRAPHQL && (method === 'POST' || method === 'GET')

/** Error codes of Apollo Server, for requests that did not become an operation. */
const BEFORE_EXECUTION = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_HASH_MISMATCH',
]
const KNOWN: ReadonlySet<string> = new Set([...(Object.keys(publicCodes) as ErrorCode[]), ...BEFORE_EXECUTION])
