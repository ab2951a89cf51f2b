import type { HttpRequest } from './http.js'

/** Method, host and path. Never the query: it may carry a credential. */
export function describeRequest({ method, url }: HttpRequest): string {
  const { host, pathname } = new URL(url)
  return `${method} ${host}${pathname}`
}
