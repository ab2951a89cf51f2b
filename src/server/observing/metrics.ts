import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Registry } from 'prom-client'

import type { LoginEvent } from '../../auth/token-manager.js'
import type { TokenExchange } from '../../auth/token-telemetry.js'
import type { ObservedExchange } from '../../http/http.js'
import type { CacheFigures } from '../../http/account/reply-cache.js'
import type { Routes } from '../http-server.js'
import { cacheMetrics } from './metrics-cache.js'
import { providerMetrics, type Traffic } from './metrics-providers.js'
import { requestMetrics } from './metrics-requests.js'
import type { RequestObserver } from './request-observation.js'

export interface MetricsOptions {
  /** The accounts as they are now. */
  readonly traffic: () => readonly Traffic[]
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
export interface Metrics extends Routes {
  readonly request: RequestObserver
  exchange(exchange: ObservedExchange): void
  tokenExchange(exchange: TokenExchange): void
  login(event: LoginEvent): void
  /** A provider answered something that does not have its documented shape; `place` is a field of ours, not a value. */
  contractDrift(provider: string, place: string): void
  /** All of it, as Prometheus reads it. */
  text(): Promise<string>
}

export function createMetrics({ traffic, providerOf, cache, wholeProcess }: MetricsOptions): Metrics {
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
    ...providerMetrics(registers, traffic, providerOf),
    login: ({ flow, reason, outcome }) => logins.inc({ flow, reason, outcome }),
    text: () => registry.metrics(),
    register(app: FastifyInstance) {
      app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
    },
  }
}
