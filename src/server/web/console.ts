import { fileURLToPath } from 'node:url'

import type { FastifyRequest } from 'fastify'

import { openBuiltPage } from './built-page.js'
import type { Routes } from './routes.js'

/** Where the build puts the console. */
const BUILT_DIRECTORY = fileURLToPath(new URL('../../../dist/console', import.meta.url))

/**
 * Everything is a file of this host: no inline script, no inline style. Recordings are played from
 * this host, and a file of calls or a picture of figures is made in the page.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The console for people, below `/console`; null when the package was built without it. */
export function openConsole(directory = BUILT_DIRECTORY): Routes | null {
  const built = openBuiltPage({ directory, assets: 'console/assets', contentSecurityPolicy: CONTENT_SECURITY_POLICY })
  if (!built) return null
  return {
    register(app) {
      built.register(app)
      app.get('/console', built.page)
      // The views have addresses of their own, and are all the same page.
      app.get('/console/:view(^[a-z]+$)', built.pageBelow(1))
      // What stands behind a view's address is nothing, and the page says so; a stroke alone is a slip.
      app.get('/console/:view(^[a-z]+$)/:nothing', built.pageBelow(2))
      app.get('/console/', (request, reply) => reply.redirect(`../console${queryOf(request)}`, 308))
      app.get<{ Params: { view: string } }>('/console/:view(^[a-z]+$)/', (request, reply) =>
        reply.redirect(`../${request.params.view}${queryOf(request)}`, 308),
      )
    },
  }
}

/** With its question mark; empty where there is none. */
const queryOf = ({ url }: FastifyRequest): string => /\?.*$/s.exec(url)?.[0] ?? ''
