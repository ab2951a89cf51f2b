import type { FastifyInstance } from 'fastify'

import type { LoginEvent } from '../auth/token-manager.js'
import type { Routes } from './http-server.js'

/** How logins have been going since the start, counted. */
export interface LoginMetrics extends Routes {
  count(event: LoginEvent): void
}

const NAME = 'dialgraph_login_events_total'

/**
 * `GET /metrics`: what became of logins, by flow, reason and outcome, in Prometheus' text format. Which account it was stands in the log,
 * and nowhere else.
 */
export function loginMetrics(): LoginMetrics {
  const counts = new Map<string, number>()
  return {
    count({ flow, reason, outcome }) {
      const labels = `flow="${flow}",reason="${reason}",outcome="${outcome}"`
      counts.set(labels, (counts.get(labels) ?? 0) + 1)
    },
    register(app: FastifyInstance) {
      app.get('/metrics', (_request, reply) =>
        reply
          .type('text/plain; version=0.0.4; charset=utf-8')
          .send(
            [
              `# HELP ${NAME} Refreshes, logins, ends of logins and races, by what became of them.`,
              `# TYPE ${NAME} counter`,
              ...[...counts].sort().map(([labels, count]) => `${NAME}{${labels}} ${count}`),
              '',
            ].join('\n'),
          ),
      )
    },
  }
}
