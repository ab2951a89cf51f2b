import { setTimeout as sleep } from 'node:timers/promises'

import type { FastifyInstance } from 'fastify'

import type { Routes } from './routes.js'

/** `GET /healthz` and `GET /readyz`, and the start of a shutdown. */
export interface Readiness extends Routes {
  readonly isDraining: boolean
  /**
   * Turns `/readyz` to 503. Resolves after `noticeMs`, in which a load balancer notices and stops
   * sending requests; at once when nothing has polled `/readyz` lately.
   */
  giveNotice(noticeMs: number): Promise<void>
}

/** Longer than the polling interval of any load balancer, ms. */
const POLLED_WITHIN_MS = 60_000

/** `assertReady` rejects when the server could not serve now. */
export function readiness(assertReady: () => Promise<void>): Readiness {
  let isDraining = false
  let polledAt = -Infinity
  return {
    get isDraining() {
      return isDraining
    },
    async giveNotice(noticeMs) {
      isDraining = true
      if (performance.now() - polledAt < POLLED_WITHIN_MS) await sleep(noticeMs)
    },
    register(app: FastifyInstance) {
      app.get('/healthz', async () => ({ status: 'ok' }))
      app.get('/readyz', async (_request, reply) => {
        polledAt = performance.now()
        if (isDraining) return reply.code(503).send({ status: 'draining' })
        const isReady = await assertReady().then(
          () => true,
          () => false,
        )
        return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' })
      })
    },
  }
}
