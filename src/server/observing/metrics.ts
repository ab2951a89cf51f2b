import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Registry } from 'prom-client'

import type { LoginEvent } from '../../auth/login-event.js'
import type { CacheFigures } from '../../http/account/reply-cache.js'
import type { Routes } from '../web/routes.js'
import { cacheMetrics } from './metrics-cache.js'
import { providerMetrics, type MeasuredAccount, type ProviderMetrics } from './metrics-providers.js'
import { requestMetrics } from './metrics-requests.js'
import type { RequestObserver } from './request-observation.js'

export interface MetricsOptions {
  /** The accounts as they are now. */
  readonly accounts: () => readonly MeasuredAccount[]
  /** Slug of the provider a login belongs to, by the login's key; null when it is gone. */
  readonly providerOf: (loginKey: string) => string | null
  /** Absent where no answers are kept. */
  readonly cache?: () => CacheFigures
  /** Whether memory, handles and event loop of this process are told, too: they are the server's only where nothing else runs in it. */
  readonly wholeProcess: boolean
}

/**
 * What has been counted and measured since the start, at `GET /metrics` in Prometheus' text format. Every label has few values, known
 * beforehand: which account, caller or number it was stands nowhere here.
 */
export interface Metrics extends Routes, ProviderMetrics {
  readonly request: RequestObserver
  login(event: LoginEvent): void
  /** All of it, as Prometheus reads it. */
  text(): Promise<string>
}

export function createMetrics({ accounts, providerOf, cache, wholeProcess }: MetricsOptions): Metrics {
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
  return {
    request: requestMetrics(registers),
    ...providerMetrics(registers, accounts, providerOf),
    login: ({ flow, reason, outcome }) => logins.inc({ flow, reason, outcome }),
    text: () => registry.metrics(),
    register(app: FastifyInstance) {
      app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
    },
  }
}
