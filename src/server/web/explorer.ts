import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Where the build puts GraphiQL: beside the compiled server. */
const BUILT_DIRECTORY = fileURLToPath(new URL('../../../dist/explorer', import.meta.url))
/** The build's name for its folder of scripts, styles and workers. */
const ASSETS = 'explorer'

/**
 * The page may load and call this host alone. Its editor writes style elements and carries fonts and images within its styles; scripts and workers are files of
 * the package, so nothing inline is needed.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** GraphiQL, ready to be served; null when the package was not built. */
export interface Explorer {
  register(app: FastifyInstance): void
  page(request: FastifyRequest, reply: FastifyReply): FastifyReply
}

export function openExplorer(directory = BUILT_DIRECTORY): Explorer | null {
  const assets = join(directory, ASSETS)
  if (!existsSync(assets)) return null
  const html = readFileSync(join(directory, 'index.html'), 'utf8')
  // Only names that were there at the start are served, so no name can lead out of the folder.
  const names = new Set(readdirSync(assets))
  return {
    register(app) {
      app.get<{ Params: { name: string } }>(`/${ASSETS}/:name`, (request, reply) => {
        const { name } = request.params
        if (!names.has(name)) return reply.callNotFound()
        return reply
          .type(TYPES[extname(name)] ?? 'application/octet-stream')
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('content-security-policy', CONTENT_SECURITY_POLICY)
          .send(createReadStream(join(assets, name)))
      })
    },
    page: (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', CONTENT_SECURITY_POLICY)
        .header('cross-origin-opener-policy', 'same-origin')
        .send(html),
  }
}

/** The kinds of file the build makes. Their names hold a hash of their content, so a browser may keep them for ever. */
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
}

/** Whether a person's browser asks, rather than a program. */
export const wantsPage = (request: FastifyRequest): boolean => /\btext\/html\b/.test(request.headers.accept ?? '')
