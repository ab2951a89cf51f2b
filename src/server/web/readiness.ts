import { setTimeout as sleep } from 'node:timers/promises'

import type { FastifyInstance } from 'fastify'

import type { Routes } from './routes.js'

/** `GET /healthz` and `GET /readyz`, and the beginning of the end. */
export interface Readiness extends Routes {
  readonly isDraining: boolean
  /**
   * Not ready from now on. Resolves when whoever asks for it has had the time to notice and sends no more requests; at once where
   * nobody has asked lately.
   */
  giveNotice(noticeMs: number): Promise<void>
}

/** Every proxy asks again within this time, ms. */
const LATELY_MS = 60_000

/** `assertReady` rejects when the server could not serve now. */
export function readiness(assertReady: () => Promise<void>): Readiness {
  let isDraining = false
  let askedAt = -Infinity
  return {
    get isDraining() {
      return isDraining
    },
    async giveNotice(noticeMs) {
      isDraining = true
      if (performance.now() - askedAt < LATELY_MS) await sleep(noticeMs)
    },
    register(app: FastifyInstance) {
      app.get('/healthz', async () => ({ status: 'ok' }))
      app.get('/readyz', async (_request, reply) => {
        askedAt = performance.now()
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
