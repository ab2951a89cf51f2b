import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Registry } from 'prom-client'

import type { LoginEvent } from '../../auth/login-event.js'
import type { CacheFigures } from '../../http/account/reply-cache.js'
import type { PollResult } from '../../live/poller.js'
import type { Routes } from '../web/routes.js'
import { archiveMetrics, type ArchiveMetrics, type ArchiveMetricsOptions } from './metrics-archive.js'
import { cacheMetrics } from './metrics-cache.js'
import { exportMetrics, type ExportMetrics } from './metrics-exports.js'
import { providerMetrics, type MeasuredAccount, type ProviderMetrics } from './metrics-providers.js'
import { requestMetrics, type RequestMetrics } from './metrics-requests.js'
import { subscriptionMetrics, type SubscriptionMetrics } from './metrics-subscriptions.js'

export interface MetricsOptions {
  /** The accounts at the time of a scrape. */
  readonly accounts: () => readonly MeasuredAccount[]
  /** Provider slug by login key; null for an account that is gone. */
  readonly providerOf: (loginKey: string) => string | null
  /** Absent without a response cache. */
  readonly cache?: () => CacheFigures
  /** Absent: how late archives are is not shown. */
  readonly archives?: ArchiveMetricsOptions
  /**
   * Adds metrics of the process: memory, handles, event loop. For a process that runs nothing else.
   */
  readonly wholeProcess: boolean
}

/**
 * Metrics since the start, at `GET /metrics` in Prometheus' text format. Every label has few
 * values: no account, caller or phone number is among them.
 */
export interface Metrics extends Routes, ProviderMetrics, RequestMetrics, ArchiveMetrics, ExportMetrics {
  readonly subscriptions: SubscriptionMetrics
  login(event: LoginEvent): void
  /** Counts what a provider delivered. */
  webhookDelivery(provider: string, result: string): void
  /** Counts a look at the calls under way in an account. */
  livePoll(provider: string, result: PollResult): void
  /** Counts what became of a change at a provider: DONE, REFUSED or UNKNOWN. */
  providerChange(provider: string, operation: string, outcome: string): void
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>
}

export function createMetrics({ accounts, providerOf, cache, archives, wholeProcess }: MetricsOptions): Metrics {
  const registers = [new Registry()]
  const registry = registers[0]!
  if (wholeProcess) collectDefaultMetrics({ register: registry })
  if (cache) cacheMetrics(registers, cache)
  const logins = new Counter({
    name: 'dialgraph_login_events_total',
    help: 'Refreshes, logins, ends of logins and races, by what became of them.',
    labelNames: ['flow', 'reason', 'outcome'],
    registers,
  })
  const deliveries = new Counter({
    name: 'dialgraph_webhook_deliveries_total',
    help: 'Deliveries of providers to the right address, by what became of them: accepted, duplicate, refused or unknown.',
    labelNames: ['provider', 'result'],
    registers,
  })
  const polls = new Counter({
    name: 'dialgraph_live_polls_total',
    help: 'Looks at the calls under way, by what became of them: listed, partial (calls were left out) or failed.',
    labelNames: ['provider', 'result'],
    registers,
  })
  const changes = new Counter({
    name: 'dialgraph_provider_changes_total',
    help: 'Changes that were sent to providers, by mutation and what became of them: DONE, REFUSED or UNKNOWN.',
    labelNames: ['provider', 'operation', 'outcome'],
    registers,
  })
  return {
    ...requestMetrics(registers),
    subscriptions: subscriptionMetrics(registers),
    ...providerMetrics(registers, accounts, providerOf),
    ...archiveMetrics(registers, archives),
    ...exportMetrics(registers),
    login: ({ flow, reason, outcome }) => logins.inc({ flow, reason, outcome }),
    webhookDelivery: (provider, result) => deliveries.inc({ provider, result }),
    livePoll: (provider, result) => polls.inc({ provider, result }),
    providerChange: (provider, operation, outcome) => changes.inc({ provider, operation, outcome }),
    text: () => registry.metrics(),
    register(app: FastifyInstance) {
      app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
    },
  }
}
