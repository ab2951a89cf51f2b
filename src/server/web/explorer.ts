import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { acceptedEncodings, addVary } from './encodings.js'
import type { Routes } from './routes.js'

/** Where the build puts GraphiQL. */
const BUILT_DIRECTORY = fileURLToPath(new URL('../../../dist/explorer', import.meta.url))
/** The build's folder of scripts, styles and workers. */
const ASSETS = 'explorer'

/**
 * The page may load from and connect to this host only. Its editor needs inline styles with
 * embedded fonts and images; scripts and workers are files, so no inline script is allowed.
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

/** GraphiQL: its assets as routes, and its page. */
export interface Explorer extends Routes {
  page(request: FastifyRequest, reply: FastifyReply): FastifyReply
}

/** Null when the package was built without GraphiQL. */
export function openExplorer(directory = BUILT_DIRECTORY): Explorer | null {
  const assets = join(directory, ASSETS)
  if (!existsSync(assets)) return null
  const html = readFileSync(join(directory, 'index.html'), 'utf8')
  // Only names listed at the start are served: no path traversal is possible.
  const sizes = new Map(readdirSync(assets).map((file) => [file, statSync(join(assets, file)).size]))
  const encodingsOf = (name: string) => ENCODINGS.filter((encoding) => sizes.has(name + SUFFIXES[encoding]))
  return {
    register(app) {
      app.get<{ Params: { name: string } }>(`/${ASSETS}/:name`, (request, reply) => {
        const { name } = request.params
        if (!sizes.has(name) || ENCODED.test(name)) return reply.callNotFound()
        addVary(reply, 'Accept-Encoding')
        const [best = 'identity'] = acceptedEncodings(request, encodingsOf(name))
        const file = name + SUFFIXES[best]
        if (best !== 'identity') void reply.header('content-encoding', best)
        return reply
          .type(TYPES[extname(name)] ?? 'application/octet-stream')
          .header('content-length', sizes.get(file))
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('content-security-policy', CONTENT_SECURITY_POLICY)
          .send(createReadStream(join(assets, file)))
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

/** Made by the build beside each file, see `compressed-files.js`. */
const ENCODINGS = ['br', 'gzip'] as const
const SUFFIXES = { br: '.br', gzip: '.gz', identity: '' } as const
const ENCODED = /\.(?:br|gz)$/

/** Media types of the build's files. Their names contain a content hash, hence `immutable`. */
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
}

/** Whether a browser asks for a page, as opposed to a GraphQL client. */
export const wantsPage = (request: FastifyRequest): boolean => /\btext\/html\b/.test(request.headers.accept ?? '')
