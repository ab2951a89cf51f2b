import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { acceptedEncodings, addVary } from './encodings.js'
import type { Routes } from './routes.js'

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply

/** A page as the build has made it: its assets as routes, and its HTML. */
export interface BuiltPage extends Routes {
  readonly page: Handler
  /** The same HTML, so many levels below the page's own path. */
  pageBelow(levels: number): Handler
}

export interface BuiltPageOptions {
  /** Where the build puts the page. */
  readonly directory: string
  /** The folder of its scripts, styles and workers, and the path that they are served at. */
  readonly assets: string
  /** What the page may load and do. */
  readonly contentSecurityPolicy: string
}

/** Null when the package was built without the page. */
export function openBuiltPage(options: BuiltPageOptions): BuiltPage | null {
  const { directory, assets, contentSecurityPolicy } = options
  const folder = join(directory, assets)
  if (!existsSync(folder)) return null
  const html = readFileSync(join(directory, 'index.html'), 'utf8')
  // Its links are relative, so that it works below any path that a proxy puts it at.
  const pageBelow = (levels: number): Handler => {
    const linked = html.replaceAll('"./', `"${'../'.repeat(levels) || './'}`)
    return (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', contentSecurityPolicy)
        .header('cross-origin-opener-policy', 'same-origin')
        .send(linked)
  }
  // Only names listed at the start are served: no path traversal is possible.
  const sizes = new Map(readdirSync(folder).map((file) => [file, statSync(join(folder, file)).size]))
  const encodingsOf = (name: string) => ENCODINGS.filter((encoding) => sizes.has(name + SUFFIXES[encoding]))
  return {
    register(app) {
      app.get<{ Params: { name: string } }>(`/${assets}/:name`, (request, reply) => {
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
          .header('content-security-policy', contentSecurityPolicy)
          .send(createReadStream(join(folder, file)))
      })
    },
    page: pageBelow(0),
    pageBelow,
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
