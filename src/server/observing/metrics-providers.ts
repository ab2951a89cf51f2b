import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

import type { TokenRequestRecord } from '../../auth/token-telemetry.js'
import type { ClientHealth } from '../../http/account/account-client.js'
import type { ObservedExchange } from '../../http/observed-exchange.js'
import { tally } from './metrics-tally.js'

/** One account, as its metrics are read. */
export interface MeasuredAccount {
  readonly provider: { readonly slug: string }
  clientHealth(): Pick<ClientHealth, 'circuit' | 'underWay' | 'waiting'>
}

/** What is counted of requests to providers. */
export interface ProviderMetrics {
  exchange(exchange: ObservedExchange): void
  tokenRequest(record: TokenRequestRecord): void
  /**
   * Counts a response that differs from the documentation; `place` is a field's name, never a
   * value.
   */
  contractDrift(provider: string, place: string): void
}

/** From a fast local response to the deadline of a request. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8]
const CIRCUITS = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const
/** Less is not queueing but the time it takes to send. */
const WAITED_MS = 1
/** Bound on the values of the label `place`; further ones are counted as `other`. */
const MAXIMUM_PLACES = 500

/** Metrics of requests to providers, and of the state of each account. */
export function providerMetrics(
  registers: Registry[],
  accounts: () => readonly MeasuredAccount[],
  providerOf: (loginKey: string) => string | null,
): ProviderMetrics {
  const requests = tally({
    name: 'dialgraph_provider_requests_total',
    help: 'Requests to providers, by provider and by status or what went wrong on the wire.',
    labelNames: ['provider', 'outcome'],
    registers,
  })
  const durations = new Histogram({
    name: 'dialgraph_provider_request_duration_seconds',
    help: 'How long providers took to answer, by provider and by status or what went wrong on the wire.',
    labelNames: ['provider', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const waits = new Histogram({
    name: 'dialgraph_provider_request_wait_seconds',
    help: 'How long those requests to providers waited that had to wait for their turn.',
    labelNames: ['provider'],
    buckets: SECONDS,
    registers,
  })
  const tokenRequests = new Histogram({
    name: 'dialgraph_token_request_duration_seconds',
    help: 'How long token endpoints took to answer, by provider, flow, and status or what went wrong on the wire.',
    labelNames: ['provider', 'flow', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const clocks = new Gauge({
    name: 'dialgraph_clock_ahead_seconds',
    help: 'By how much the clock of this process was ahead of that of a token endpoint when it was last asked, by provider.',
    labelNames: ['provider'],
    registers,
  })
  const drift = new Counter({
    name: 'dialgraph_contract_drift_total',
    help: 'Values of providers that were not as documented, by provider and place.',
    labelNames: ['provider', 'place'],
    registers,
  })
  const places = new Set<string>()
  watchAccounts(registers, accounts)

  return {
    exchange({ source: { provider }, operation: { signal }, status, failure, waitedMs, durationMs }) {
      const outcome = outcomeOf({ status, failure, isOver: signal.aborted })
      requests(provider, outcome)
      durations.observe({ provider, outcome }, durationMs / 1_000)
      if (waitedMs >= WAITED_MS) waits.observe({ provider }, waitedMs / 1_000)
    },
    tokenRequest({ key, flow, status, failure, durationMs, aheadSeconds }) {
      const provider = providerOf(key) ?? 'unknown'
      tokenRequests.observe({ provider, flow, outcome: outcomeOf({ status, failure }) }, durationMs / 1_000)
      if (aheadSeconds !== null) clocks.set({ provider }, aheadSeconds)
    },
    contractDrift(provider, place) {
      if (places.size < MAXIMUM_PLACES) places.add(place)
      drift.inc({ provider, place: places.has(place) ? place : 'other' })
    },
  }
}

/** Read when Prometheus scrapes. */
function watchAccounts(registers: Registry[], accounts: () => readonly MeasuredAccount[]): void {
  new Gauge({
    name: 'dialgraph_circuits',
    help: 'Accounts by the state of their circuit breaker; those whose is OPEN are left alone for a while.',
    labelNames: ['provider', 'state'],
    registers,
    collect() {
      this.reset()
      for (const { provider, clientHealth } of accounts()) {
        const { circuit } = clientHealth()
        for (const state of CIRCUITS) this.inc({ provider: provider.slug, state }, state === circuit ? 1 : 0)
      }
    },
  })
  new Gauge({
    name: 'dialgraph_provider_requests_pending',
    help: 'Requests to providers that are under way, and those that wait for their turn.',
    labelNames: ['provider', 'state'],
    registers,
    collect() {
      this.reset()
      for (const { provider, clientHealth } of accounts()) {
        const { underWay, waiting } = clientHealth()
        this.inc({ provider: provider.slug, state: 'under way' }, underWay)
        this.inc({ provider: provider.slug, state: 'waiting' }, waiting)
      }
    },
  })
}

/** Statuses that get a label of their own. */
const SEPARATE_STATUSES: ReadonlySet<number> = new Set([401, 403, 404, 429])

/**
 * Class of the status, or code of the network failure; `abandoned` when the operation ended before
 * the response.
 */
function outcomeOf({
  status,
  failure,
  isOver = false,
}: Pick<TokenRequestRecord, 'status' | 'failure'> & { readonly isOver?: boolean }): string {
  if (status === null) return isOver ? 'abandoned' : (failure ?? 'INTERNAL_SERVER_ERROR')
  return SEPARATE_STATUSES.has(status) ? String(status) : `${Math.floor(status / 100)}xx`
}
