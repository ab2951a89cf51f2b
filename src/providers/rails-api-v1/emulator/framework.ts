import { createHash } from 'node:crypto'

import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'

export type RequestParameters = Readonly<Record<string, unknown>>

/**
 * An error without a controller: Rails responds with its public error page, or with JSON when that
 * is accepted.
 */
export class FrameworkError extends Error {
  constructor(readonly status: 400 | 404 | 500) {
    super(`framework error ${status}`)
    this.name = 'FrameworkError'
  }
}

/** A route that turns FrameworkErrors into responses. */
export function route(
  method: string,
  pattern: RegExp,
  handle: (request: EmulatedRequest, parameters: RequestParameters) => EmulatedResponse | Promise<EmulatedResponse>,
): Route {
  return {
    method,
    pattern,
    async handle(request) {
      try {
        return await handle(request, parametersOf(request))
      } catch (error) {
        if (error instanceof FrameworkError) return errorPage(request, error.status)
        throw error
      }
    },
  }
}

/**
 * Body and query merged, the query wins; JSON and forms, with `user[email]` as a nested object.
 *
 * @throws FrameworkError 400
 */
export function parametersOf(request: EmulatedRequest): RequestParameters {
  return { ...bodyParameters(request), ...nested(request.query) }
}

function bodyParameters(request: EmulatedRequest): RequestParameters {
  const type = mediaTypeOf(request)
  if (type === 'application/x-www-form-urlencoded') return nested(new URLSearchParams(request.body.toString('utf8')))
  if (type !== 'application/json' || request.body.length === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(request.body.toString('utf8'))
  } catch {
    throw new FrameworkError(400)
  }
  return isObject(value) ? value : { _json: value }
}

export const mediaTypeOf = (request: EmulatedRequest): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A parameter as text; null when absent or blank. */
export function textOf(parameters: RequestParameters, name: string): string | null {
  const value = parameters[name]
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return text.trim() === '' ? null : text
}

function nested(pairs: URLSearchParams): RequestParameters {
  const result: Record<string, unknown> = {}
  for (const [key, value] of pairs) {
    const [, outer, inner] = /^([^[]+)\[([^\]]+)\]$/.exec(key) ?? []
    if (outer === undefined || inner === undefined) result[key] = value
    else result[outer] = { ...(isObject(result[outer]) ? result[outer] : {}), [inner]: value }
  }
  return result
}

const reasons = { 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error' } as const
const pages: Partial<Record<number, string>> = {
  404: 'The page you were looking for does not exist.',
  500: 'We are sorry, but something went wrong.',
}

/** Rails' response without a controller. A missing error page is an empty body. */
export function errorPage(request: EmulatedRequest, status: 400 | 404 | 500): EmulatedResponse {
  if (wantsJson(request.headers['accept'] ?? '')) return json({ status, error: reasons[status] }, status)
  const text = pages[status]
  return html(text ? page(`${text} (${status})`, `<h1>${text}</h1>`) : '', status)
}

/** An Accept list with a wildcard is a browser's to Rails, and gets HTML. */
function wantsJson(accept: string): boolean {
  const first = accept.split(',')[0]?.split(';')[0]?.trim()
  return first === 'application/json' && !/,\s*\*\/\*|\*\/\*\s*,/.test(accept)
}

/** A 200 like Rack's: with a weak ETag, and 304 when the client has it. */
export function fresh(request: EmulatedRequest, body: unknown): EmulatedResponse {
  const etag = `W/"${createHash('md5').update(JSON.stringify(body)).digest('hex')}"`
  const headers = { etag, 'cache-control': 'max-age=0, private, must-revalidate' }
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim())
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (reads && (known.includes(etag) || known.includes('*'))) return { status: 304, headers }
  return json(body, 200, headers)
}

export const html = (body: string, status = 200, headers: EmulatedResponse['headers'] = {}): EmulatedResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body,
})

export const page = (title: string, content: string): string =>
  `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body>${content}</body>\n</html>\n`

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
