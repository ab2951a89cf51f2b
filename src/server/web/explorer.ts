import { fileURLToPath } from 'node:url'

import type { FastifyRequest } from 'fastify'

import { openBuiltPage, type BuiltPage } from './built-page.js'

/** Where the build puts GraphiQL. */
const BUILT_DIRECTORY = fileURLToPath(new URL('../../../dist/explorer', import.meta.url))

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

/** GraphiQL; null when the package was built without it. */
export const openExplorer = (directory = BUILT_DIRECTORY): BuiltPage | null =>
  openBuiltPage({ directory, assets: 'explorer', contentSecurityPolicy: CONTENT_SECURITY_POLICY })

/** Whether a browser asks for a page, as opposed to a GraphQL client. */
export const wantsPage = (request: FastifyRequest): boolean => /\btext\/html\b/.test(request.headers.accept ?? '')
